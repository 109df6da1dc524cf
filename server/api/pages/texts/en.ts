import type { PageTexts } from './pageTexts.ts';

/** English texts of what the server writes and both sides say alike. */
export const en: PageTexts = {
  average: {
    '1h': 'mean of the last 60 minutes',
    '24h': 'mean of the last 24 hours',
    latest: 'snapshot (5 seconds)',
  },
  state: {
    ok: 'valid',
    sparse: 'too few readings',
    doubtful: 'doubtful',
    stale: 'out of date',
    none: 'no value',
  },
  onlyParticulates: 'Particulates only. This network does not measure ozone, nitrogen dioxide or pollen.',
  indicative: 'Citizen measurement, not an official value',
  ago(seconds) {
    if (seconds < 60) return 'less than a minute ago';
    if (seconds < 3_600) return seconds < 120 ? 'a minute ago' : `${Math.floor(seconds / 60)} minutes ago`;
    if (seconds < 172_800) return seconds < 7_200 ? 'an hour ago' : `${Math.floor(seconds / 3_600)} hours ago`;
    return `${Math.floor(seconds / 86_400)} days ago`;
  },
  valueSentence: ({ quantity, average, value }) => `${quantity}, ${average}: ${value}.`,
  coverageSentence: ({ count, expected, percent }) => `Based on ${count} of ${expected} expected readings (${percent}).`,
  stateSentence: {
    ok: '',
    sparse: 'Fewer than 75 % of the expected readings are there: the value is only a hint.',
    doubtful: 'The last reading is marked as doubtful.',
    stale: 'No reading for more than 10 minutes: the value no longer describes the air of now.',
    none: 'There is no value for this period.',
  },
  lastSeen: (ago) => `Last reading ${ago}`,
  neverSeen: 'No reading yet',
  station: 'Station',
  map: 'Map',
  footer: {
    about: 'About',
    imprint: 'Imprint',
    privacy: 'Privacy',
    accessibility: 'Accessibility',
    'leichte-sprache': 'Easy German',
  },
  footerLabel: 'Legal and information',
  skipToContent: 'Skip to content',
  otherLanguage: 'Deutsch',
  otherLanguageLabel: 'Auf Deutsch umschalten',
  theme: 'Appearance',
  mapTitle: (name) => `${name}: particulates now, on the map`,
  mapDescription: (name) =>
    `Particulate matter from citizens' sensors, updated live: ${name}. Mean of the last 60 minutes, with age and coverage of every value.`,
  mapHeading: 'Particulates now',
  stationTitle: (station, name) => `${station} – ${name}`,
  stationDescription: (station) => `Particulate matter at station ${station}: current mean, course and data coverage.`,
  hoursHeading: 'The last 24 hours',
  hoursCaption: (quantity, zone) => `Hourly means of ${quantity} in µg/m³, by the start of the hour, time zone ${zone}`,
  hour: 'Hour from',
  mean: 'Mean',
  minimum: 'Lowest',
  maximum: 'Highest value',
  readings: 'Readings',
  noHours: 'There are no readings in the last 24 hours.',
  chartSummary: ({ quantity, min, max, last, from, to }) =>
    `${quantity} from ${from} to ${to}: hourly means between ${min} and ${max}, most recently ${last}.`,
  sensors: 'Sensors',
  licence: 'Licence of the readings',
  position: 'Place rounded to about 100 m',
  download: 'Download readings (CSV)',
  showOnMap: 'Show on the map',
  excluded: (reason) => `Left out of figures: ${reason}`,
  notFoundTitle: 'Page not found',
  notFoundText: 'There is nothing at this address. It may have been copied wrongly.',
  stationNotFoundTitle: 'Station not found',
  stationNotFoundText: 'There is no public station at this address. It may have been removed or hidden.',
  toMap: 'To the map',
  needsScript:
    'The map needs JavaScript. The pages of single stations can be read without it, and all readings are in the API.',
  demo: 'Replay',
};

import type { OfficialSpan } from '../../../domain/correction/referenceMeans.ts';
import { between } from '../../../domain/textSpan.ts';
import type { PageTexts } from './pageTexts.ts';

const USUAL = {
  below: 'Less than usual at this time.',
  within: 'As usual at this time.',
  above: 'More than usual at this time.',
  unsaid: 'Usually at this time:',
};

/** Over what official values are means; nothing before the first. */
function officialMeans(spans: readonly OfficialSpan[]): string {
  if (spans.length === 2) return ', hourly and daily means';
  return spans[0] === undefined ? '' : `, ${spans[0] === '1h' ? 'hourly means' : 'daily means'}`;
}

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
  coverageSentence: ({ count, expected, percent }) =>
    `Based on ${count} of ${expected} expected readings (${percent}).`,
  stateSentence: {
    ok: '',
    sparse: 'Fewer than 75 % of the expected readings are there: the value is only a hint.',
    doubtful: 'The last reading is marked as doubtful.',
    stale: 'No reading for more than 10 minutes: the value no longer describes the air of now.',
    none: 'There is no value for this period.',
  },
  lastReadingIs: (objection) => `The last reading is ${objection}.`,
  lastSeen: (ago) => `Last reading ${ago}`,
  neverSeen: (quantity) => `${quantity}: no reading in the last 24 hours`,
  station: 'Station',
  footer: {
    about: 'About',
    imprint: 'Imprint',
    privacy: 'Privacy',
    accessibility: 'Accessibility',
    'leichte-sprache': 'Easy German',
  },
  footerLabel: 'Legal and information',
  pages: { map: 'Map', areas: 'Areas', report: 'Report', host: 'Take part', methods: 'Methods' },
  pagesLabel: 'Pages',
  menu: 'Menu',
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
  historyOf: { '24h': 'The last 24 hours', '7d': 'The last 7 days' },
  hoursCaption: (quantity, zone) => `Hourly means of ${quantity} in µg/m³, by the start of the hour, time zone ${zone}`,
  hour: 'Hour from',
  mean: 'Mean',
  minimum: 'Lowest',
  maximum: 'Highest value',
  readings: 'Readings',
  noHours: {
    '24h': 'There are no readings in the last 24 hours.',
    '7d': 'There are no readings in the last 7 days.',
  },
  noValidHours: {
    '24h': 'No full hour of the last 24 hours has enough readings for a mean.',
    '7d': 'No full hour of the last 7 days has enough readings for a mean.',
  },
  hoursUnavailable: 'The history cannot be reached at the moment.',
  chartSummary: ({ quantity, span, last, from, to }) =>
    `${quantity} from ${from} to ${to}: hourly means ${between(span)}, most recently ${last}.`,
  hostTitle: (name) => `Take part – ${name}`,
  hostDescription: (name) => `Register, connect and look after a particulate sensor at ${name}.`,
  hostHeading: 'Take part',
  hostNeedsScript: 'Registering needs JavaScript here. Without it, use the API or ask the operator.',
  adminTitle: (name) => `Operation – ${name}`,
  adminHeading: 'Operation',
  adminNeedsScript: 'This page needs JavaScript. Without it everything can be done with npx buergerluft.',
  noticeLabel: 'Note from the operator',
  noticeSpan: ({ from, to }) => (from === to ? from : `${from} to ${to}`),
  position: 'Place rounded, to about 100 m or coarser',
  download: 'Download readings (CSV)',
  dailyMeans: 'Daily means and values to compare with',
  report: 'Report to cite',
  showOnMap: 'Show on the map',
  creditAll: 'Readings from',
  creditSome: 'Readings in part from',
  creditHistory: 'Part of the history is from',
  excluded: ({ reason, since }) =>
    `Left out of figures${since === undefined ? '' : ` since ${since}`}: ${reason}. Its readings stay readable here, but count in no figure over several stations.`,
  notFoundTitle: 'Page not found',
  notFoundText: 'There is nothing at this address. It may have been copied wrongly.',
  stationNotFoundTitle: 'Station not found',
  stationNotFoundText: 'There is no public station at this address. It may have been removed or hidden.',
  toMap: 'To the map',
  noStations: 'No station has joined here yet.',
  alertHere: 'Alert for this area',
  noContact: '(no contact address set yet)',
  needsScript: 'The map needs JavaScript. Without it there are:',
  withoutScript: {
    stations: 'the values of now, and from there the page of each station',
    areas: 'their medians of the last 24 hours',
  },
  demoLooped: (time) => `The recording began again at ${time}.`,
  demoCredit: (credit, licence) => `Source: ${credit}. Licence: ${licence}.`,
  demo: 'Demonstration with old measurements, not current values.',
  officialHour: 'last published hourly mean',
  referenceType: {
    background: 'background',
    traffic: 'traffic',
    industrial: 'industrial',
    unknown: 'type not known',
  },
  official: (network, spans) =>
    `Official measurement${officialMeans(spans)}. Source: ${network}. Values of the last weeks are often provisional.`,
  kind: { citizen: 'Citizen station', reference: 'Official station' },
  indoor: 'Indoors',
  heightClass: {
    ground: 'at ground level',
    'below-4m': 'below 4 m',
    '4-to-10m': '4 to 10 m',
    'above-10m': 'above 10 m',
  },
  siting: {
    street: 'street',
    courtyard: 'courtyard',
    garden: 'garden',
    'stove-nearby': 'stove nearby',
    'industry-nearby': 'industry nearby',
    other: 'other',
  },
  fact: {
    area: 'Area',
    kind: 'Kind',
    network: 'Network',
    sensors: 'Sensors',
    height: 'Height',
    siting: 'Surroundings',
    coverage: 'Coverage, 24 hours',
    source: 'Origin',
    licence: 'Licence of the readings',
    place: 'Place',
    neighbours: 'Stations nearby',
  },
  source: {
    direct: 'directly from the station',
    import: 'imported',
    mirror: 'mirrored from Sensor.Community',
    demo: 'replay of a recording',
  },
  neighbours: ({ count, radius, median }) => `Median of ${count} stations within ${radius}: ${median}.`,
  agreement: ({ isAgreeing, stations, hour }) =>
    isAgreeing
      ? `Hourly mean from ${hour} like the neighbours’ (${stations} stations compared). Agreement does not mean that all are right.`
      : `Hourly mean from ${hour} unlike the neighbours’ (${stations} stations compared). That may be a source very near, or the sensor.`,
  networkDeviates: (bias) =>
    `All sensors around here together differ from the official station: by ${bias} in the mean of the last 24 hours.`,
  agreementMonth: ({ isAgreeing, isAlone, correlation, hours }) =>
    `Ups and downs of the last 30 days ${isAgreeing ? 'like' : 'unlike'} the neighbours’ (correlation ${correlation} over ${hours} hours).${isAgreeing && isAlone ? ' Agreement does not mean that all are right.' : ''}`,
  usual: ({ standing, span, median, days, hour }) =>
    `${USUAL[standing ?? 'unsaid']} ${standing ? 'On' : 'on'} ${days === 7 ? 'the last 7 days' : `${days} of the last 7 days`} the hour from ${hour} was ${between(span)}${span.isOne ? '' : `, median ${median}`}.`,
  humid: (percent) =>
    `Humidity ${percent}: from 75 % sensors of this kind often show more particulates than there are.`,
  veryHumid: (percent) =>
    `Humidity ${percent}: from 85 % sensors of this kind count droplets of water too. The value is probably too high.`,
  details: 'About the station',
  history: 'History',
  historyTable: { '24h': 'Values of the last 24 hours as a table', '7d': 'Values of the last 7 days as a table' },
  pm10Note: 'Most sensors (SDS011, PMS) extrapolate PM10 from smaller particles. Read it with more caution than PM2.5.',
  quantityLabel: 'Particulates',
  averageLabel: 'Period',
  averageShort: { '1h': '60 minutes', '24h': '24 hours', latest: 'Snapshot' },
  snapshots: 'Snapshots',
  snapshotsNote: 'Raw single readings, uncorrected. Particulates over 5 seconds.',
  markedPeriod: ({ from, to, what }) => `${from} to ${to}: ${what} (said by its host)`,
  correction: {
    raw: 'raw value, as the sensor reports it',
    adjusted: 'adjusted to the nearest reference station (hourly ratio)',
    means: ({ hours, raw, mean }) =>
      `${hours === 1 ? 'In the one adjusted hour' : `Over the ${hours} adjusted hours`} on average: raw ${raw}, adjusted ${mean}.`,
    share: (percent) =>
      `Share of the adjusted value that stems from others: ${percent}. Others are the reference station and sensors of the same model near it.`,
    methods: 'How is it adjusted?',
    rawColumn: 'Mean, raw',
    column: 'Adjusted',
    tooltip: (value) => `adjusted ${value}`,
  },
};

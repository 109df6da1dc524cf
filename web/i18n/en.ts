import { en as pageTexts } from '../../server/api/pages/texts/en.ts';
import type { TextSpan } from '../../server/domain/textSpan.ts';
import type { Messages } from './messages.ts';

/** English. */
export const en: Messages = {
  ...pageTexts,
  layerSentence: ({ average, quantity }) => `${quantity}, ${average}, from at least 75 % of the expected readings.`,
  latestSentence: (quantity) => `${quantity} snapshot: the last single reading over 5 seconds, not a mean.`,
  hourFrom: (time) => `hourly mean from ${time}`,
  hourSentence: ({ quantity, day, from, to }) =>
    `${quantity}, hourly mean from ${from} to ${to}, ${day}, from at least 75 % of the expected readings.`,
  hourLabel: 'Back in time',
  hourNow: 'now',
  hourLast: 'the last full hour',
  mapHeadingPast: 'Particulates, a past hour',
  clockHour: 'full hour',
  hourToNow: 'Now',
  hourChosen: ({ day, from, to }) => `${day}, ${from} to ${to}`,
  scaleLabel: 'Classes',
  scaleShort: { neutral: 'µg/m³', 'lqi-2025': 'LQI class', 'eaqi-2024': 'EAQI class' },
  expertSwitch: 'Offer snapshot values',
  latestNote: 'Snapshots vary a lot; the mean gives a better impression of the air.',
  scaleNeedsHour: 'Classes exist for hourly means only.',
  changeLayer: 'Choice and legend',
  hideLayer: 'Close choice',
  viewLabel: 'View',
  views: { map: 'Map', table: 'Table' },
  legend: 'Legend',
  lqiNote:
    'Classes of the last full hourly mean by the clock, from particulates only. The official index judges gases too.',
  symbols: 'How to read the map',
  symbol: {
    ring: 'The ring runs down with age: full = just measured, empty = 10 minutes ago',
    sparse: 'Too few readings for a mean',
    doubtful: 'Doubtful reading',
    stale: 'Out of date: no reading for more than 10 minutes',
    none: 'No value',
    reference: 'Official station',
    indoor: 'Indoors',
    hexagon: 'Hexagon: median of several stations, their number below',
  },
  noHealthAdvice: 'Single sensors can be wrong. Several stations together tell more.',
  summary: ({ valid, invalid, median }) =>
    `Median of ${valid} stations in view: ${median}. Without a valid value: ${invalid}.`,
  summaryFew: ({ stations, valid }) => `Stations in view: ${stations}, with a valid value: ${valid}. A median needs 3.`,
  summaryNone: 'No station in view.',
  mapLabel: 'Map of stations',
  mapHelp:
    'Arrow keys: from station to station. Enter: open the station. Plus and minus: zoom. Shift and arrow keys: move the map. The view “Table” has the same content.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  backdropCredit: 'Backdrop: Natural Earth',
  hexagon: ({ median, count }) => `Area with ${count} stations, median ${median}`,
  hexagonFew: (count) =>
    count === 0
      ? 'Area without a valid value'
      : `Area with ${count === 1 ? 'one valid value' : `${count} valid values`}`,
  noStationThere: 'There is no station in this direction.',
  connection: { connecting: 'Connecting …', live: 'Live' },
  lostSince: (time) => `Disconnected since ${time}`,
  pausedSince: (time) => `Paused at ${time}`,
  pause: 'Pause live updates',
  resume: 'Resume live updates',
  storedState: ({ time, ago }) => `No connection. Shown is the state of ${time} (${ago}).`,
  keptState: ({ layer, time }) =>
    `The server cannot be reached at the moment. Still shown: ${layer}, as of ${time}. Still trying.`,
  loadingMap: 'Loading readings …',
  loadFailed: 'The readings cannot be reached at the moment. Still trying.',
  noStations: 'No station has joined here yet.',
  joinLink: 'Take part',
  search: { stations: 'Find a station', areas: 'Find a station or area', places: 'Find a station or place' },
  searchResults: (count) => (count === 1 ? 'One result' : `${count} results`),
  searchNothing: {
    stations: (text) => `No station is called “${text}”.`,
    areas: (text) => `No station or area is called “${text}”.`,
    places: (text) => `No station or place is called “${text}”.`,
  },
  searchArea: 'Area',
  searchAreaPage: (name) => `To the page of ${name}`,
  placeKind: { place: 'Place', postcode: 'Postcode', street: 'Street', other: 'Other' },
  nearMe: 'Near me',
  nearMeStation: ({ distance, station }) => `Nearest valid value, ${distance} km away: ${station}.`,
  nearMeNone: (km) => `There is no valid value within ${km} km at the moment.`,
  nearMeNeedsHttps: '“Near me” is missing because browsers give the position over HTTPS only.',
  nearMeRefused: 'The browser did not release the position.',
  nearMeUnavailable: 'The position cannot be found at the moment.',
  close: 'Close',
  expand: 'Open fully',
  collapse: 'Make smaller',
  fullPage: 'Page of the station',
  share: 'Share link',
  shared: 'Link copied',
  shareFailed: 'Copying failed. The link is in the address bar.',
  stationUnknown: 'This station is not (or no longer) here.',
  loadingStation: 'Loading station …',
  loadingHistory: 'Loading chart …',
  stationFailed: 'The history cannot be reached at the moment.',
  retry: 'Try again',
  period: { '24h': '24 hours', '7d': '7 days' },
  historySummary: {
    '24h': ({ quantity, span, maxAt, last }) =>
      `${quantity} in the last 24 hours: quarter-hour means ${course(span, maxAt)}, most recently ${last}.`,
    '7d': ({ quantity, span, maxAt, last }) =>
      `${quantity} in the last 7 days: hourly means ${course(span, maxAt)}, most recently ${last}.`,
  },
  historyGaps: {
    '24h': (hours) => `${hours === 1 ? 'One hour' : `${hours} hours`} of it without a valid reading.`,
    '7d': (hours) => `${hours === 1 ? 'One hour' : `${hours} hours`} of it without a valid mean.`,
  },
  secondFigure: ({ all, without }) =>
    without === undefined
      ? `Mean of this course: ${all}. Without the marked periods no value is left.`
      : `Mean of this course: ${all}. Second figure, without the marked periods: ${without}.`,
  historyEmpty: {
    '24h': 'There are no valid readings in this period.',
    '7d': 'No hour of this period has a valid mean.',
  },
  historyCaption: {
    '24h': (quantity) => `Quarter-hour means of ${quantity}, newest first`,
    '7d': (quantity) => `Hourly means of ${quantity}, newest first`,
  },
  start: 'From',
  tooltip: ({ value, count }) => `${value} from ${count}`,
  tableCaption: ({ layer, at }) => `${layer} State of ${at}.`,
  column: {
    name: 'Station',
    value: 'Value',
    class: 'Class',
    coverage: 'Coverage',
    age: 'Last reading',
    state: 'State',
    kind: 'Kind',
  },
  filter: 'Filter by name',
  onlyInView: 'Only stations in the map view',
  rowsShown: ({ shown, total }) => `${shown} of ${total} ${total === '1' ? 'station' : 'stations'}`,
  moreRows: 'Show more stations',
  noRows: 'No station matches the filter.',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
};

/** A course that never moves has no highest point. */
function course({ least, most, isOne }: TextSpan, maxAt: string): string {
  return isOne ? `${most} throughout` : `from ${least} to ${most} (highest ${maxAt})`;
}

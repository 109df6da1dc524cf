import type { PageTexts } from '../../server/api/pages/texts/pageTexts.ts';
import type { Language } from '../../server/domain/names.ts';
import type { TextSpan } from '../../server/domain/textSpan.ts';
import type { MapScale } from '../state/urlState.ts';
import { de } from './de.ts';
import { en } from './en.ts';

/** What the search on the map finds: stations alone, districts too, or places of every kind. */
export type SearchScope = 'stations' | 'areas' | 'places';

/** Texts of the browser's views. Numbers, times and names come in formatted. */
export interface ViewTexts {
  // Choice of the layer
  layerSentence(parts: { average: string; quantity: string }): string;
  latestSentence(quantity: string): string;
  scaleLabel: string;
  /** In place of an age, for a past hour. */
  hourFrom(time: string): string;
  hourSentence(parts: Record<'quantity' | 'day' | 'from' | 'to', string>): string;
  hourLabel: string;
  hourNow: string;
  /** The present where classes are shown. */
  hourLast: string;
  mapHeadingPast: string;
  clockHour: string;
  hourToNow: string;
  hourChosen(parts: Record<'day' | 'from' | 'to', string>): string;
  scaleShort: Record<MapScale, string>;
  expertSwitch: string;
  latestNote: string;
  scaleNeedsHour: string;
  changeLayer: string;
  hideLayer: string;
  viewLabel: string;
  views: Record<'map' | 'table', string>;
  // Legend
  legend: string;
  lqiNote: string;
  symbols: string;
  symbol: Record<'ring' | 'sparse' | 'doubtful' | 'stale' | 'none' | 'reference' | 'indoor' | 'hexagon', string>;
  noHealthAdvice: string;
  // What is in view
  summary(parts: { valid: string; invalid: string; median: string }): string;
  summaryFew(parts: { stations: string; valid: string }): string;
  summaryNone: string;
  // Map
  mapLabel: string;
  mapHelp: string;
  zoomIn: string;
  zoomOut: string;
  backdropCredit: string;
  hexagon(parts: { median: string; count: number }): string;
  hexagonFew(count: number): string;
  noStationThere: string;
  // Connection
  connection: Record<'connecting' | 'live', string>;
  lostSince(time: string): string;
  pausedSince(time: string): string;
  pause: string;
  resume: string;
  /** Another layer was asked for and cannot be had: which one stays. */
  keptState(parts: { layer: string; time: string }): string;
  storedState(parts: { time: string; ago: string }): string;
  loadingMap: string;
  loadFailed: string;
  noStations: string;
  /** Link to the page where hosts join. */
  joinLink: string;
  // Search
  /** By what is found beside stations: districts, or with the operator's file of places any place. */
  search: Record<SearchScope, string>;
  searchResults(count: number): string;
  searchNothing: Record<SearchScope, (text: string) => string>;
  /** Beside the name of a district that was found. */
  searchArea: string;
  /** Link to the page of a district that was found. */
  searchAreaPage(name: string): string;
  placeKind: Record<'place' | 'postcode' | 'street' | 'other', string>;
  nearMe: string;
  /** The valid value nearest to the reader: how far, km, and the station in words. */
  nearMeStation(parts: { distance: string; station: string }): string;
  nearMeNone(km: string): string;
  nearMeNeedsHttps: string;
  nearMeRefused: string;
  nearMeUnavailable: string;
  // Sheet
  close: string;
  expand: string;
  collapse: string;
  fullPage: string;
  share: string;
  shared: string;
  shareFailed: string;
  stationUnknown: string;
  loadingStation: string;
  loadingHistory: string;
  stationFailed: string;
  retry: string;
  // History
  period: Record<'24h' | '7d', string>;
  historySummary: Record<
    '24h' | '7d',
    (parts: Record<'quantity' | 'maxAt' | 'last', string> & { span: TextSpan }) => string
  >;
  /** Of a day the hours without any valid reading, of a week those without a valid mean. */
  historyGaps: Record<'24h' | '7d', (hours: number) => string>;
  secondFigure(parts: { all: string; without: string | undefined }): string;
  historyEmpty: Record<'24h' | '7d', string>;
  historyCaption: Record<'24h' | '7d', (quantity: string) => string>;
  start: string;
  tooltip(parts: { value: string; count: string }): string;
  // Table
  tableCaption(parts: { layer: string; at: string }): string;
  column: Record<'name' | 'value' | 'class' | 'coverage' | 'age' | 'state' | 'kind', string>;
  filter: string;
  onlyInView: string;
  rowsShown(parts: { shown: string; total: string }): string;
  moreRows: string;
  noRows: string;
  // Appearance
  themes: Record<'system' | 'light' | 'dark', string>;
}

/** Everything the browser says. */
export type Messages = PageTexts & ViewTexts;

/** The dictionary of a language. */
export function messagesOf(language: Language): Messages {
  return { de, en }[language];
}

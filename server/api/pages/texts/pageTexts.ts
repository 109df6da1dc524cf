import type { Average } from '../../../domain/aggregate.ts';
import type { OfficialSpan } from '../../../domain/correction/referenceMeans.ts';
import type { HeightClass, ReferenceType, Siting, Station } from '../../../domain/station.ts';
import type { TextSpan } from '../../../domain/textSpan.ts';
import type { UsualStanding } from '../station/figures.ts';
import type { ValueState } from '../station/valueState.ts';

/** Pages the operator edits, with their place in every footer. */
export const TEXT_PAGES = ['about', 'imprint', 'privacy', 'accessibility', 'leichte-sprache'] as const;
/** One of `TEXT_PAGES`. */
export type TextPage = (typeof TEXT_PAGES)[number];

/** The main pages. */
export type SitePage = 'map' | 'areas' | 'report' | 'host' | 'methods';

/** This hour on other days, formatted. */
export interface UsualParts {
  standing?: UsualStanding;
  span: TextSpan;
  median: string;
  days: number;
  hour: string;
}

/** Texts of the server's pages; the browser's dictionary contains them too. Numbers come in formatted. */
export interface PageTexts {
  average: Record<Average, string>;
  state: Record<ValueState, string>;
  onlyParticulates: string;
  indicative: string;
  ago(seconds: number): string;
  coverageSentence(parts: { count: string; expected: string; percent: string }): string;
  /** Empty for `ok`. */
  stateSentence: Record<ValueState, string>;
  lastReadingIs(objection: string): string;
  lastSeen(ago: string): string;
  /** Of a station silent for longer than the day that is kept in memory, or for ever. */
  /** No reading of the quantity. */
  neverSeen(quantity: string): string;
  station: string;
  footer: Record<TextPage, string>;
  footerLabel: string;
  /** Names of the main pages, in the header and the footer. */
  pages: Record<SitePage, string>;
  pagesLabel: string;
  /** Link to them where the header has no room. */
  menu: string;
  skipToContent: string;
  /** Name of the other language, in that language. */
  otherLanguage: string;
  otherLanguageLabel: string;
  theme: string;
  mapTitle(name: string): string;
  mapDescription(name: string): string;
  mapHeading: string;
  stationTitle(station: string, name: string): string;
  stationDescription(station: string): string;
  historyOf: Record<'24h' | '7d', string>;
  hoursCaption(quantity: string, zone: string): string;
  hour: string;
  mean: string;
  minimum: string;
  maximum: string;
  readings: string;
  noHours: Record<'24h' | '7d', string>;
  /** There are readings, but too few in each hour, or the first hour has not ended. */
  noValidHours: Record<'24h' | '7d', string>;
  hoursUnavailable: string;
  chartSummary(parts: Record<'quantity' | 'last' | 'from' | 'to', string> & { span: TextSpan }): string;
  hostTitle(name: string): string;
  hostDescription(name: string): string;
  hostHeading: string;
  hostNeedsScript: string;
  adminTitle(name: string): string;
  adminHeading: string;
  adminNeedsScript: string;
  /** What stands before a dated notice of the operator. */
  noticeLabel: string;
  noticeSpan(parts: { from: string; to: string }): string;
  position: string;
  download: string;
  /** Link to a report about the station or area. */
  /** To the daily means of one station and values to compare them with. */
  dailyMeans: string;
  report: string;
  showOnMap: string;
  excluded(parts: { reason: string; since?: string | undefined }): string;
  /** Before the name of sensor.community: readings that all came from there, or a history that did in part. */
  creditAll: string;
  /** The same on pages that show many stations. */
  creditSome: string;
  creditHistory: string;
  notFoundTitle: string;
  notFoundText: string;
  stationNotFoundTitle: string;
  stationNotFoundText: string;
  toMap: string;
  /** Where stations are chosen while there is none. */
  noStations: string;
  alertHere: string;
  noContact: string;
  needsScript: string;
  /** What the lists have that stand in for the map. */
  withoutScript: Record<'stations' | 'areas', string>;
  demo: string;
  demoLooped(time: string): string;
  demoCredit(credit: string, licence: string): string;
  kind: Record<'citizen' | 'reference', string>;
  /** In place of a sliding mean at an official station. */
  officialHour: string;
  referenceType: Record<ReferenceType, string>;
  /** In place of `indicative` at an official station. */
  /** `spans`: over what its values are means. */
  official(network: string, spans: readonly OfficialSpan[]): string;
  indoor: string;
  heightClass: Record<HeightClass, string>;
  siting: Record<Siting, string>;
  fact: Record<
    | 'area'
    | 'kind'
    | 'network'
    | 'sensors'
    | 'height'
    | 'siting'
    | 'coverage'
    | 'source'
    | 'licence'
    | 'place'
    | 'neighbours',
    string
  >;
  source: Record<Station['source'], string>;
  neighbours(parts: { count: number; radius: string; median: string }): string;
  /** The last closed hour among the neighbours; agreement is not correctness. */
  agreement(parts: { isAgreeing: boolean; stations: number; hour: string }): string;
  /** The whole neighbourhood differs from the official station; `bias` signed, with its unit. */
  networkDeviates(bias: string): string;
  /** The last 30 days among the neighbours; alone, it says itself what agreement is not. */
  agreementMonth(parts: { isAgreeing: boolean; isAlone: boolean; correlation: string; hours: string }): string;
  /** `standing` is missing where no valid mean of the last 60 minutes is shown. */
  usual(parts: UsualParts): string;
  humid(percent: string): string;
  veryHumid(percent: string): string;
  details: string;
  history: string;
  historyTable: Record<'24h' | '7d', string>;
  pm10Note: string;
  quantityLabel: string;
  averageLabel: string;
  averageShort: Record<'1h' | '24h' | 'latest', string>;
  snapshots: string;
  snapshotsNote: string;
  markedPeriod(parts: { from: string; to: string; what: string }): string;
  /** The course as measured beside the one adjusted to a reference station. */
  correction: {
    raw: string;
    adjusted: string;
    means(parts: { hours: number; raw: string; mean: string }): string;
    share(percent: string): string;
    methods: string;
    rawColumn: string;
    column: string;
    tooltip(value: string): string;
  };
}

import { correctionById } from '../../domain/correction/correction.ts';
import { officialSpanOf } from '../../domain/correction/referenceMeans.ts';
import { UNCERTAINTY_VERSION } from '../../domain/correction/uncertainty.ts';
import { creditedLicence } from '../../domain/credit.ts';
import { UNITS } from '../../domain/quantity.ts';
import type { Station } from '../../domain/station.ts';
import { type Annotation, annotationsIn, marksIn } from '../../domain/stationHistory.ts';
import type { RawValue } from '../../store/readingStore.ts';
import { csvNote } from '../http/csvFile.ts';
import type { SeriesRequest } from './seriesQuery.ts';
import {
  annotationsAt,
  hasUncertainty,
  meanWords,
  type RawContext,
  rawWords,
  roundedShare,
  type SeriesMean,
} from './seriesViews.ts';

/** What the head of a file says. */
export interface CsvHead {
  station: Pick<Station, 'id' | 'name' | 'licence' | 'source' | 'externalIds' | 'reference' | 'marks'>;
  sensor: string;
  request: SeriesRequest;
  /** IANA zone that `day=local` means. */
  timeZone: string;
  /** ISO 8601; where single readings that the file would be made of are gone. */
  prunedBefore?: string;
}

/** Columns of means, in order; a new one goes to the end, for those who read them by their place. Undefined is an empty cell. */
const MEAN_COLUMNS: Readonly<Record<string, (mean: SeriesMean, marked: readonly Annotation[]) => unknown>> = {
  start: ({ start }) => isoTime(start),
  mean: ({ mean }) => mean,
  min: ({ min }) => min,
  max: ({ max }) => max,
  median: ({ median }) => median,
  count: ({ count }) => count,
  expected: ({ expected }) => expected,
  coverage: ({ coverage }) => roundedShare(coverage),
  flags: (mean, marked) => meanWords(mean, marked).join(' '),
  revision: ({ revision = 1 }) => revision,
  annotations: (_mean, marked) => kindsOf(marked),
  uncertainty: ({ uncertainty }) => uncertainty,
  raw: ({ raw }) => raw,
  uncertaintyFrom: ({ uncertaintyFrom }) => uncertaintyFrom,
};
const MEAN_CELLS = Object.values(MEAN_COLUMNS);
const RAW_COLUMNS = ['measuredAt', 'value', 'flags', 'annotations'];

/** Comment lines, then the line of column names. A file that travels alone must say what it is. */
export function csvHead({ station, sensor, request, timeZone, prunedBefore }: CsvHead): string {
  const { quantity, window, method, day, without } = request;
  const isRaw = window === 'raw';
  const lines = [
    whoMeasured(station),
    `Station: ${station.name} (${station.id})`,
    `Quantity: ${quantity}; unit: ${UNITS[quantity]}; sensor: ${sensor}`,
    isRaw
      ? rawLine(sensor)
      : `Means of ${window} windows; method: ${correctionName(method)}${hasUncertainty(request) ? `, ${UNCERTAINTY_VERSION}` : ''}; days: ${day === 'local' ? timeZone : `UTC${day}`}`,
    `Times: ISO 8601 UTC${isRaw ? '' : ', start of the half-open window; weeks begin on Monday'}`,
    ...(isRaw ? [] : coverageLines(sensor)),
    without === undefined
      ? 'annotations: what the owner of the station marked; such values count all the same.'
      : 'WITHOUT the periods the owner of the station marked: an hour they touch counts as not measured.',
    ...marksIn(station.marks, { start: request.from, end: request.to }).map(
      ({ kind, at }) => `Change in the series: ${isoTime(at)} ${kind}`,
    ),
    ...(prunedBefore === undefined ? [] : [`Single readings before ${prunedBefore} were removed by the operator.`]),
    `Licence: ${creditedLicence(station)}`,
  ];
  return `${lines.map(csvNote).join('')}${(isRaw ? RAW_COLUMNS : Object.keys(MEAN_COLUMNS)).join(',')}\n`;
}

/** With its version, which says how the values came about. */
function correctionName(method: SeriesRequest['method']): string {
  return method === 'raw' ? method : `${method} (${correctionById(method)!.version})`;
}

function whoMeasured({ reference }: CsvHead['station']): string {
  if (reference === undefined) {
    return 'Bürgermessung, kein amtlicher Messwert. / Citizen measurement, not an official value.';
  }
  return `Amtliche Messung, Messnetz ${reference.network}. / Official measurement, network ${reference.network}.`;
}

/** What single values are. */
function rawLine(sensor: string): string {
  const span = officialSpanOf(sensor);
  return span === undefined
    ? 'Single readings as received; out-of-range, saturated and stuck ones are left out of means.'
    : `${span === '1h' ? 'Hourly' : 'Daily'} means as their network published them, by their start.`;
}

/** What a window needs; published days are taken as they are. */
function coverageLines(sensor: string): readonly string[] {
  return officialSpanOf(sensor) === '24h' ? PUBLISHED_DAYS_LINES : COVERAGE_LINES;
}

const PUBLISHED_DAYS_LINES = [
  'Days are the daily means that the network published; longer windows need 75 % of their days; mean is empty without them.',
];

const COVERAGE_LINES = [
  'coverage: share of the expected readings. An hour counts with 75 % and one reading in each third,',
  'a day with 18 valid hours, longer windows with 75 % of their days; mean is empty where they do not.',
];

/** One line a mean. */
export function csvMeans(means: readonly SeriesMean[], annotations: readonly Annotation[] = []): string {
  return means
    .map((mean) => {
      const marked = annotationsIn(annotations, mean);
      return `${MEAN_CELLS.map((cell) => cell(mean, marked) ?? '').join(',')}\n`;
    })
    .join('');
}

/** One line a value. */
export function csvValues(
  values: readonly RawValue[],
  quantity: SeriesRequest['quantity'],
  context: RawContext = {},
): string {
  return values
    .map((value) => {
      const kinds = kindsOf(annotationsAt(context.annotations ?? [], value.measuredAt));
      return `${isoTime(value.measuredAt)},${value.value},${rawWords(value, quantity, context).join(' ')},${kinds}\n`;
    })
    .join('');
}

/** Kinds, each once. */
function kindsOf(annotations: readonly Annotation[]): string {
  return [...new Set(annotations.map(({ kind }) => kind))].join(' ');
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

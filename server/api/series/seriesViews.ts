import { z } from 'zod';
import { flagsOf } from '../../domain/assessment/flag.ts';
import { type RawPoint, type Series, type SeriesPoint, WINDOWS } from '../../domain/contract.ts';
import { CORRECTION_IDS, correctionById } from '../../domain/correction/correction.ts';
import {
  UNCERTAINTY_ORIGINS,
  UNCERTAINTY_VERSION,
  type UncertaintyOrigin,
} from '../../domain/correction/uncertainty.ts';
import type { ClockMean } from '../../domain/means/clockMean.ts';
import { QUANTITIES, type Quantity, UNITS } from '../../domain/quantity.ts';
import type { Station } from '../../domain/station.ts';
import { type Annotation, annotationsIn, MARKS, type MarkKind, marksIn } from '../../domain/stationHistory.ts';
import type { RawValue } from '../../store/readingStore.ts';
import { jsonAnswer, type OpenApiPaths, pathParameter, problems, queryParameter } from '../http/openApiTypes.ts';
import { annotationSchema, annotationView } from '../stations/annotations.ts';
import type { SeriesRequest } from './seriesQuery.ts';

const flags = z.array(z.string());
const number = z.number().nullable();

const seriesPointSchema = z.object({
  start: z.iso.datetime(),
  mean: number.describe('null where the readings do not bear out a mean'),
  min: number.describe('Smallest single reading'),
  max: number.describe('Largest single reading'),
  median: number.describe('Of what the mean is made of: readings, valid hours, or valid days'),
  count: z.int().describe('Valid readings'),
  expected: z.int().describe('Readings there should be at the cadence of the time'),
  coverage: z.number().min(0).max(1),
  flags: flags.describe(
    'open: not ended; below-coverage; cadence-too-slow: fewer than one reading in 20 minutes; not-corrected: measured, but the correction asked for cannot be made; annotated',
  ),
  revision: z.int().describe('1, and one more whenever late readings or other rules change what the point says'),
  uncertainty: z.number().optional().describe('Expanded (95 %), µg/m³; PM2.5 and PM10 only'),
  uncertaintyFrom: z
    .enum(UNCERTAINTY_ORIGINS)
    .optional()
    .describe(
      'What made it: the directive’s figure for indicative measurements or a comparison with a station, and humid air',
    ),
  shares: z.record(z.string(), z.number()).optional().describe('Share of the readings with each flag'),
  cadenceMs: z.number().optional(),
  raw: number.optional().describe('With a correction: the mean as measured'),
  shareFromOthers: z.number().optional().describe('With a correction: share that stems from other stations'),
  parts: z
    .object({ valid: z.int(), of: z.int() })
    .optional()
    .describe('Valid hours of a day, valid days of a longer window'),
});
const rawPointSchema = z.object({ measuredAt: z.iso.datetime(), value: z.number(), flags });

const markKinds = Object.keys(MARKS) as [MarkKind, ...MarkKind[]];
/** A change in the series. */
export const seriesMarkSchema = z.object({ kind: z.enum(markKinds), at: z.iso.datetime() });

/** `Series`. */
export const seriesSchema = z.object({
  stationId: z.string(),
  quantity: z.enum(QUANTITIES),
  sensor: z.string(),
  unit: z.string(),
  window: z.enum(WINDOWS),
  method: z.string(),
  methodVersion: z.string().optional().describe('Of the correction, where the means are corrected; see /methods'),
  uncertaintyMethod: z.string().optional().describe('Of the means of PM2.5 and PM10; see /methods'),
  day: z.string(),
  without: z.literal('annotated').optional(),
  prunedBefore: z.iso
    .datetime()
    .optional()
    .describe('Single readings before it were removed by the operator; means of hours and longer stay'),
  isUpToDate: z.literal(false).optional().describe('There while means are being made anew: the points will change'),
  marks: z.array(seriesMarkSchema),
  annotations: z.array(annotationSchema),
  points: z.union([z.array(seriesPointSchema), z.array(rawPointSchema)]),
});

const time = z.iso.datetime({ offset: true });

/** What the series route says of itself. */
export const seriesPaths: OpenApiPaths = {
  '/api/v1/stations/{id}/series': {
    get: {
      operationId: 'getSeries',
      summary: 'Readings or means of one quantity of a station over time',
      description: [
        'Windows are half-open and labelled by their start; every window that overlaps from and to is given whole.',
        'An hour is valid with 75 % of the expected readings and one in each 20-minute third, a day with 75 % of its hours,',
        'weeks, months and years with 75 % of their days. Otherwise, and while a window is open, mean is null and flags say',
        'why. JSON holds at most 31 days of raw values; CSV any length.',
      ].join(' '),
      tags: ['Stations'],
      parameters: [
        pathParameter('id', 'Station id'),
        { ...queryParameter('quantity', 'What was measured', z.enum(QUANTITIES)), required: true },
        queryParameter(
          'sensor',
          'Instrument that measured the quantity here, e.g. sds011; without it the one that speaks for the station',
        ),
        queryParameter('from', 'ISO 8601; without it 24 hours before to', time),
        queryParameter('to', 'ISO 8601; without it now', time),
        queryParameter('window', 'Width of the means, or raw', z.enum(WINDOWS).default('1h')),
        queryParameter(
          'method',
          'Correction of hourly and longer means: raw, reference-ratio; for research, where made for the instrument, a formula of humidity. See /methods',
          z.enum(CORRECTION_IDS).default('raw'),
        ),
        queryParameter('day', 'Where days begin: an offset such as +01:00, or local for calendar days'),
        queryParameter(
          'without',
          'annotated: leaves the periods out that the owner marked; an hour they touch counts as not measured',
          z.literal('annotated'),
        ),
        queryParameter('format', 'json or csv', z.enum(['json', 'csv']).default('json')),
      ],
      responses: {
        200: {
          ...jsonAnswer('The series', seriesSchema),
          content: { ...jsonAnswer('', seriesSchema).content, 'text/csv': { schema: { type: 'string' } } },
        },
        ...problems(400, 404, 429, 503),
      },
    },
  },
};

/** What an answer is about. */
export interface SeriesAnswer {
  station: Pick<Station, 'id' | 'marks' | 'annotations'>;
  request: SeriesRequest;
  sensor: string;
}

/** The answer. */
export function seriesOf({ station, request, sensor }: SeriesAnswer, points: SeriesPoint[] | RawPoint[]): Series {
  const { quantity, window, method, day, without } = request;
  const asked = { start: request.from, end: request.to };
  return {
    stationId: station.id,
    quantity,
    sensor,
    unit: UNITS[quantity],
    window,
    method,
    ...(method !== 'raw' && { methodVersion: correctionById(method)!.version }),
    ...(hasUncertainty(request) && { uncertaintyMethod: UNCERTAINTY_VERSION }),
    day,
    ...(without && { without }),
    points,
    marks: marksIn(station.marks, asked).map(({ kind, at }) => ({ kind, at: new Date(at).toISOString() })),
    annotations: annotationsIn(station.annotations, asked).map(annotationView),
  };
}

/** True for answers whose points carry an uncertainty. */
export function hasUncertainty({ quantity, window }: Pick<SeriesRequest, 'quantity' | 'window'>): boolean {
  return window !== 'raw' && (quantity === 'pm25' || quantity === 'pm10');
}

/** A mean with what the series tells of it besides. */
export interface SeriesMean extends ClockMean {
  /** All readings, also those that count in no mean. */
  readings?: number;
  /** Words for what its readings carry. */
  words?: readonly string[];
  shares?: Readonly<Record<string, number>>;
  cadenceMs?: number;
  revision?: number;
  uncertainty?: number;
  uncertaintyFrom?: UncertaintyOrigin;
  raw?: number | null;
  shareFromOthers?: number;
}

/** Means as the API shows them. */
export function meanPoints(means: readonly SeriesMean[], annotations: readonly Annotation[] = []): SeriesPoint[] {
  return means.map((mean) => {
    const { start, end, mean: value, min, max, median, count, expected, coverage, parts } = mean;
    const point: SeriesPoint = {
      start: new Date(start).toISOString(),
      mean: value,
      min,
      max,
      median,
      count,
      expected,
      coverage: roundedShare(coverage),
      flags: meanWords(mean, annotationsIn(annotations, { start, end })),
      revision: mean.revision ?? 1,
    };
    if (parts !== undefined) point.parts = parts;
    if (mean.uncertainty !== undefined) point.uncertainty = mean.uncertainty;
    if (mean.uncertaintyFrom !== undefined) point.uncertaintyFrom = mean.uncertaintyFrom;
    if (mean.cadenceMs !== undefined) point.cadenceMs = mean.cadenceMs;
    if (mean.raw !== undefined) point.raw = mean.raw;
    if (mean.shareFromOthers !== undefined) point.shareFromOthers = roundedShare(mean.shareFromOthers);
    if (mean.shares !== undefined && Object.keys(mean.shares).length > 0) point.shares = roundedShares(mean.shares);
    return point;
  });
}

/** Why a mean is missing and what its readings carry, each word once. */
export function meanWords({ flags, words = [] }: SeriesMean, annotations: readonly Annotation[]): string[] {
  return [...new Set(withAnnotated([...flags, ...words], annotations))];
}

function roundedShares(shares: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([flag, share]) => [flag, Math.round(share * 10_000) / 10_000]));
}

/** What is known of raw values besides. */
export interface RawContext {
  annotations?: readonly Annotation[] | undefined;
  /** Derived flags by the time of the reading. */
  derived?: ReadonlyMap<number, readonly string[]>;
}

/** Raw values as the API shows them. */
export function rawPoints(values: readonly RawValue[], quantity: Quantity, context: RawContext = {}): RawPoint[] {
  return values.map((value) => ({
    measuredAt: new Date(value.measuredAt).toISOString(),
    value: value.value,
    flags: rawWords(value, quantity, context),
  }));
}

/** Every word on a raw value. */
export function rawWords(
  { measuredAt, flags }: RawValue,
  quantity: Quantity,
  { annotations = [], derived }: RawContext,
): string[] {
  const words = [...flagsOf(flags, quantity), ...(derived?.get(measuredAt) ?? [])];
  return withAnnotated(words, annotationsAt(annotations, measuredAt));
}

/** Annotations a moment lies in. */
export function annotationsAt(annotations: readonly Annotation[], at: number): Annotation[] {
  return annotations.length === 0 ? [] : annotationsIn(annotations, { start: at, end: at + 1 });
}

/** Flags with the one that says that the owner marked the period. */
function withAnnotated(flags: readonly string[], annotations: readonly Annotation[]): string[] {
  return annotations.length === 0 ? [...flags] : [...flags, 'annotated'];
}

/** Four digits, rounded down: 0.75 must not show where the rule saw less. */
export function roundedShare(share: number): number {
  return Math.floor(share * 10_000) / 10_000;
}

import type { CorrectedHour } from '../../server/api/pages/station/figures.ts';
import { RAW_FLAGS, type RawFlag } from '../../server/domain/assessment/flag.ts';
import type { RawPoint, Series, SeriesPoint } from '../../server/domain/contract.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';

export { type CorrectedHour, correctionSummary } from '../../server/api/pages/station/figures.ts';

/** Periods a chart shows. */
export const PERIODS = ['24h', '7d'] as const;
/** One of `PERIODS`. */
export type Period = (typeof PERIODS)[number];

/** Width of a chart's means, ms. */
export const STEP_MS: Readonly<Record<Period, number>> = { '24h': 900_000, '7d': HOUR_MS };
/** Length of a period, ms. */
export const PERIOD_MS: Readonly<Record<Period, number>> = { '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS };

/** One mean of a chart, `[start, start + step)`. */
export interface HistoryPoint {
  /** Epoch ms. */
  start: number;
  mean: number;
  count: number;
  expected: number;
  /** True when the owner marked some of the time. */
  isAnnotated?: boolean;
}

/** Points of a series that have a mean, in time order. */
export function pointsOf(series: Series): HistoryPoint[] {
  return (series.points as SeriesPoint[])
    .filter((point): point is SeriesPoint & { mean: number } => point.mean !== null)
    .map(({ start, mean, count, expected, flags }) => ({
      start: Date.parse(start),
      mean,
      count,
      expected,
      ...(flags.includes('annotated') && { isAnnotated: true }),
    }));
}

/** Hours of a corrected series that have both values, in time order; none where no correction could be made. */
export function correctedHoursOf(series: Series): CorrectedHour[] {
  return (series.points as SeriesPoint[]).flatMap(({ start, mean, raw }) =>
    mean === null || typeof raw !== 'number' ? [] : [{ start: Date.parse(start), mean, raw }],
  );
}

/** Single readings of the running quarter hour by their time: what makes a reading that comes twice count once. */
export type Tail = ReadonlyMap<number, number>;

/** Valid raw values by time. Values a flag makes invalid are left out of every mean. */
export function tailOf(points: readonly RawPoint[]): Map<number, number> {
  const valid = points.filter(({ flags }) => !flags.some(isInvalid));
  return new Map(valid.map(({ measuredAt, value }) => [Date.parse(measuredAt), value]));
}

/** True for a flag word that keeps a value out of means. */
export function isInvalid(flag: string): boolean {
  return RAW_FLAGS[flag as RawFlag]?.class === 'invalid';
}

/** The quarter-hour means with the single readings of `tail` put in place of the cells they lie in. */
export function withTail(points: readonly HistoryPoint[], tail: Tail): HistoryPoint[] {
  const step = STEP_MS['24h'];
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [at, value] of tail) {
    const start = Math.floor(at / step) * step;
    const cell = sums.get(start) ?? { sum: 0, count: 0 };
    sums.set(start, { sum: cell.sum + value, count: cell.count + 1 });
  }
  const expected = points[points.length - 1]?.expected ?? 0;
  const live = [...sums].map(([start, { sum, count }]) => ({ start, mean: sum / count, count, expected }));
  return [...points.filter(({ start }) => !sums.has(start)), ...live].sort((a, b) => a.start - b.start);
}

/** When the courses were loaded, and the time now; epoch ms. */
interface LiveSpan {
  loadedAt: number;
  now: number;
}

/** An hour that is over has a mean with at least this share of its readings, as those have that come from the server. */
const LEAST_COVERAGE = 0.75;

/**
 * Hourly means with those since the one of `loadedAt` computed from quarter-hour means: so the last hour grows, and has a mean
 * when it is over only where its readings bear one out. Hours begin where those at hand do.
 */
export function withLiveHours(
  hours: readonly HistoryPoint[],
  quarters: readonly HistoryPoint[],
  { loadedAt, now }: LiveSpan,
): HistoryPoint[] {
  const live = new Map<number, HistoryPoint>();
  const shift = (hours[0]?.start ?? 0) % HOUR_MS;
  const hourOf = (at: number) => Math.floor((at - shift) / HOUR_MS) * HOUR_MS + shift;
  for (const quarter of quarters) {
    const start = hourOf(quarter.start);
    if (start < hourOf(loadedAt)) continue;
    const hour: HistoryPoint = live.get(start) ?? { start, mean: 0, count: 0, expected: quarter.expected * 4 };
    const count = hour.count + quarter.count;
    if (quarter.isAnnotated) hour.isAnnotated = true;
    live.set(start, { ...hour, count, mean: (hour.mean * hour.count + quarter.mean * quarter.count) / count });
  }
  const isShown = ({ start, count, expected }: HistoryPoint) =>
    start + HOUR_MS > now || count >= LEAST_COVERAGE * expected;
  const known = hours.filter(({ start }) => !live.has(start));
  return [...known, ...[...live.values()].filter(isShown)].sort((a, b) => a.start - b.start);
}

/** What a chart shows, in numbers: for its sentence. */
export interface HistorySummary {
  min: number;
  max: number;
  maxAt: number;
  last: number;
  /** Whole hours inside the period without a point: of quarter-hours those without a valid reading, of hours those without a valid mean. */
  emptyHours: number;
}

/**
 * The mean of the points with and without those the owner marked: the second figure is undefined when none is left.
 * Undefined when nothing is marked.
 */
export function secondFigure(
  points: readonly HistoryPoint[],
): { all: number; without: number | undefined } | undefined {
  const unmarked = points.filter(({ isAnnotated }) => !isAnnotated);
  if (unmarked.length === points.length) return undefined;
  return { all: meanOf(points), without: unmarked.length === 0 ? undefined : meanOf(unmarked) };
}

function meanOf(points: readonly HistoryPoint[]): number {
  return points.reduce((sum, { mean }) => sum + mean, 0) / points.length;
}

/**
 * Summary of the points of a period ending at `now`; undefined without points. An hour that has not ended has no mean to speak
 * of yet: it grows in the chart, and is in no sentence.
 */
export function summarise(all: readonly HistoryPoint[], period: Period, now: number): HistorySummary | undefined {
  const points = period === '7d' ? all.filter(({ start }) => start + HOUR_MS <= now) : all;
  const [first] = points;
  const last = points[points.length - 1];
  if (!first || !last) return undefined;
  let [low, high] = [first, first];
  for (const point of points) {
    if (point.mean < low.mean) low = point;
    if (point.mean > high.mean) high = point;
  }
  const covered = new Set(points.map(({ start }) => Math.floor(start / HOUR_MS)));
  const hours = PERIOD_MS[period] / HOUR_MS;
  const lastHour = Math.floor(now / HOUR_MS) - 1;
  let emptyHours = 0;
  for (let hour = lastHour; hour > lastHour - hours + 1; hour--) if (!covered.has(hour)) emptyHours += 1;
  return { min: low.mean, max: high.mean, maxAt: high.start, last: last.mean, emptyHours };
}

/** Points with `null` where one or more steps are missing, so that a line breaks at a gap. */
export function withGaps(
  points: readonly Pick<HistoryPoint, 'start' | 'mean'>[],
  stepMs: number,
): { x: number; y: number | null }[] {
  const result: { x: number; y: number | null }[] = [];
  points.forEach(({ start, mean }, i) => {
    const previous = points[i - 1];
    if (previous && start - previous.start > stepMs * 1.5) result.push({ x: previous.start + stepMs, y: null });
    result.push({ x: start + stepMs / 2, y: mean });
  });
  return result;
}

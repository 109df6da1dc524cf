import { isOfficialSensor, OFFICIAL_SENSORS } from '../../domain/correction/referenceMeans.ts';
import { DAY_MS, HOUR_MS } from '../../domain/durations.ts';
import { cadencesAt } from '../../domain/means/cadence.ts';
import { calendarWindows, hourShiftMs, type TimeWindow } from '../../domain/means/calendarWindows.ts';
import { type ClockMean, composedMean, hourMean, officialHourMean, shortMean } from '../../domain/means/clockMean.ts';
import { uncertaintyOf } from '../../rollups/rowUncertainty.ts';
import type { HourBucketsQuery, HourInterval } from '../../store/readingStore.ts';
import { alignDown, fixedRange, type MeansRequest, type MeansSources, type MeansStore } from './meansRequest.ts';
import { publishedMeans } from './publishedMeans.ts';
import { rowMeans } from './rowMeans.ts';
import type { SeriesMean } from './seriesViews.ts';
import { asStuck, type StuckWindow, stuckWindows } from './stuckWindows.ts';

/** Where a day begins for the cadence's "day before", ms east of UTC: one rule, whatever days the request asks for. */
const CADENCE_DAY_OFFSET_MS = HOUR_MS;

/** A whole number of every short window, ms; hours come as rows. */
const PIECE_MS = 7 * DAY_MS;
const HOURS_PIECE_MS = 92 * DAY_MS;

/** Windows shorter than a day, ms. */
const WIDTH = { '5m': 300_000, '15m': 900_000, '1h': HOUR_MS } as const;

/**
 * The means of all windows that overlap the request, whole, in order, empty ones included: a gap must be seen. Windows
 * that have not begun and those before the station's first value are left out.
 */
export async function meansOf(sources: MeansSources, request: MeansRequest): Promise<SeriesMean[]> {
  const means = await allMeans(sources, request);
  const first = means.findIndex(({ count, readings = count, end }) => readings > 0 || end > request.notBefore);
  return first === -1 ? [] : means.slice(first);
}

/** From rows where their hours are those asked for; days of other offsets by half an hour are made from the readings. */
function allMeans(sources: MeansSources, request: MeansRequest): Promise<SeriesMean[]> {
  const { window } = request;
  if (request.sensor === OFFICIAL_SENSORS['24h']) return publishedMeans(sources.store, request);
  if (window === '5m' || window === '15m') return shortMeans(sources.store, request, window);
  if (areHoursKept(sources, request)) return rowMeans(sources, request, window);
  return window === '1h' ? rawHours(sources.store, request) : calendarMeans(sources.store, request, window);
}

/** True when the hours asked for begin where those of the rows do. */
export function areHoursKept(
  { dayOffsetMs }: Pick<MeansSources, 'dayOffsetMs'>,
  { dayRule, from }: Pick<MeansRequest, 'dayRule' | 'from'>,
): boolean {
  return hourShiftMs({ offsetMs: dayOffsetMs }, 0) === hourShiftMs(dayRule, from);
}

/** The same in pieces where windows are short, so that a file of any length needs little memory. */
export async function* meansInPieces(sources: MeansSources, request: MeansRequest): AsyncGenerator<SeriesMean[]> {
  if (!isShort(request.window)) return yield await meansOf(sources, request);
  const pieceMs = request.window === '1h' ? HOURS_PIECE_MS : PIECE_MS;
  let { notBefore } = request;
  let from = alignDown(request.from, WIDTH[request.window], hourShiftMs(request.dayRule, request.from));
  for (; from < Math.min(request.to, request.now); from += pieceMs) {
    const means = await meansOf(sources, { ...request, notBefore, from, to: Math.min(request.to, from + pieceMs) });
    if (means.length > 0) notBefore = Number.NEGATIVE_INFINITY;
    yield means;
  }
}

/** How many windows there are at most; exact for those shorter than a day. */
export function windowCount({ window, from, to, now }: MeansRequest): number {
  return Math.max(0, Math.min(to, now) - from) / (isShort(window) ? WIDTH[window] : DAY_MS) + 2;
}

function isShort(window: MeansRequest['window']): window is keyof typeof WIDTH {
  return window in WIDTH;
}

/** 5 and 15 minutes. */
async function shortMeans(store: MeansStore, request: MeansRequest, window: '5m' | '15m'): Promise<SeriesMean[]> {
  const width = WIDTH[window];
  const range = fixedRange(request, width);
  const query = { ...request, from: range.start, to: range.end, bucketMs: width };
  const offsetMs = hourShiftMs(request.dayRule, request.from);
  const [found, intervals, stuck] = await Promise.all([
    store.buckets({ ...query, offsetMs }),
    intervalsFor(store, request, range),
    stuckByStart(store, request, { ...range, widthMs: width }),
  ]);
  const buckets = new Map(withoutLeftOut(found, request, width).map((bucket) => [bucket.start, bucket]));
  const starts = startsOf(range, width);
  const cadences = await cadencesOf(store, request, { starts, held: found, intervals });
  return starts.map((start, index) => {
    const context = { start, end: start + width, cadenceMs: cadences[index]!, now: request.now };
    const hung = stuck.get(start);
    const mean = hung ? asStuck(shortMean(hung.statistics, context), hung) : shortMean(buckets.get(start), context);
    // The uncertainty of an official value its network knows.
    if (isOfficialSensor(request.sensor)) return mean;
    return { ...mean, ...uncertaintyOf({ quantity: request.quantity, mean: mean.mean }) };
  });
}

/** Windows with readings of a stuck instrument that are not left out, by their start. */
async function stuckByStart(
  store: MeansStore,
  request: MeansRequest,
  range: TimeWindow & { widthMs: number },
): Promise<Map<number, StuckWindow>> {
  const windows = await stuckWindows(store, request, range);
  return new Map(withoutLeftOut(windows, request, range.widthMs).map((window) => [window.start, window]));
}

function rawHours(store: MeansStore, request: MeansRequest): Promise<SeriesMean[]> {
  return hourMeans(store, request, fixedRange(request, HOUR_MS));
}

/** Days, and longer windows of days. */
async function calendarMeans(
  store: MeansStore,
  request: MeansRequest,
  window: Exclude<MeansRequest['window'], keyof typeof WIDTH>,
): Promise<ClockMean[]> {
  const { dayRule, now } = request;
  const range = { start: request.from, end: Math.min(request.to, now + 1) };
  const windows = calendarWindows(window, dayRule, range);
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return [];
  // Hours that have not begun count among the parts of their day all the same: an open day is no complete one.
  const hours = await hourMeans(store, request, { start: first.start, end: last.end });
  const days = grouped(hours, calendarWindows('1d', dayRule, { start: first.start, end: last.end }), now);
  return window === '1d' ? days : grouped(days, windows, now);
}

async function hourMeans(store: MeansStore, request: MeansRequest, range: TimeWindow): Promise<SeriesMean[]> {
  const offsetMs = hourShiftMs(request.dayRule, range.start);
  const query = { ...request, from: range.start, to: range.end, offsetMs };
  const [intervals, stuck] = await Promise.all([
    intervalsFor(store, request, range),
    stuckByStart(store, request, { ...range, widthMs: HOUR_MS }),
  ]);
  const starts = startsOf(range, HOUR_MS);
  const { hours, cadences } =
    intervals.length === 0
      ? await hoursByGaps(store, query, starts)
      : await hoursByIntervals(store, query, { starts, intervals });
  const hourByStart = new Map(withoutLeftOut(hours, request, HOUR_MS).map((hour) => [hour.start, hour]));
  const meanOf = request.sensor === OFFICIAL_SENSORS['1h'] ? officialHourMean : hourMean;
  return starts.map((at, index) => {
    const context = { start: at, end: at + HOUR_MS, cadenceMs: cadences[index]!, now: request.now };
    const hung = stuck.get(at);
    return hung ? asStuck(meanOf(hung.statistics, context), hung) : meanOf(hourByStart.get(at), context);
  });
}

function withoutLeftOut<Held extends { start: number }>(
  held: readonly Held[],
  { leftOut = [] }: Pick<MeansRequest, 'leftOut'>,
  width: number,
): readonly Held[] {
  if (leftOut.length === 0) return held;
  return held.filter(({ start }) => !leftOut.some(({ from, to }) => from < start + width && to > start));
}

async function hoursByIntervals(
  store: MeansStore,
  query: HourBucketsQuery,
  { starts, intervals }: { starts: readonly number[]; intervals: HourInterval[] },
) {
  const hours = await store.hours(query);
  return { hours, cadences: await cadencesOf(store, query, { starts, held: hours, intervals }) };
}

/** For devices that send no interval: one pass for both, from two days before on, for the first day's day before. */
async function hoursByGaps(store: MeansStore, query: HourBucketsQuery, starts: readonly number[]) {
  const earlier = { ...query, from: query.from - 2 * DAY_MS, gapsOffsetMs: CADENCE_DAY_OFFSET_MS };
  const { hours, gaps } = await store.hoursAndGaps(earlier);
  return { hours, cadences: cadencesAt(starts, { intervals: [], gaps }) };
}

/** Intervals sent in the range and the day before it. */
function intervalsFor(
  store: MeansStore,
  { stationId, now }: MeansRequest,
  { start, end }: TimeWindow,
): Promise<HourInterval[]> {
  return store.intervals({ stationId, from: start - DAY_MS, to: Math.min(end, now) });
}

interface CadenceEvidence {
  /** Starts of all windows, and the windows that hold values; ascending. */
  starts: readonly number[];
  held: readonly { start: number }[];
  intervals: HourInterval[];
}

/** The cadence of each window. Gaps are looked up only when values came without an interval: they cost another pass. */
async function cadencesOf(
  store: MeansStore,
  { stationId, sensor }: Pick<MeansRequest, 'stationId' | 'sensor'>,
  { starts, held, intervals }: CadenceEvidence,
): Promise<number[]> {
  const isSentThroughout = held.map(({ start }) => start).every(isCoveredBy(intervals));
  const [first, last] = [held[0], held.at(-1)];
  if (isSentThroughout || first === undefined || last === undefined) return cadencesAt(starts, { intervals, gaps: [] });
  // Two days back: the day before a window's day, whole.
  const range = { from: first.start - 2 * DAY_MS, to: last.start + HOUR_MS };
  const gaps = await store.gaps({ stationId, sensor, ...range, offsetMs: CADENCE_DAY_OFFSET_MS });
  return cadencesAt(starts, { intervals, gaps });
}

/** Tells, for ascending times, whether an interval was sent within the day before. */
function isCoveredBy(intervals: readonly { start: number }[]): (time: number) => boolean {
  let place = -1;
  return (time) => {
    while (place + 1 < intervals.length && intervals[place + 1]!.start <= time) place++;
    const sent = intervals[place];
    return sent !== undefined && time - sent.start <= DAY_MS;
  };
}

/** Parts put together by the windows they lie in; both ascending. */
function grouped(parts: readonly ClockMean[], windows: readonly TimeWindow[], now: number): ClockMean[] {
  let next = 0;
  return windows.map(({ start, end }) => {
    const from = next;
    while (next < parts.length && parts[next]!.start < end) next++;
    return composedMean(parts.slice(from, next), { start, end, now });
  });
}

function startsOf({ start, end }: TimeWindow, width: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((end - start) / width)) }, (_, index) => start + index * width);
}

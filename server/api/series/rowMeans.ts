import { DEFAULT_CADENCE_MS } from '../../domain/aggregate.ts';
import { HOUR_MS } from '../../domain/durations.ts';
import { type CalendarUnit, calendarWindows, type TimeWindow } from '../../domain/means/calendarWindows.ts';
import {
  composedRow,
  emptyRow,
  flagWords,
  hourRow,
  type RollupRow,
  type SeriesKey,
} from '../../domain/means/rollup.ts';
import { type CorrectedRow, withParts } from '../../rollups/corrections.ts';
import { comparisonOfParts, withUncertainty } from '../../rollups/rowUncertainty.ts';
import { fixedRange, type MeansRequest, type MeansSources } from './meansRequest.ts';
import type { SeriesMean } from './seriesViews.ts';

/** Hours, days and longer windows from rows of closed hours and days; the running hour from its readings. */
export async function rowMeans(
  sources: MeansSources,
  request: MeansRequest,
  window: '1h' | CalendarUnit,
): Promise<SeriesMean[]> {
  if (window === '1h') {
    const hours = await hoursOf(sources, request, fixedRange(request, HOUR_MS));
    return hours.map((hour) => seriesMean(hour, window));
  }
  const { dayRule, now } = request;
  const windows = calendarWindows(window, dayRule, { start: request.from, end: Math.min(request.to, now + 1) });
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const range = { start: first.start, end: last.end };
  const days = areDaysKept(sources, request)
    ? await keptDays(sources, request, range)
    : await madeDays(sources, request, range);
  const rows = window === '1d' ? days : composed(days, windows, request);
  return rows.map((row) => seriesMean(row, window));
}

/** True when the days asked for are those of the rows, whole and as measured. */
function areDaysKept({ dayOffsetMs }: MeansSources, { dayRule, leftOut = [], correct }: MeansRequest): boolean {
  return correct === undefined && leftOut.length === 0 && 'offsetMs' in dayRule && dayRule.offsetMs === dayOffsetMs;
}

/** Closed days as rows, the running one from its hours. */
async function keptDays(sources: MeansSources, request: MeansRequest, range: TimeWindow): Promise<RollupRow[]> {
  const { now, dayRule } = request;
  const rows = await sources.rollups.rows({ ...queryOf(request), window: 'day', from: range.start, to: range.end });
  const rowByStart = new Map(rows.map((row) => [row.start, row]));
  const days = calendarWindows('1d', dayRule, range);
  const cadences = new NearestCadence(rows);
  const open = days.filter(({ end }) => end > now);
  const [firstOpen, lastOpen] = [open[0], open.at(-1)];
  const made =
    firstOpen === undefined ? [] : await madeDays(sources, request, { start: firstOpen.start, end: lastOpen!.end });
  const madeByStart = new Map(made.map((row) => [row.start, row]));
  return days.map((day) => {
    const known = rowByStart.get(day.start) ?? madeByStart.get(day.start);
    return known ?? composedRow(request, emptyHours(request, day, cadences.at(day.start)), { ...day, now });
  });
}

/** Days of any rule from their hours. */
async function madeDays(sources: MeansSources, request: MeansRequest, range: TimeWindow): Promise<CorrectedRow[]> {
  const hours = await hoursOf(sources, request, range);
  return composed(hours, calendarWindows('1d', request.dayRule, range), request);
}

/** Parts put together by the windows they lie in; both ascending. */
function composed(
  parts: readonly CorrectedRow[],
  windows: readonly TimeWindow[],
  request: MeansRequest,
): CorrectedRow[] {
  let next = 0;
  return windows.map((window) => {
    const from = next;
    while (next < parts.length && parts[next]!.start < window.end) next++;
    const own = parts.slice(from, next);
    const row = composedRow(request, own, { ...window, now: request.now });
    if (request.correct !== undefined) return withParts(row, own);
    const comparison = comparisonOfParts(own);
    return comparison === undefined ? row : { ...row, comparison };
  });
}

/** Every hour of the range, those without a row as empty ones, also those that have not begun: their day is open. */
async function hoursOf(sources: MeansSources, request: MeansRequest, range: TimeWindow): Promise<CorrectedRow[]> {
  const { now, leftOut = [], correct } = request;
  const query = { ...queryOf(request), window: 'hour' as const, from: range.start, to: range.end };
  const rows = await sources.rollups.rows(query);
  const running = await runningHour(sources, request, range, rows.at(-1)?.cadenceMs ?? DEFAULT_CADENCE_MS);
  const rowByStart = new Map([...rows, ...running].map((row) => [row.start, row]));
  const cadences = new NearestCadence(rows);
  const hours: RollupRow[] = [];
  for (let start = range.start; start < range.end; start += HOUR_MS) {
    const end = start + HOUR_MS;
    const isLeftOut = leftOut.some(({ from, to }) => from < end && to > start);
    const row = isLeftOut ? undefined : rowByStart.get(start);
    hours.push(row ?? emptyRow(request, { start, end, cadenceMs: cadences.at(start), now }));
  }
  return correct === undefined ? hours : correct(hours);
}

/** The hour that has not ended: its readings so far, and no mean. */
async function runningHour(
  { store }: MeansSources,
  request: MeansRequest,
  range: TimeWindow,
  cadenceMs: number,
): Promise<RollupRow[]> {
  const { now } = request;
  const shift = ((range.start % HOUR_MS) + HOUR_MS) % HOUR_MS;
  const start = Math.floor((now - shift) / HOUR_MS) * HOUR_MS + shift;
  if (start < range.start || start >= range.end) return [];
  const end = start + HOUR_MS;
  const offsetMs = (HOUR_MS - shift) % HOUR_MS;
  const [statistics] = await store.hours({ ...request, from: start, to: end, offsetMs });
  if (statistics === undefined) return [];
  const hour = { readings: statistics.count, flagged: {}, statistics };
  return [hourRow(request, hour, { start, end, cadenceMs, now })];
}

function emptyHours(request: MeansRequest, { start, end }: TimeWindow, cadenceMs: number): RollupRow[] {
  const hours: RollupRow[] = [];
  for (let at = start; at < end; at += HOUR_MS) {
    hours.push(emptyRow(request, { start: at, end: at + HOUR_MS, cadenceMs, now: request.now }));
  }
  return hours;
}

function queryOf({ stationId, quantity, sensor }: SeriesKey) {
  return { stationIds: [stationId], quantity, sensor };
}

function seriesMean(row: CorrectedRow, window: '1h' | CalendarUnit): SeriesMean {
  const { uncertainty, uncertaintyFrom } = withUncertainty(row, window === '1y');
  const { start, end, mean, min, max, median, count, expected, coverage, flags, parts, cadenceMs, revision } = row;
  const known: SeriesMean = {
    start,
    end,
    mean,
    min,
    max,
    median,
    count,
    expected,
    coverage,
    flags,
    cadenceMs,
    revision,
  };
  if (parts !== undefined) known.parts = parts;
  if (uncertainty !== undefined) known.uncertainty = uncertainty;
  if (uncertaintyFrom !== undefined) known.uncertaintyFrom = uncertaintyFrom;
  if (row.raw !== undefined) known.raw = row.raw;
  if (row.shareFromOthers !== undefined) known.shareFromOthers = row.shareFromOthers;
  return Object.assign(known, { readings: row.readings, shares: row.shares, words: flagWords(row) });
}

/** For windows without a reading: the cadence of the row before, else of the one after. Asked in order of time. */
class NearestCadence {
  readonly #rows: readonly RollupRow[];
  #place = -1;

  constructor(rows: readonly RollupRow[]) {
    this.#rows = rows;
  }

  at(start: number): number {
    while (this.#rows[this.#place + 1] !== undefined && this.#rows[this.#place + 1]!.start <= start) this.#place++;
    return (this.#rows[this.#place] ?? this.#rows[0])?.cadenceMs ?? DEFAULT_CADENCE_MS;
  }
}

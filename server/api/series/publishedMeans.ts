import { OFFICIAL_SPAN_MS } from '../../domain/correction/referenceMeans.ts';
import { calendarWindows, type TimeWindow } from '../../domain/means/calendarWindows.ts';
import { type ClockMean, composedMean, officialDayMean } from '../../domain/means/clockMean.ts';
import type { ReadingStore } from '../../store/readingStore.ts';
import type { MeansRequest } from './meansRequest.ts';

const DAY_MS = OFFICIAL_SPAN_MS['24h'];

/**
 * Means of a network that publishes days: its days as they are where the days asked for are those, longer windows of them.
 * There are none of less than a day, and none after a correction, which is made of hours.
 */
export async function publishedMeans(store: Pick<ReadingStore, 'raw'>, request: MeansRequest): Promise<ClockMean[]> {
  const { window, dayRule, now, correct } = request;
  if (window === '5m' || window === '15m' || window === '1h' || correct !== undefined) return [];
  const windows = calendarWindows(window, dayRule, { start: request.from, end: Math.min(request.to, now + 1) });
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const range = { start: first.start, end: last.end };
  const published = await store.raw({ ...request, from: range.start, to: range.end });
  const values = new Map(published.map(({ measuredAt, value }) => [measuredAt, value]));
  const days = calendarWindows('1d', dayRule, range).map((day) => dayOf(values, day, request));
  if (window === '1d') return days;
  return windows.map((whole) => {
    const parts = days.filter(({ start }) => start >= whole.start && start < whole.end);
    return composedMean(parts, { ...whole, now });
  });
}

function dayOf(
  values: ReadonlyMap<number, number>,
  { start, end }: TimeWindow,
  { now, leftOut = [] }: Pick<MeansRequest, 'now' | 'leftOut'>,
): ClockMean {
  const isWhole = end - start === DAY_MS && !leftOut.some(({ from, to }) => from < end && to > start);
  const made = officialDayMean(isWhole ? values.get(start) : undefined, { start, end });
  return end > now ? { ...made, mean: null, flags: ['open', ...made.flags] } : made;
}

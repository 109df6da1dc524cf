import { expectedCount, MIN_COVERAGE } from '../aggregate.ts';
import type { FlagClass } from '../assessment/flag.ts';
import { median } from '../assessment/robust.ts';
import { meanOfMeans, withoutNoise } from '../decimal.ts';
import type { Names } from '../names.ts';
import { MAX_VALID_CADENCE_MS } from './cadence.ts';
import type { TimeWindow } from './calendarWindows.ts';

/**
 * The one definition of means by the clock: hours, days of valid hours, longer windows of valid days. Not the sliding
 * means of the map (`slidingMean.ts`), and never labelled alike.
 *
 * A mean that its window does not bear out is null, not merely flagged: whoever reads only the number must not quote it.
 * What was there stays visible in `count`, `min`, `max` and, for an hour, `median`.
 */

/** Version of these rules; `methods.ts` describes them. */
export const CLOCK_MEAN_VERSION = 'clock-mean-1';

/** What can be said of a window, and how much it says against its mean. */
export const WINDOW_FLAGS = {
  /** The window has not ended. */
  open: { class: 'info', names: { de: 'läuft noch', en: 'not over yet' } },
  /** Too few readings, an empty third of an hour, or too few valid hours or days. */
  'below-coverage': { class: 'invalid', names: { de: 'zu wenige Messungen', en: 'too few readings' } },
  /** Its hours are never valid. */
  'cadence-too-slow': {
    class: 'invalid',
    names: { de: 'meldet seltener als alle 20 Minuten', en: 'reports less often than every 20 minutes' },
  },
  /** Measured, but the correction asked for cannot be made: no reference, no humidity, fog. Never of a mean as measured. */
  'not-corrected': { class: 'invalid', names: { de: 'nicht korrigierbar', en: 'cannot be corrected' } },
} as const satisfies Record<string, { class: FlagClass; names: Names }>;

/** A word of `WINDOW_FLAGS`. */
export type ClockFlag = keyof typeof WINDOW_FLAGS;

/** What a store sums up over the valid values of a window. */
export interface WindowStatistics {
  count: number;
  mean: number;
  min: number;
  max: number;
  median: number;
}

/** Statistics of one hour, and how many values lie in each of its 20-minute thirds. */
export interface HourStatistics extends WindowStatistics {
  thirds: readonly [number, number, number];
}

/** A mean of one window with what it rests on. */
export interface ClockMean extends TimeWindow {
  /** null when the window does not bear out a mean. */
  mean: number | null;
  /** Smallest and largest single reading; null without any. */
  min: number | null;
  max: number | null;
  /** Median of what the mean is made of: readings, valid hours, or valid days. */
  median: number | null;
  /** Valid readings in the window, and how many there should be at the station's cadence. */
  count: number;
  expected: number;
  /** count / expected, at most 1. */
  coverage: number;
  flags: ClockFlag[];
  /** Of windows made of shorter means: how many of those are valid, of how many. */
  parts?: { valid: number; of: number };
}

/** What judging a window needs besides its statistics. */
export interface WindowContext extends TimeWindow {
  cadenceMs: number;
  now: number;
}

/** A window of 5 or 15 minutes: its mean is given from one reading on, and marked when readings are missing. */
export function shortMean(statistics: WindowStatistics | undefined, context: WindowContext): ClockMean {
  const made = meanOf(statistics, context);
  if (made.coverage < MIN_COVERAGE) made.flags.push('below-coverage');
  return context.end > context.now ? { ...made, mean: null, median: null } : made;
}

/** A clock hour: valid with 75 % of the expected readings (39. BImSchV Anl. 11) and, our own rule, one in each 20-minute third. */
export function hourMean(statistics: HourStatistics | undefined, context: WindowContext): ClockMean {
  const made = meanOf(statistics, context);
  if (context.cadenceMs > MAX_VALID_CADENCE_MS) made.flags.push('cadence-too-slow');
  if (made.coverage < MIN_COVERAGE || statistics?.thirds.includes(0)) made.flags.push('below-coverage');
  return withoutDoubt(made);
}

/** An hour of an official station: one value is the whole hour; how much of it was measured its network has judged. */
export function officialHourMean(statistics: HourStatistics | undefined, context: WindowContext): ClockMean {
  const made = meanOf(statistics, { ...context, cadenceMs: context.end - context.start });
  if (made.count === 0) made.flags.push('below-coverage');
  return withoutDoubt(made);
}

/** A day as an official network published it: one value is the whole day; undefined where it published none. */
export function officialDayMean(value: number | undefined, { start, end }: TimeWindow): ClockMean {
  const mean = value ?? null;
  const count = mean === null ? 0 : 1;
  const flags: ClockFlag[] = mean === null ? ['below-coverage'] : [];
  return { start, end, mean, min: mean, max: mean, median: mean, count, expected: 1, coverage: count, flags };
}

/**
 * A window made of the means of shorter ones, which fill it without a gap: a day of its hours, a longer window of its
 * days. The mean of the valid parts, given when at least 75 % of all parts are valid (18 of 24 hours).
 */
export function composedMean(
  parts: readonly ClockMean[],
  { start, end, now }: TimeWindow & { now: number },
): ClockMean {
  const valid: number[] = [];
  let [count, expected] = [0, 0];
  let min: number | null = null;
  let max: number | null = null;
  for (const part of parts) {
    if (part.mean !== null) valid.push(part.mean);
    if (part.min !== null && (min === null || part.min < min)) min = part.min;
    if (part.max !== null && (max === null || part.max > max)) max = part.max;
    count += part.count;
    expected += part.expected;
  }
  const flags: ClockFlag[] = [];
  if (end > now) flags.push('open');
  if (parts.length > 0 && parts.every((part) => part.flags.includes('cadence-too-slow')))
    flags.push('cadence-too-slow');
  if (valid.length < MIN_COVERAGE * parts.length || valid.length === 0) flags.push('below-coverage');
  const isValid = flags.length === 0;
  return {
    start,
    end,
    mean: isValid ? meanOfMeans(valid)! : null,
    min,
    max,
    median: isValid ? withoutNoise(median(valid)!) : null,
    count,
    expected,
    coverage: expected === 0 ? 0 : Math.min(1, count / expected),
    flags,
    parts: { valid: valid.length, of: parts.length },
  };
}

/** No mean where a flag says why. */
function withoutDoubt(made: ClockMean): ClockMean {
  if (made.flags.length > 0) made.mean = null;
  return made;
}

function meanOf(statistics: WindowStatistics | undefined, { start, end, cadenceMs, now }: WindowContext): ClockMean {
  const expected = expectedCount(end - start, cadenceMs);
  const { min = null, max = null, median: middle = null, count = 0 } = statistics ?? {};
  const flags: ClockFlag[] = end > now ? ['open'] : [];
  return {
    start,
    end,
    // A database's average carries binary noise, which must not move a mean over a class border; so does a median of
    // an even number.
    mean: statistics === undefined ? null : withoutNoise(statistics.mean),
    min,
    max,
    median: middle === null ? null : withoutNoise(middle),
    count,
    expected,
    coverage: Math.min(1, count / expected),
    flags,
  };
}

import { CELL_MS, CELLS_OF, DEFAULT_CADENCE_MS } from '../aggregate.ts';
import { medianOfScratch } from '../assessment/robust.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../durations.ts';

/** What sending takes an airRohr on top of its `interval`, ms (3 to 4 s in logs; the next period starts after sending). */
export const SENDING_MS = 4_000;
/** Fewer gaps than this say nothing: two readings half an hour apart must not make half an hour the cadence. */
export const MIN_GAPS = 5;
/** No device we know measures faster; an `interval` below it is a mistake. */
const MIN_CADENCE_MS = 1_000;
/** Longest cadence believed. Beyond it a device is not slow but mostly silent, and must not look complete. */
const MAX_CADENCE_MS = HOUR_MS;
/** One reading in each 20-minute third of an hour is asked for: a slower device never has a valid mean. */
export const MAX_VALID_CADENCE_MS = 20 * MINUTE_MS;
const CELLS_PER_HOUR = CELLS_OF['1h'];

/** What is known about how often an instrument reports, ms; each absent when unknown. */
export interface CadenceEvidence {
  /** Pause the device says it makes between pushes (`interval`). */
  intervalMs?: number | undefined;
  /** Median gap between readings of the last day before this one that had any. */
  medianGapDayBeforeMs?: number | undefined;
  /** Median gap of the present day so far. */
  medianGapSoFarMs?: number | undefined;
}

/** Time between two readings, ms: what the device says, else what it did the day before, else so far, else the default. */
export function cadenceFrom(evidence: CadenceEvidence): number {
  const { intervalMs, medianGapDayBeforeMs, medianGapSoFarMs } = evidence;
  if (intervalMs !== undefined && intervalMs >= MIN_CADENCE_MS) return clamped(intervalMs + SENDING_MS);
  return clamped(medianGapDayBeforeMs ?? medianGapSoFarMs ?? DEFAULT_CADENCE_MS);
}

/** Median of `gaps`, ms; the mean of the middle two for an even number; undefined below `MIN_GAPS`. */
export function medianGap(gaps: ArrayLike<number>): number | undefined {
  if (gaps.length < MIN_GAPS) return undefined;
  // The constructor copies; `from` would iterate, ten times as slowly.
  return medianOfScratch(new Float64Array(gaps), gaps.length);
}

/**
 * Cadence read off the number of valid values in consecutive 5-minute cells, ms: what is left to go by after a restart.
 * The fullest hour tells, since missing and invalid values only make hours emptier; where most cells are empty, their
 * distance does. Undefined when there is less than an hour, or too little in it to say.
 */
export function cadenceOfCells(counts: readonly number[]): number | undefined {
  const distances: number[] = [];
  let before = -1;
  for (let place = 0; place < counts.length; place++) {
    if (counts[place] === 0) continue;
    if (before >= 0) distances.push(place - before);
    before = place;
  }
  const distance = medianGap(distances);
  if (distance === undefined || counts.length < CELLS_PER_HOUR) return undefined;
  if (distance > 1) return clamped(CELL_MS * distance);
  return clamped((CELLS_PER_HOUR * CELL_MS) / fullestHour(counts));
}

function fullestHour(counts: readonly number[]): number {
  let held = 0;
  let fullest = 0;
  for (const [place, count] of counts.entries()) {
    held += count - (counts[place - CELLS_PER_HOUR] ?? 0);
    fullest = Math.max(fullest, held);
  }
  return fullest;
}

/** What a store knows of an instrument's cadence over time; `ReadingStore.intervals` and `gaps`. */
export interface CadenceHistory {
  /** Median `interval` the device sent, ms, by the clock hour (start, epoch ms) it was sent in; in time order. */
  intervals: readonly { start: number; intervalMs: number }[];
  /** Median gap between readings, ms, by day (start, epoch ms), of days with `MIN_GAPS` or more; in time order. */
  gaps: readonly { start: number; medianMs: number }[];
}

/**
 * The cadence at each of `times` (ascending, epoch ms), by the rule of `cadenceFrom`: the interval sent last within the
 * day before, else the last day before that time's own, else its own day, else the next known one.
 */
export function cadencesAt(times: readonly number[], { intervals, gaps }: CadenceHistory): number[] {
  let interval = -1;
  let day = -1;
  return times.map((time) => {
    while (interval + 1 < intervals.length && intervals[interval + 1]!.start <= time) interval++;
    while (day + 1 < gaps.length && gaps[day + 1]!.start <= time) day++;
    const sent = intervals[interval];
    const ownDay = gaps[day];
    const isOwn = ownDay !== undefined && time - ownDay.start < DAY_MS;
    return cadenceFrom({
      intervalMs: sent !== undefined && time - sent.start <= DAY_MS ? sent.intervalMs : undefined,
      medianGapDayBeforeMs: isOwn ? gaps[day - 1]?.medianMs : ownDay?.medianMs,
      medianGapSoFarMs: ownDay?.medianMs ?? gaps[0]?.medianMs ?? intervalCadence(sent ?? intervals[0]),
    });
  });
}

function intervalCadence(sent: { intervalMs: number } | undefined): number | undefined {
  return sent && cadenceFrom({ intervalMs: sent.intervalMs });
}

function clamped(cadenceMs: number): number {
  return Math.min(MAX_CADENCE_MS, Math.max(MIN_CADENCE_MS, cadenceMs));
}

/**
 * Gaps of one day in bounded room: every gap while there is room, then every second, every fourth, ... A sample evenly
 * spread over the day, so its median is the day's median but for jitter.
 */
export class GapSample {
  static readonly SIZE = 64;
  readonly #gaps = new Uint32Array(GapSample.SIZE);
  #size = 0;
  #seen = 0;
  #every = 1;

  /** Takes the next gap, ms. */
  add(gapMs: number): void {
    if (this.#seen++ % this.#every !== 0) return;
    if (this.#size === GapSample.SIZE) {
      this.#halve();
      if ((this.#seen - 1) % this.#every !== 0) return;
    }
    this.#gaps[this.#size++] = gapMs;
  }

  /** Median, ms; undefined below `MIN_GAPS`. */
  median(): number | undefined {
    return medianGap(this.#gaps.subarray(0, this.#size));
  }

  /** Starts a new day. */
  clear(): void {
    this.#size = 0;
    this.#seen = 0;
    this.#every = 1;
  }

  #halve(): void {
    for (let kept = 0; kept < GapSample.SIZE / 2; kept++) this.#gaps[kept] = this.#gaps[2 * kept]!;
    this.#size = GapSample.SIZE / 2;
    this.#every *= 2;
  }
}

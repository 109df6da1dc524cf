import { correctionsFor } from '../correction/correction.ts';
import { growthFactor } from '../correction/humidityGrowth.ts';
import { meanOfMeans, withoutNoise } from '../decimal.ts';
import { DAY_MS } from '../durations.ts';
import type { FlagShares, HourEntry } from './evidence.ts';
import type { Choices, Question, QuestionWindow } from './question.ts';

/** Least valid hours of a day: 75 % of 24 (`clock-mean-1`). */
const DAY_HOURS = 18;
/** Least share of a period's days for a station's mean to count (`clock-mean-1`, `area-median-1`). */
const MIN_SHARE = 0.75;
/** From this share of an hour's readings on, a flag marks the hour. */
const MARKED_FROM = 0.5;
/** Humid hours that make a day humid (`assessment-1`). */
const HUMID_DAY_HOURS = 6;
/** Flags that make an hour of particulates doubtful (`assessment-1`). A list of its own: a cited method never changes. */
const DOUBTFUL: readonly string[] = ['pm25-above-pm10', 'spike'];

/** The choices that change which hours count and what they say. */
export type HourChoices = Pick<Choices, 'values' | 'doubtful' | 'annotated'>;

/** One station's days, made from its hours. */
export interface StationCourse {
  /** Mean of each day's valid hours; null with fewer than 18. */
  means: (number | null)[];
  /** Share of humid readings in each day's valid hours. */
  humidShares: number[];
  /** Days with six humid hours or more, with doubtful hours, with hours the host marked. */
  humid: boolean[];
  flagged: boolean[];
  annotated: boolean[];
  validHours: number;
  validDays: number;
  /** Share of humid readings in the valid hours. */
  humidShare: number;
  /** Mean of the valid days; null below 75 % of the period's. */
  mean: number | null;
}

/** Folds hours into days. Sums run in the order of time, so that every implementation comes to the same last digit. */
export function stationCourse(
  hours: readonly HourEntry[],
  { start, end, days }: QuestionWindow,
  choice: HourChoices & Pick<Question, 'quantity'>,
): StationCourse {
  const sums = new Float64Array(days);
  const counts = new Uint8Array(days);
  const humidSums = new Float64Array(days);
  const humid = new Uint8Array(days);
  const flagged = new Uint8Array(days);
  const annotated = new Uint8Array(days);
  const formula = new FormulaFit();
  let [validHours, humidSum] = [0, 0];
  for (const hour of hours) {
    const [at, , , , , flags] = hour;
    if (at < start || at >= end) continue;
    const day = Math.floor((at - start) / DAY_MS);
    const { isDoubtful, isAnnotated, isHumid } = marksOf(flags);
    if (isDoubtful) flagged[day] = 1;
    if (isAnnotated) annotated[day] = 1;
    if ((isDoubtful && choice.doubtful === 'without') || (isAnnotated && choice.annotated === 'without')) continue;
    const value = chosenValue(hour, choice, formula);
    if (value === null) continue;
    sums[day]! += value;
    counts[day]! += 1;
    validHours += 1;
    humidSums[day]! += flags.humid ?? 0;
    humidSum += flags.humid ?? 0;
    if (isHumid) humid[day]! += 1;
  }
  const means = Array.from(sums, (sum, day) => (counts[day]! >= DAY_HOURS ? withoutNoise(sum / counts[day]!) : null));
  const valid = means.filter((mean) => mean !== null);
  return {
    means,
    humidShares: Array.from(humidSums, (sum, day) => (counts[day] === 0 ? 0 : withoutNoise(sum / counts[day]!))),
    humid: Array.from(humid, (count) => count >= HUMID_DAY_HOURS),
    flagged: Array.from(flagged, (mark) => mark === 1),
    annotated: Array.from(annotated, (mark) => mark === 1),
    validHours,
    validDays: valid.length,
    humidShare: validHours === 0 ? 0 : withoutNoise(humidSum / validHours),
    mean: valid.length > 0 && valid.length >= MIN_SHARE * days ? meanOfMeans(valid)! : null,
  };
}

/** True for an hour that the choices leave out: doubtful, or marked by the host. */
export function isLeftOut([, , , , , flags]: HourEntry, choice: Pick<HourChoices, 'doubtful' | 'annotated'>): boolean {
  if (choice.doubtful === 'with' && choice.annotated === 'with') return false;
  const { isDoubtful, isAnnotated } = marksOf(flags);
  return (isDoubtful && choice.doubtful === 'without') || (isAnnotated && choice.annotated === 'without');
}

interface Marks {
  isDoubtful: boolean;
  isAnnotated: boolean;
  isHumid: boolean;
}

const UNMARKED: Marks = { isDoubtful: false, isAnnotated: false, isHumid: false };

/** What at least half of an hour's readings carry. */
function marksOf(flags: FlagShares): Marks {
  let marks = UNMARKED;
  for (const flag in flags) {
    if (flags[flag]! < MARKED_FROM) continue;
    if (flag === 'humid') marks = { ...marks, isHumid: true };
    else if (DOUBTFUL.includes(flag)) marks = { ...marks, isDoubtful: true };
    else if (flag.startsWith('annotated')) marks = { ...marks, isAnnotated: true };
  }
  return marks;
}

/** Whether the one formula offered was made for an instrument and quantity; asked once each, not once an hour. */
class FormulaFit {
  readonly #fits = new Map<string, boolean>();

  has(sensor: string, quantity: Question['quantity']): boolean {
    const known = this.#fits.get(sensor);
    if (known !== undefined) return known;
    const fits = correctionsFor(sensor, { isResearch: true }).some(
      ({ id, quantities }) => id === 'gamma-de' && quantities.includes(quantity),
    );
    this.#fits.set(sensor, fits);
    return fits;
  }
}

function chosenValue(
  [, sensor, mean, , , , humidity]: HourEntry,
  { values, quantity }: Pick<Choices, 'values'> & Pick<Question, 'quantity'>,
  formula: FormulaFit,
): number | null {
  // Hours adjusted to a reference come in adjusted.
  if (mean === null || values !== 'gamma-de') return mean;
  if (humidity === null || !formula.has(sensor, quantity)) return null;
  const corrected = mean / growthFactor('gamma-de', humidity, quantity);
  return Number.isFinite(corrected) ? withoutNoise(corrected) : null;
}

/** True when an hour somewhere carries marks that a choice could leave out. */
export function marksIn(hours: readonly HourEntry[]): { doubtful: boolean; annotated: boolean } {
  const found = { doubtful: false, annotated: false };
  for (const [, , , , , flags] of hours) {
    const { isDoubtful, isAnnotated } = marksOf(flags);
    if (isDoubtful) found.doubtful = true;
    if (isAnnotated) found.annotated = true;
  }
  return found;
}

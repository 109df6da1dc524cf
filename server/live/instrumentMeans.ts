import type { Average } from '../domain/aggregate.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import { firstCellFrom, fullMean, type WindowSums, windowCells } from '../domain/slidingMean.ts';
import type { Histories, SensorHistory } from './histories.ts';

/** A mean over cells. */
export type SlidingAverage = Exclude<Average, 'latest'>;

/** The means of one instrument. */
export interface InstrumentMeans {
  stationId: string;
  sensor: string;
  /** Epoch ms of its newest reading. */
  lastMeasuredAt: number;
  /** Those of each average asked for, by the place of their quantity in `QUANTITIES`, NaN where there is none. */
  rows: readonly Float64Array[];
}

/** The complete cells of a sliding mean, as `[first, end)`. */
interface Window {
  average: SlidingAverage;
  first: number;
  end: number;
}

/** Tells the means of all instruments of a town in one go. */
export class InstrumentMeansTeller {
  readonly #histories: Histories;
  readonly #since: (stationId: string) => number;
  readonly #sums: WindowSums = { sum: 0, count: 0, min: 0, max: 0 };
  /**
   * Told and windows are kept from look to look for their form: code compiled for objects of a form that no object has any
   * more is thrown away with the next garbage, and each look would compile its own again, which took a third of its time.
   */
  readonly #told = { stationId: '', sensor: '', lastMeasuredAt: Number.NaN, rows: [] as Float64Array[] };
  #windows: readonly Window[] = [];

  /** `since`: what is older, epoch ms, does not count at a station; minus infinity where everything does. */
  constructor(histories: Histories, since: (stationId: string) => number) {
    this.#histories = histories;
    this.#since = since;
  }

  /**
   * Tells the means of every instrument of every station, also of those that do not speak for it; only means that rest on
   * enough readings (state `ok`). What is told is the same object each time. Stations come in the order in which they were
   * first heard, as their cells lie in memory.
   */
  each(averages: readonly SlidingAverage[], now: number, visit: (means: InstrumentMeans) => void): void {
    const told = this.#told;
    while (told.rows.length < averages.length) told.rows.push(new Float64Array(QUANTITIES.length));
    this.#windows = averages.map((average) => windowOf(average, now));
    for (const { id, instruments } of this.#histories.stations()) {
      told.stationId = id;
      const since = this.#since(id);
      const windows =
        since === Number.NEGATIVE_INFINITY
          ? this.#windows
          : averages.map((average) => windowOf(average, now, firstCellFrom(since)));
      for (const instrument of instruments) {
        this.#fill(instrument, windows, now);
        visit(told);
      }
    }
  }

  /** A function of its own: it is compiled for what it does 30,000 times, whatever else a look at a town is. */
  #fill({ sensor, lastMeasuredAt, cadence, series }: SensorHistory, windows: readonly Window[], now: number): void {
    const told = this.#told;
    told.sensor = sensor;
    told.lastMeasuredAt = lastMeasuredAt;
    const context = { cadenceMs: cadence.at(now), lastMeasuredAt, now };
    for (let at = 0; at < windows.length; at++) {
      const row = told.rows[at]!;
      const { average, first, end } = windows[at]!;
      row.fill(Number.NaN);
      for (let index = 0; index < series.length; index++) {
        this.#histories.totals(series[index]!, first, end, this.#sums);
        const mean = fullMean(average, this.#sums, context);
        if (mean !== undefined) row[series[index]!.place] = mean;
      }
    }
  }
}

/** The cells of a mean at `now`, from cell number `least` on. */
function windowOf(average: SlidingAverage, now: number, least = Number.NEGATIVE_INFINITY): Window {
  const { first, end } = windowCells(average, now);
  return { average, first: Math.max(first, least), end };
}

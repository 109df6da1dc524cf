import type { Average } from '../domain/aggregate.ts';
import { firstCellFrom, fullMean, type WindowSums, windowCells } from '../domain/means/slidingMean.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import type { Histories, SensorHistory } from './histories.ts';
import { RingTotals } from './ringTotals.ts';

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

/** What the complete cells of a sliding mean add up to. */
interface Window {
  average: SlidingAverage;
  totals: RingTotals;
}

/** When means are told, and the first cell that counts at a station. */
interface Scope {
  now: number;
  least: number;
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
  readonly #windows = new Map<SlidingAverage, Window>();
  /** What `takeTotals` answered last. */
  fetched = 0;

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
    const windows = averages.map((average) => this.#window(average, now));
    this.fetched = this.#histories.takeTotals(windows.map(({ totals }) => totals));
    for (const { id, instruments } of this.#histories.stations()) {
      told.stationId = id;
      const scope = { now, least: firstCellFrom(this.#since(id)) };
      for (const instrument of instruments) {
        this.#fill(instrument, windows, scope);
        visit(told);
      }
    }
  }

  #window(average: SlidingAverage, now: number): Window {
    const window = this.#windows.get(average) ?? { average, totals: new RingTotals() };
    this.#windows.set(average, window);
    Object.assign(window.totals, windowCells(average, now));
    return window;
  }

  /** A function of its own: it is compiled for what it does 30,000 times, whatever else a look at a town is. */
  #fill({ sensor, lastMeasuredAt, cadence, rings }: SensorHistory, windows: readonly Window[], scope: Scope): void {
    const told = this.#told;
    told.sensor = sensor;
    told.lastMeasuredAt = lastMeasuredAt;
    const context = { cadenceMs: cadence.at(scope.now), lastMeasuredAt, now: scope.now };
    for (let at = 0; at < windows.length; at++) {
      const row = told.rows[at]!;
      const window = windows[at]!;
      row.fill(Number.NaN);
      for (let index = 0; index < rings.length; index += 2) {
        this.#sum(rings[index + 1]!, window.totals, scope.least);
        const mean = fullMean(window.average, this.#sums, context);
        if (mean !== undefined) row[rings[index]!] = mean;
      }
    }
  }

  /** Adds up the cells of a ring in a window, from cell number `least` on. */
  #sum(ring: number, totals: RingTotals, least: number): void {
    if (least <= totals.first) totals.read(ring, this.#sums);
    else this.#histories.totals(ring, least, totals.end, this.#sums);
  }
}

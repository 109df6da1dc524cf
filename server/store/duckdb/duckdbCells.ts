import { setImmediate as nextTurn } from 'node:timers/promises';
import { CELL_MS } from '../../domain/aggregate.ts';
import { isValid } from '../../domain/assessment/flag.ts';
import type { Quantity } from '../../domain/quantity.ts';
import { flagsAbout } from '../admissionFlags.ts';
import { CellColumns } from '../cellColumns.ts';
import type { CellBlock } from '../readingStore.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';
import { occupiedWindows, presentQuantities, type ValueColumn, visitValues, WINDOW_MS } from './duckdbValues.ts';

const CELLS_PER_WINDOW = WINDOW_MS / CELL_MS;
const NO_PLACE = -1;

/** Blocks of 5-minute cells, half an hour each; `ReadingStore.cells`. Between blocks other work goes on. */
export async function* cellBlocks(
  file: DuckDbFile,
  series: DuckDbSeries,
  from: number,
  to: number,
): AsyncGenerator<CellBlock> {
  const quantities = await presentQuantities(file, { from, to });
  const windows = await occupiedWindows(file, 'readings', { from, to });
  const fold = new CellFold(quantities, series);
  for await (const _window of visitValues(file, quantities, windows, fold)) {
    const block = fold.take();
    if (block !== undefined) yield block;
    await nextTurn();
  }
}

/** Folds columns of values, all of one half hour, into cells. */
class CellFold {
  readonly #quantities: readonly Quantity[];
  readonly #series: DuckDbSeries;
  readonly #columns = new CellColumns(CELLS_PER_WINDOW);
  /** Where each series' quantity lies in the columns. */
  #places = new Int32Array();
  #isEmpty = true;

  constructor(quantities: readonly Quantity[], series: DuckDbSeries) {
    this.#quantities = quantities;
    this.#series = series;
  }

  add({ quantity, series, times, values, flags, isPresent }: ValueColumn): void {
    const columns = this.#columns;
    const name = this.#quantities[quantity]!;
    for (let row = 0; row < series.length; row++) {
      if (!isPresent(row)) continue;
      const [time, value, mask] = [times[row]!, values[row]!, flags[row]!];
      if (this.#isEmpty) this.#begin(time);
      const place = this.#placeOf(series[row]!, quantity);
      if (time >= columns.latestTimes[place]!) {
        columns.latestTimes[place] = time;
        columns.latestValues[place] = value;
        columns.latestFlags[place] = mask;
      }
      if (mask !== 0 && !isValid(mask, name)) continue;
      columns.addValue(place * CELLS_PER_WINDOW + Math.floor((time - columns.start) / CELL_MS), value);
    }
  }

  /** What was folded since the last call, if anything. */
  take(): CellBlock | undefined {
    if (this.#isEmpty) return undefined;
    this.#isEmpty = true;
    const { series, latestFlags, latestTimes } = this.#columns;
    for (let place = 0; place < series.length; place++) {
      if (latestTimes[place] === Number.NEGATIVE_INFINITY || latestFlags[place] === 0) continue;
      latestFlags[place] = flagsAbout(latestFlags[place]!, series[place]!.quantity);
    }
    return this.#columns;
  }

  #begin(time: number): void {
    this.#columns.clear(Math.floor(time / WINDOW_MS) * WINDOW_MS);
    this.#isEmpty = false;
  }

  #placeOf(series: number, quantity: number): number {
    const index = series * this.#quantities.length + quantity;
    if (index >= this.#places.length) this.#grow();
    const known = this.#places[index]!;
    if (known !== NO_PLACE) return known;
    const { stationId, sensor } = this.#series.row(series);
    const place = this.#columns.addSeries({ stationId, sensor, quantity: this.#quantities[quantity]! });
    this.#places[index] = place;
    return place;
  }

  /** Makes room for all series there are by now. */
  #grow(): void {
    const places = new Int32Array(this.#series.size * this.#quantities.length).fill(NO_PLACE);
    places.set(this.#places);
    this.#places = places;
  }
}

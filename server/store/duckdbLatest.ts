import type { Quantity } from '../domain/quantity.ts';
import { flagsAbout } from './admissionFlags.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';
import { occupiedWindows, presentQuantities, type VisitValue, visitValues } from './duckdbValues.ts';
import type { ReadingStore } from './readingStore.ts';

/** Newest value of every series and quantity in a window; `ReadingStore.latest`. */
export async function latestValues(
  file: DuckDbFile,
  series: DuckDbSeries,
  from: number,
  to: number,
): ReturnType<ReadingStore['latest']> {
  const quantities = await presentQuantities(file, { from, to });
  const windows = await occupiedWindows(file, 'readings', { from, to });
  const fold = new LatestFold(quantities, series);
  const visited = visitValues(file, quantities, windows, fold.add);
  while (!(await visited.next()).done);
  return fold.values();
}

/** The newest value per series and quantity, as columns. */
class LatestFold {
  readonly #quantities: readonly Quantity[];
  readonly #series: DuckDbSeries;
  #times = new Float64Array();
  #values = new Float64Array();
  #flags = new Float64Array();

  constructor(quantities: readonly Quantity[], series: DuckDbSeries) {
    this.#quantities = quantities;
    this.#series = series;
  }

  /** Makes room for all series there are by now. */
  #grow(): void {
    const slots = this.#series.size * this.#quantities.length;
    const times = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
    const [values, flags] = [new Float64Array(slots), new Float64Array(slots)] as const;
    times.set(this.#times);
    values.set(this.#values);
    flags.set(this.#flags);
    [this.#times, this.#values, this.#flags] = [times, values, flags];
  }

  readonly add: VisitValue = (series, quantity, time, value, flags) => {
    const slot = series * this.#quantities.length + quantity;
    if (slot >= this.#times.length) this.#grow();
    if (time < this.#times[slot]!) return;
    this.#times[slot] = time;
    this.#values[slot] = value;
    this.#flags[slot] = flags;
  };

  values(): Awaited<ReturnType<ReadingStore['latest']>> {
    const found: Awaited<ReturnType<ReadingStore['latest']>> = [];
    for (const [slot, measuredAt] of this.#times.entries()) {
      if (measuredAt === Number.NEGATIVE_INFINITY) continue;
      const { stationId, sensor } = this.#series.row(Math.floor(slot / this.#quantities.length));
      const quantity = this.#quantities[slot % this.#quantities.length]!;
      const flags = flagsAbout(this.#flags[slot]!, quantity);
      found.push({ stationId, sensor, quantity, measuredAt, value: this.#values[slot]!, flags });
    }
    return found;
  }
}

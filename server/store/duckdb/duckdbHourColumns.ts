import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type HourColumns, HourGatherer } from '../../domain/means/hourColumns.ts';
import { SharesOfTexts } from '../sharesOfTexts.ts';
import { doublesOf, integersOf, validityOf } from './duckdbColumns.ts';
import { sharesOfChunk } from './duckdbRollupRows.ts';
import type { SeriesRow } from './duckdbSeries.ts';

/** What a query selects for `HoursReader`. Most hours carry no flag, and a null text costs nothing to read. */
export const HOURS_SELECT = `series, start::DOUBLE, mean, count, expected, readings, revision, nullif(flagged, '')`;

/** Gathers chunks of `HOURS_SELECT` by instrument, without an object a row. */
export class HoursReader {
  readonly #series: (id: number) => SeriesRow;
  readonly #gatherers = new Map<number, HourGatherer>();
  readonly #shares = new SharesOfTexts();

  constructor(series: (id: number) => SeriesRow) {
    this.#series = series;
  }

  /** The rows of a chunk. */
  add(chunk: DuckDBDataChunk): void {
    const [series, start, mean] = [integersOf(chunk, 0), doublesOf(chunk, 1), doublesOf(chunk, 2)];
    const [count, expected, readings] = [integersOf(chunk, 3), integersOf(chunk, 4), integersOf(chunk, 5)];
    const [revision, hasMean] = [integersOf(chunk, 6), validityOf(chunk, 2)];
    const shares = sharesOfChunk(chunk, 7, { readings, shares: this.#shares });
    const hour = { start: 0, mean: 0, count: 0, expected: 0, readings: 0, revision: 0 };
    for (let at = 0; at < series.length; at++) {
      hour.start = start[at]!;
      hour.mean = hasMean === undefined || (hasMean[at >> 3]! >> (at & 7)) & 1 ? mean[at]! : Number.NaN;
      hour.count = count[at]!;
      hour.expected = expected[at]!;
      hour.readings = readings[at]!;
      hour.revision = revision[at]!;
      this.#gatherer(series[at]!).add(hour, shares[at]!);
    }
  }

  /** What was gathered, an instrument each. */
  columns(): HourColumns[] {
    return Array.from(this.#gatherers.values(), (gatherer) => gatherer.columns());
  }

  #gatherer(id: number): HourGatherer {
    const known = this.#gatherers.get(id);
    if (known !== undefined) return known;
    const { stationId, sensor } = this.#series(id);
    const made = new HourGatherer(stationId, sensor);
    this.#gatherers.set(id, made);
    return made;
  }
}

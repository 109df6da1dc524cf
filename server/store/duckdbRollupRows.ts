import type { DuckDBDataChunk } from '@duckdb/node-api';
import { QUANTITIES } from '../domain/quantity.ts';
import type { RollupColumns } from '../domain/rollupColumns.ts';
import { RollupGatherer } from '../domain/rollupGatherer.ts';
import { doublesOf, doublesOrNaN, integersOf, integersOr } from './duckdbColumns.ts';
import type { SeriesRow } from './duckdbSeries.ts';
import { SharesOfTexts } from './sharesOfTexts.ts';

/** What a query selects for `RollupReader`; the text last, as its rows are objects. */
export const ROLLUP_SELECT = `series, quantity, start::DOUBLE, mean, min, max, median, count, expected, cadence, readings,
  valid_parts, parts, clock_flags, humid, method, revision, nullif(flagged, '')`;

/** What the numbers in the tables stand for. */
export interface RollupNames {
  /** Width of the windows, ms. */
  widthMs: number;
  series: (id: number) => SeriesRow;
  method: (id: number) => string;
}

/** Gathers chunks of `ROLLUP_SELECT` by series and quantity, without an object a row. */
export class RollupReader {
  readonly #names: RollupNames;
  readonly #shares = new SharesOfTexts();
  readonly #gatherers = new Map<number, RollupGatherer>();

  constructor(names: RollupNames) {
    this.#names = names;
  }

  /** The rows of a chunk. Those of a series mostly follow each other. */
  add(chunk: DuckDBDataChunk): void {
    const [series, quantity] = [integersOf(chunk, 0), integersOf(chunk, 1)];
    const rows = this.#columnsOf(chunk);
    for (let first = 0; first < chunk.rowCount; ) {
      let end = first + 1;
      while (end < chunk.rowCount && series[end] === series[first] && quantity[end] === quantity[first]) end++;
      this.#gatherer(series[first]!, quantity[first]!).addFrom(rows, first, end);
      first = end;
    }
  }

  /** What was gathered, a series each. */
  columns(): RollupColumns[] {
    return Array.from(this.#gatherers.values(), (gatherer) => gatherer.columns());
  }

  /** The chunk's columns; of which series is told by its first two. */
  #columnsOf(chunk: DuckDBDataChunk): Omit<RollupColumns, 'stationId' | 'sensor' | 'quantity'> {
    const readings = integersOf(chunk, 10);
    return {
      widthMs: this.#names.widthMs,
      start: doublesOf(chunk, 2),
      mean: doublesOrNaN(chunk, 3),
      min: doublesOrNaN(chunk, 4),
      max: doublesOrNaN(chunk, 5),
      median: doublesOrNaN(chunk, 6),
      count: integersOf(chunk, 7),
      expected: integersOf(chunk, 8),
      cadenceMs: doublesOf(chunk, 9),
      readings,
      validParts: integersOr(chunk, 11, -1),
      parts: integersOr(chunk, 12, -1),
      clockFlags: integersOf(chunk, 13),
      humid: integersOr(chunk, 14, -1),
      method: Array.from(integersOf(chunk, 15), (id) => this.#names.method(id)),
      revision: integersOf(chunk, 16),
      shares: this.#shares.ofChunk(chunk, 17, readings),
    };
  }

  #gatherer(seriesId: number, quantityId: number): RollupGatherer {
    const key = seriesId * QUANTITIES.length + quantityId;
    const known = this.#gatherers.get(key);
    if (known !== undefined) return known;
    const { stationId, sensor } = this.#names.series(seriesId);
    const made = new RollupGatherer(
      { stationId, sensor, quantity: QUANTITIES[quantityId]! },
      this.#names.widthMs,
      2048,
    );
    this.#gatherers.set(key, made);
    return made;
  }
}

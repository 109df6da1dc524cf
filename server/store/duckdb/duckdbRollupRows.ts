import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { RollupRow, SeriesKey } from '../../domain/means/rollup.ts';
import { type RollupColumns, rowAt } from '../../domain/means/rollupColumns.ts';
import { RollupGatherer } from '../../domain/means/rollupGatherer.ts';
import { QUANTITIES } from '../../domain/quantity.ts';
import { SharesOfTexts } from '../sharesOfTexts.ts';
import { doublesOf, doublesOrNaN, integersOf, integersOr, validityOf } from './duckdbColumns.ts';
import type { SeriesRow } from './duckdbSeries.ts';

/** What a query selects for `rowsOfChunk` and `RollupReader`. */
export const ROLLUP_SELECT = `series, quantity, start::DOUBLE, mean, min, max, median, count, expected, cadence, readings,
  valid_parts, parts, clock_flags, humid, method, revision, nullif(flagged, '')`;

/** What the numbers in the tables stand for. */
export interface RollupNames {
  /** Width of the windows, ms. */
  widthMs: number;
  series: (id: number) => SeriesRow;
  method: (id: number) => string;
}

/** The rows of a chunk of `ROLLUP_SELECT`. */
export function rowsOfChunk(chunk: DuckDBDataChunk, names: RollupNames, shares: SharesOfTexts): RollupRow[] {
  const [ids, quantities] = [integersOf(chunk, 0), integersOf(chunk, 1)];
  const columns = columnsOfChunk(chunk, names, shares);
  return Array.from(ids, (id, at) => {
    const { stationId, sensor } = names.series(id);
    return rowAt({ stationId, sensor, quantity: QUANTITIES[quantities[at]!]! }, columns, at);
  });
}

/** Gathers chunks of `ROLLUP_SELECT` by series and quantity, without an object a row: for few series and many rows. */
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
    const rows = columnsOfChunk(chunk, this.#names, this.#shares);
    // Not up to the chunk's `rowCount`, which is a call into the database each time.
    const { length } = series;
    for (let first = 0; first < length; ) {
      let end = first + 1;
      while (end < length && series[end] === series[first] && quantity[end] === quantity[first]) end++;
      this.#gatherer(series[first]!, quantity[first]!).addFrom(rows, first, end);
      first = end;
    }
  }

  /** What was gathered, a series each. */
  columns(): RollupColumns[] {
    return Array.from(this.#gatherers.values(), (gatherer) => gatherer.columns());
  }

  #gatherer(seriesId: number, quantityId: number): RollupGatherer {
    const key = seriesId * QUANTITIES.length + quantityId;
    const known = this.#gatherers.get(key);
    if (known !== undefined) return known;
    const { stationId, sensor } = this.#names.series(seriesId);
    const series = { stationId, sensor, quantity: QUANTITIES[quantityId]! };
    const made = new RollupGatherer(series, this.#names.widthMs);
    this.#gatherers.set(key, made);
    return made;
  }
}

/** The chunk's columns; whose rows they are is told by its first two. */
function columnsOfChunk(
  chunk: DuckDBDataChunk,
  { widthMs, method }: RollupNames,
  shares: SharesOfTexts,
): Omit<RollupColumns, keyof SeriesKey> {
  const readings = integersOf(chunk, 10);
  return {
    widthMs,
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
    method: Array.from(integersOf(chunk, 15), (id) => method(id)),
    revision: integersOf(chunk, 16),
    shares: sharesOfChunk(chunk, 17, { readings, shares }),
  };
}

/** Shares of a chunk's rows, told by a column of texts, null for none; `readings` of each row. */
export function sharesOfChunk(
  chunk: DuckDBDataChunk,
  column: number,
  { readings, shares }: { readings: Int32Array; shares: SharesOfTexts },
): RollupRow['shares'][] {
  const validity = validityOf(chunk, column);
  const hasTexts = validity === undefined || validity.some((bits) => bits > 0);
  const texts = hasTexts ? chunk.getColumnValues(column) : [];
  return Array.from(readings, (count, row) => shares.of(texts[row], count));
}

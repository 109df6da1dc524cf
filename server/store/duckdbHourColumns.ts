import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { RollupRow } from '../domain/rollup.ts';
import { type HourColumns, HourGatherer } from '../rollups/hourColumns.ts';
import { doublesOf, integersOf, validityOf } from './duckdbColumns.ts';
import type { SeriesRow } from './duckdbSeries.ts';
import { sharesOfText } from './rollupStore.ts';

/** What a query selects for `HoursReader`. Most hours carry no flag, and a null text costs nothing to read. */
export const HOURS_SELECT = `series, start::DOUBLE, mean, count, expected, readings, revision, nullif(flagged, '')`;

const NO_SHARES: RollupRow['shares'] = {};
/** Different texts of flags remembered; a year of fifty stations has some hundred. */
const MAX_TEXTS = 5_000;

/** Gathers chunks of `HOURS_SELECT` by instrument, without an object a row. */
export class HoursReader {
  readonly #series: (id: number) => SeriesRow;
  readonly #gatherers = new Map<number, HourGatherer>();
  readonly #sharesByText = new Map<string, RollupRow['shares']>();

  constructor(series: (id: number) => SeriesRow) {
    this.#series = series;
  }

  /** The rows of a chunk. */
  add(chunk: DuckDBDataChunk): void {
    const [series, start, mean] = [integersOf(chunk, 0), doublesOf(chunk, 1), doublesOf(chunk, 2)];
    const [count, expected, readings] = [integersOf(chunk, 3), integersOf(chunk, 4), integersOf(chunk, 5)];
    const [revision, hasMean, hasFlags] = [integersOf(chunk, 6), validityOf(chunk, 2), validityOf(chunk, 7)];
    const flagged = hasFlags === undefined || hasFlags.some((bits) => bits > 0) ? chunk.getColumnValues(7) : [];
    const hour = { start: 0, mean: 0, count: 0, expected: 0, readings: 0, revision: 0 };
    for (let at = 0; at < chunk.rowCount; at++) {
      hour.start = start[at]!;
      hour.mean = hasMean === undefined || (hasMean[at >> 3]! >> (at & 7)) & 1 ? mean[at]! : Number.NaN;
      hour.count = count[at]!;
      hour.expected = expected[at]!;
      hour.readings = readings[at]!;
      hour.revision = revision[at]!;
      this.#gatherer(series[at]!).add(hour, this.#shares(flagged[at], hour.readings));
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

  #shares(flagged: unknown, readings: number): RollupRow['shares'] {
    if (typeof flagged !== 'string') return NO_SHARES;
    const key = `${readings} ${flagged}`;
    const known = this.#sharesByText.get(key);
    if (known !== undefined) return known;
    const shares = sharesOfText(flagged, readings);
    if (this.#sharesByText.size < MAX_TEXTS) this.#sharesByText.set(key, shares);
    return shares;
  }
}

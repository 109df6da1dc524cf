import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { RollupRow } from '../domain/rollup.ts';
import { validityOf } from './duckdbColumns.ts';
import { sharesOfText } from './rollupStore.ts';

const NO_SHARES: RollupRow['shares'] = Object.freeze({});
/** Different texts of flags remembered; a year of fifty stations has some hundred. */
const MAX_TEXTS = 5_000;

/** Shares by the text they are stored as: rows with the same share one object, not to be changed. */
export class SharesOfTexts {
  readonly #sharesByText = new Map<string, RollupRow['shares']>();

  /** Those of a column of texts, null for none; `readings` of each row. */
  ofChunk(chunk: DuckDBDataChunk, column: number, readings: Int32Array): RollupRow['shares'][] {
    const validity = validityOf(chunk, column);
    const hasTexts = validity === undefined || validity.some((bits) => bits > 0);
    const texts = hasTexts ? chunk.getColumnValues(column) : [];
    return Array.from(readings, (count, row) => this.#of(texts[row], count));
  }

  #of(text: unknown, readings: number): RollupRow['shares'] {
    if (typeof text !== 'string') return NO_SHARES;
    const key = `${readings} ${text}`;
    const known = this.#sharesByText.get(key);
    if (known !== undefined) return known;
    const shares = sharesOfText(text, readings);
    if (this.#sharesByText.size < MAX_TEXTS) this.#sharesByText.set(key, shares);
    return shares;
  }
}

import type { RollupRow } from '../domain/means/rollup.ts';
import { sharesOfText } from './rollupStore.ts';

const NO_SHARES: RollupRow['shares'] = Object.freeze({});
/** Different texts of flags remembered; a year of fifty stations has some hundred. */
const MAX_TEXTS = 5_000;

/** Shares by the text they are stored as: rows with the same share one object, not to be changed. */
export class SharesOfTexts {
  readonly #sharesByText = new Map<string, RollupRow['shares']>();

  /** Those of a row with so many readings; none for anything but a text, and for an empty one. */
  of(text: unknown, readings: number): RollupRow['shares'] {
    if (typeof text !== 'string' || text === '') return NO_SHARES;
    const key = `${readings} ${text}`;
    const known = this.#sharesByText.get(key);
    if (known !== undefined) return known;
    const shares = sharesOfText(text, readings);
    if (this.#sharesByText.size < MAX_TEXTS) this.#sharesByText.set(key, shares);
    return shares;
  }
}

import type { AnyFlag, RollupRow } from './rollup.ts';
import { pickedOf, ROLLUP_NUMBERS, type RollupColumns } from './rollupColumns.ts';

/** What a row says: everything but its revision. */
const SAID = ROLLUP_NUMBERS.filter((name) => name !== 'revision');

/**
 * Of the rows made of a series those that say something else than what is stored, each one revision further; undefined
 * when there are none. Both in order of time.
 */
export function successorsOf(made: RollupColumns, stored: RollupColumns | undefined): RollupColumns | undefined {
  if (made.start.length === 0) return undefined;
  if (stored === undefined || stored.start.length === 0) return made;
  const places: number[] = [];
  const revisions: number[] = [];
  let beside = 0;
  for (let at = 0; at < made.start.length; at++) {
    while (stored.start[beside]! < made.start[at]!) beside++;
    const isStored = stored.start[beside] === made.start[at];
    if (isStored && saysSame(made, at, { columns: stored, at: beside })) continue;
    places.push(at);
    revisions.push(isStored ? stored.revision[beside]! + 1 : made.revision[at]!);
  }
  if (places.length === 0) return undefined;
  return { ...pickedOf(made, places), revision: Int32Array.from(revisions) };
}

function saysSame(made: RollupColumns, at: number, stored: { columns: RollupColumns; at: number }): boolean {
  for (const name of SAID) {
    const [one, other] = [made[name][at]!, stored.columns[name][stored.at]!];
    // NaN is no number on both sides.
    if (one !== other && !(Number.isNaN(one) && Number.isNaN(other))) return false;
  }
  if (made.method[at] !== stored.columns.method[stored.at]) return false;
  return haveSameShares(made.shares[at]!, stored.columns.shares[stored.at]!);
}

function haveSameShares(one: RollupRow['shares'], other: RollupRow['shares']): boolean {
  for (const name in one) if (one[name as AnyFlag] !== other[name as AnyFlag]) return false;
  for (const name in other) if (one[name as AnyFlag] === undefined) return false;
  return true;
}

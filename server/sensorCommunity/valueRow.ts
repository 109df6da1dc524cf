import { isValid } from '../domain/assessment/flag.ts';
import { PLACE_OF_QUANTITY, QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { PARTS, type PartKind, QUANTITIES_OF } from './recordKinds.ts';

/**
 * Values by the place of their quantity in `QUANTITIES`, NaN where there is none. Fifty thousand a minute are looked up in a
 * large town; by name each takes ten times as long.
 */
export type ValueRow = Float64Array;

/** The part the quantity at a place belongs to. */
const PART_AT: readonly PartKind[] = QUANTITIES.map(
  (quantity) => PARTS.find((part) => QUANTITIES_OF[part].includes(quantity))!,
);

/** A row without values. */
export function emptyRow(): ValueRow {
  return new Float64Array(QUANTITIES.length).fill(Number.NaN);
}

/** Fills a row with what of a reading is published and can have been measured. */
export function fillRow(
  row: ValueRow,
  { values, flags }: Pick<Reading, 'values' | 'flags'>,
  publishes: (quantity: Quantity) => boolean,
): void {
  row.fill(Number.NaN);
  for (const name in values) {
    const quantity = name as Quantity;
    if ((flags === 0 || isValid(flags, quantity)) && publishes(quantity))
      row[PLACE_OF_QUANTITY[quantity]] = values[quantity]!;
  }
}

/** Leaves out of a row what its station does not publish: noise, of most. */
export function leaveOutUnpublished(row: ValueRow, publishes: (quantity: Quantity) => boolean): void {
  const noise = PLACE_OF_QUANTITY.noise;
  if (!(Number.isNaN(row[noise]) || publishes('noise'))) row[noise] = Number.NaN;
}

/** The part all values of a row belong to; undefined where there are several or none. */
export function onlyPart(row: ValueRow): PartKind | undefined {
  let only: PartKind | undefined;
  for (let place = 0; place < row.length; place++) {
    if (Number.isNaN(row[place])) continue;
    const part = PART_AT[place]!;
    if (only !== undefined && only !== part) return undefined;
    only = part;
  }
  return only;
}

/** What of a row belongs to a part. */
export function partOf(row: ValueRow, part: PartKind): ValueRow {
  return row.map((value, place) => (PART_AT[place] === part ? value : Number.NaN));
}

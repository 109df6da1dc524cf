import type { RollupRow } from '../domain/means/rollup.ts';
import { primarySensor } from '../domain/primarySensor.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { RollupsQuery, UncertainRow } from './rollups.ts';
import { withUncertainty } from './rowUncertainty.ts';

/** Of one station's rows those a query asks for, one a window, in order of time, each with its uncertainty unless bare. */
export function spokenRows(
  rows: readonly RollupRow[],
  { quantity, from, to, sensor, isBare }: RollupsQuery,
  declared: readonly string[] = [],
): UncertainRow[] {
  const wanted = rows.filter(
    (row) =>
      row.quantity === quantity &&
      row.start >= from &&
      row.start < to &&
      (sensor === undefined || row.sensor === sensor),
  );
  const spoken = speakingRows(wanted, quantity, declared);
  return isBare ? spoken : spoken.map((row) => withUncertainty(row));
}

/**
 * Of several instruments' rows of one station, in any order, one a window: that of the instrument that speaks for the
 * station among those that measured in it. In order of time.
 */
function speakingRows(rows: readonly RollupRow[], quantity: Quantity, declared: readonly string[]): RollupRow[] {
  if (rows.length < 2) return [...rows];
  const rowsByStart = new Map<number, RollupRow[]>();
  for (const row of rows) {
    const found = rowsByStart.get(row.start);
    if (found === undefined) rowsByStart.set(row.start, [row]);
    else found.push(row);
  }
  const starts = [...rowsByStart.keys()].sort((a, b) => a - b);
  return starts.map((start) => speaking(rowsByStart.get(start)!, quantity, declared));
}

function speaking(rows: readonly RollupRow[], quantity: Quantity, declared: readonly string[]): RollupRow {
  if (rows.length === 1) return rows[0]!;
  const [{ end }] = rows as [RollupRow];
  // All that measured in the window were heard equally late: the rank decides.
  const candidates = rows.map((row) => ({ row, sensor: row.sensor, lastMeasuredAt: row.readings > 0 ? end : 0 }));
  return primarySensor(candidates, { quantity, declared, now: end })!.row;
}

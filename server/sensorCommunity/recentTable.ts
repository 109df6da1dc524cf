import { isValid } from '../domain/assessment/flag.ts';
import { PLACE_OF_QUANTITY, type Quantity } from '../domain/quantity.ts';
import type { RecentReading } from './recentReadings.ts';
import type { ValueRules } from './recordText.ts';
import { leaveOutUnpublished, type ValueRow } from './valueRow.ts';

/**
 * The readings of an instrument as a table, a line each: its time, and what can have been measured of each column. The
 * readings themselves lie anywhere in memory, and fetching them costs more than what is done with them.
 */
export interface RecentTable {
  readings: readonly RecentReading[];
  /** Places in a row of the quantities it measures. */
  columns: readonly number[];
  cells: number[];
}

/** Columns of instruments, by what they are: few, so that those of most instruments stay at hand. */
const columnsByKey = new Map<string, readonly number[]>();

/** Time of a reading, epoch ms. */
export function timeAt({ cells, columns }: RecentTable, line: number): number {
  return cells[line * (columns.length + 1)]!;
}

/** Writes the line of a reading. */
export function putLine(table: RecentTable, line: number): void {
  const { cells, columns } = table;
  const { measuredAt, values, flags } = table.readings[line]!;
  const start = line * (columns.length + 1);
  cells[start] = measuredAt;
  for (let column = 1; column <= columns.length; column++) cells[start + column] = Number.NaN;
  for (const name in values) {
    const quantity = name as Quantity;
    const column = columns.indexOf(PLACE_OF_QUANTITY[quantity]);
    if (column < 0) {
      widen(table, PLACE_OF_QUANTITY[quantity]);
      return;
    }
    if (flags === 0 || isValid(flags, quantity)) cells[start + 1 + column] = values[quantity]!;
  }
}

/** Writes all lines. */
export function putLines(table: RecentTable): void {
  table.cells.length = 0;
  for (let line = 0; line < table.readings.length; line++) putLine(table, line);
}

/** Leaves out the first lines. */
export function dropLines({ cells, columns }: RecentTable, count: number): void {
  const gone = count * (columns.length + 1);
  // A loop: `copyWithin` of a list takes ten times as long.
  for (let at = gone; at < cells.length; at++) cells[at - gone] = cells[at]!;
  cells.length -= gone;
}

/** Fills a row with what is published of a line. */
export function fillFromLine(
  row: ValueRow,
  table: RecentTable,
  { line, rules }: { line: number; rules: ValueRules },
): void {
  const { cells, columns } = table;
  const start = line * (columns.length + 1);
  row.fill(Number.NaN);
  for (let column = 0; column < columns.length; column++) row[columns[column]!] = cells[start + 1 + column]!;
  leaveOutUnpublished(row, rules.publishes);
}

/** Fills a row with the means of what is published. */
export function fillWithMeans(row: ValueRow, { cells, columns }: RecentTable, rules: ValueRules): void {
  row.fill(Number.NaN);
  for (let column = 0; column < columns.length; column++) {
    let sum = 0;
    let count = 0;
    for (let at = column + 1; at < cells.length; at += columns.length + 1) {
      const value = cells[at]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    if (count > 0) row[columns[column]!] = sum / count;
  }
  leaveOutUnpublished(row, rules.publishes);
}

/** Every line gets a cell more. */
function widen(table: RecentTable, place: number): void {
  const columns = [...table.columns, place];
  const key = columns.join();
  if (!columnsByKey.has(key)) columnsByKey.set(key, columns);
  table.columns = columnsByKey.get(key)!;
  putLines(table);
}

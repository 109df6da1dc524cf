import { BIGINT, DOUBLE, type DuckDBConnection, INTEGER, LIST, listValue } from '@duckdb/node-api';
import type { RollupColumns } from '../../domain/means/rollupColumns.ts';
import { QUANTITIES } from '../../domain/quantity.ts';
import type { RollupWindow } from '../rollupStore.ts';
import { int64 } from './duckdbQueries.ts';
import { ROLLUP_TABLES } from './duckdbRollupWriter.ts';

/** Rows of one series and quantity that follow each other without a gap. */
export interface Stretch {
  /** Number of the series. */
  id: number;
  /** Place in `QUANTITIES`. */
  quantity: number;
  /** Start of the first and of the last row, epoch ms. */
  first: number;
  last: number;
}

/** Stretches of rows named by one DELETE. */
const STRETCHES_PER_DELETE = 5_000;

/** The stretches that rows of the series with this number make. */
export function stretchesOf({ start, widthMs, quantity: name }: RollupColumns, id: number): Stretch[] {
  const quantity = QUANTITIES.indexOf(name);
  const stretches: Stretch[] = [];
  for (const at of start) {
    const before = stretches.at(-1);
    if (before !== undefined && at - before.last === widthMs) before.last = at;
    else stretches.push({ id, quantity, first: at, last: at });
  }
  return stretches;
}

/** Deletes the rows that give way: whole stretches by their ends, since most are made anew without a gap. */
export async function makeRoom(
  connection: DuckDBConnection,
  window: RollupWindow,
  stretches: readonly Stretch[],
): Promise<void> {
  for (let from = 0; from < stretches.length; from += STRETCHES_PER_DELETE) {
    const part = stretches.slice(from, from + STRETCHES_PER_DELETE);
    const first = part.reduce((least, stretch) => Math.min(least, stretch.first), Number.POSITIVE_INFINITY);
    const last = part.reduce((most, stretch) => Math.max(most, stretch.last), Number.NEGATIVE_INFINITY);
    const lists = [part.map(({ id }) => id), part.map(({ quantity }) => quantity)];
    const bounds = [part.map((stretch) => stretch.first), part.map((stretch) => stretch.last)];
    await connection.run(
      `DELETE FROM ${ROLLUP_TABLES[window]} AS kept
        USING (SELECT unnest($3) AS series, unnest($4) AS quantity, unnest($5)::BIGINT AS first, unnest($6)::BIGINT AS last) gone
        WHERE kept.start BETWEEN $1 AND $2 AND kept.series = gone.series AND kept.quantity = gone.quantity
          AND kept.start BETWEEN gone.first AND gone.last`,
      [int64(first), int64(last), ...[...lists, ...bounds].map((list) => listValue(list))],
      [BIGINT, BIGINT, LIST(INTEGER), LIST(INTEGER), LIST(DOUBLE), LIST(DOUBLE)],
    );
  }
}

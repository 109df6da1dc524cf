import type { DuckDBDataChunk } from '@duckdb/node-api';
import { doublesOf, integersOf } from './duckdbColumns.ts';
import type { DuckDbFile } from './duckdbFile.ts';
import type { DuckDbSeries } from './duckdbSeries.ts';
import { bound, lastTime, occupiedWindows } from './duckdbValues.ts';

/** A fingerprint as `ReadingStore.fingerprints` pages it. */
interface StoredFingerprint {
  stationId: string;
  measuredAt: number;
  hi: number;
  lo: number;
}

/** Pages of fingerprints; `ReadingStore.fingerprints`. */
export async function* fingerprintPages(
  file: DuckDbFile,
  series: DuckDbSeries,
  from: number,
): AsyncGenerator<StoredFingerprint[]> {
  const last = await lastTime(file, 'messages');
  if (last === undefined) return;
  const sql = `SELECT series, time::DOUBLE, fp_hi::DOUBLE, fp_lo::DOUBLE FROM messages
    WHERE time >= $1 AND time < $2 AND fp_hi IS NOT NULL`;
  const windows = await occupiedWindows(file, 'messages', { from, to: last + 1 });
  for await (const { chunk } of file.chunks(sql, windows.map(bound))) yield fingerprintsOf(chunk, series);
}

function fingerprintsOf(chunk: DuckDBDataChunk, series: DuckDbSeries): StoredFingerprint[] {
  const [times, his, los] = [doublesOf(chunk, 1), doublesOf(chunk, 2), doublesOf(chunk, 3)] as const;
  return Array.from(integersOf(chunk, 0), (id, row) => {
    return { stationId: series.row(id).stationId, measuredAt: times[row]!, hi: his[row]!, lo: los[row]! };
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBAppender, DuckDBInstance } from '@duckdb/node-api';
import type { AcceptedMessage } from '../server/domain/reading.ts';
import { DuckDbReadingStore } from '../server/store/duckdb/duckdbReadingStore.ts';

const BATCH = 2000;
const STATIONS = 2000;

/** The store beside a bare append of the same numbers, rows a second. */
export interface AppendFigure {
  storePerSecond: number;
  barePerSecond: number;
  ratio: number;
}

/** Messages with one PM row each, in commits of 2,000: our store with its key rule, and an appender without any. */
export async function benchAppend(batches: number): Promise<AppendFigure> {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  try {
    const barePerSecond = await bareAppend(join(folder, 'bare.duckdb'), batches);
    const storePerSecond = await storeAppend(join(folder, 'store.duckdb'), batches);
    return { storePerSecond, barePerSecond, ratio: storePerSecond / barePerSecond };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function storeAppend(path: string, batches: number): Promise<number> {
  const store = new DuckDbReadingStore({ path });
  await store.open();
  const begun = performance.now();
  for (let batch = 0; batch < batches; batch++) await store.append(messagesOf(batch));
  const seconds = (performance.now() - begun) / 1000;
  await store.close();
  return (batches * BATCH) / seconds;
}

function messagesOf(batch: number): AcceptedMessage[] {
  return Array.from({ length: BATCH }, (_, i) => {
    const n = batch * BATCH + i;
    const measuredAt = 1_700_000_000_000 + n;
    const stationId = `bench${String(n % STATIONS).padStart(5, '0')}`;
    const readings = [{ stationId, sensor: 'sds011', measuredAt, values: { pm25: n / 7, pm10: n / 3 }, flags: 0 }];
    return { stationId, measuredAt, receivedAt: measuredAt, health: { samples: n }, readings };
  });
}

async function bareAppend(path: string, batches: number): Promise<number> {
  const instance = await DuckDBInstance.create(path, { threads: '2', memory_limit: '256MB' });
  const connection = await instance.connect();
  await connection.run('CREATE TABLE r (station INTEGER, time BIGINT, pm25 DOUBLE, pm10 DOUBLE, flags BIGINT)');
  const appender = await connection.createAppender('r');
  const begun = performance.now();
  for (let batch = 0; batch < batches; batch++) appendBatch(appender, batch);
  const seconds = (performance.now() - begun) / 1000;
  appender.closeSync();
  connection.closeSync();
  instance.closeSync();
  return (batches * BATCH) / seconds;
}

function appendBatch(appender: DuckDBAppender, batch: number): void {
  for (let i = 0; i < BATCH; i++) {
    const n = batch * BATCH + i;
    appender.appendInteger(n % STATIONS);
    appender.appendBigInt(BigInt(1_700_000_000_000 + n));
    appender.appendDouble(n / 7);
    appender.appendDouble(n / 3);
    appender.appendBigInt(0n);
    appender.endRow();
  }
  appender.flushSync();
}

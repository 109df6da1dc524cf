import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../../server/domain/durations.ts';
import { DuckDbReadingStore } from '../../../server/store/duckdb/duckdbReadingStore.ts';
import { startTypescriptChild, type TypescriptChild } from '../../support/typescriptChild.ts';
import { collect, message, STATION, T0 } from '../storeMessages.ts';

describe('DuckDbReadingStore', () => {
  let folder = '';
  let path = '';
  let child: TypescriptChild | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'buergerluft-duckdb-'));
    path = join(folder, 'readings.duckdb');
  });
  afterEach(async () => {
    child?.process.kill('SIGKILL');
    await child?.ended;
    child = undefined;
    await rm(folder, { recursive: true });
  });

  const startAppending = (firstTime: number, afterEachBatch = 'append') => {
    child = startTypescriptChild('tests/store/duckdb/appendForever.ts', [
      path,
      String(firstTime),
      '100',
      afterEachBatch,
    ]);
    return child;
  };
  /** A full disk, as far as the process can tell: writes beyond the limit fail. */
  const limitFileSize = (running: TypescriptChild, bytes: string) => {
    execFileSync('prlimit', ['--pid', String(running.process.pid), `--fsize=${bytes}:unlimited`]);
  };
  const lastAcked = (running: TypescriptChild) => {
    const line = running.lines.findLast((text) => text.startsWith('acked')) ?? '';
    return Number(line.split(' ')[2]);
  };
  const storedTimes = async () => {
    const store = new DuckDbReadingStore({ path });
    await store.open();
    const readings = await collect(store.scan({ from: 0, to: T0 + DAY_MS }));
    const raw = await store.raw({ stationId: STATION, sensor: 'sds011', quantity: 'pm25', from: 0, to: T0 + DAY_MS });
    await store.close();
    expect(raw).toHaveLength(readings.length);
    return readings.map((reading) => reading.measuredAt);
  };

  it('holds every acknowledged reading once after kill -9, three times over', async () => {
    let next = T0;
    for (let round = 0; round < 3; round += 1) {
      const running = startAppending(next);
      await running.line(`acked ${next + 1000}`);
      running.process.kill('SIGKILL');
      await running.ended;
      next = lastAcked(running) + 1;
    }
    const times = await storedTimes();
    const acked = Array.from({ length: next - T0 }, (_, index) => T0 + index);
    // The batch under way at the kill may be stored too: unacknowledged, whole or not at all.
    expect(times.slice(0, acked.length)).toEqual(acked);
    expect([0, 100]).toContain(times.length - acked.length);
  });

  it.each([
    ['refuses while the disk is full, acknowledges nothing, and goes on when there is room', 'append', '.wal'],
    ['reopens the file when a full disk has broken a checkpoint', 'prune', ''],
  ])('%s', async (_name, afterEachBatch, filling) => {
    const running = startAppending(T0, afterEachBatch);
    await running.line(`acked ${T0 + 1000}`);
    const { size } = await stat(`${path}${filling}`);
    limitFileSize(running, String(size + 50_000));
    await running.line('refused StoreUnavailableError');
    const before = lastAcked(running);
    limitFileSize(running, 'unlimited');
    await running.line(`acked ${before + 1001}`);
    running.process.kill('SIGKILL');
    await running.ended;
    const times = await storedTimes();
    expect(new Set(times).size).toBe(times.length);
    const acked = Array.from({ length: lastAcked(running) - T0 + 1 }, (_, index) => T0 + index);
    expect(times.slice(0, acked.length)).toEqual(acked);
  });

  it('says that another process has the file', async () => {
    await startAppending(T0).line('open');
    await expect(new DuckDbReadingStore({ path }).open()).rejects.toThrow(/in use by another process/);
  });

  it('says that this process has the file already', async () => {
    const store = new DuckDbReadingStore({ path });
    await store.open();
    await expect(new DuckDbReadingStore({ path }).open()).rejects.toThrow(/already open in this process/);
    expect(await store.append([message(T0, { values: { pm25: 1 } })])).toMatchObject([{ result: 'stored' }]);
    await store.close();
    const next = new DuckDbReadingStore({ path });
    await next.open();
    await next.close();
  });

  it('says that a newer program wrote the file', async () => {
    const store = new DuckDbReadingStore({ path });
    await store.open();
    await store.close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("UPDATE meta SET value = '999' WHERE key = 'schemaVersion'");
    connection.closeSync();
    instance.closeSync();
    await expect(new DuckDbReadingStore({ path }).open()).rejects.toThrow(/schema version 999.*knows 2.*newer version/);
  });

  it('says that the folder is missing', async () => {
    const store = new DuckDbReadingStore({ path: join(folder, 'missing', 'readings.duckdb') });
    await expect(store.open()).rejects.toThrow(/cannot be opened/);
  });
});

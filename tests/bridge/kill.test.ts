import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Spool } from '../../firmware-bridge/spool.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { startTypescriptChild } from '../support/typescriptChild.ts';
import { until } from '../support/until.ts';
import { basic, exchange, request } from './rawHttp.ts';

interface Login {
  stationId: string;
  deviceId: string;
  token: string;
}

async function killed(child: ReturnType<typeof startTypescriptChild>): Promise<void> {
  child.process.kill('SIGKILL');
  await child.ended;
}

async function startDoors(dataDir: string, mode: 'there' | 'away' | 'halting') {
  const child = startTypescriptChild('tests/bridge/doorChild.ts', [dataDir, mode]);
  closeAfterTest(() => killed(child));
  const port = Number((await child.line('port ')).slice(5));
  return { child, port };
}

function push(port: number, login: Login, samples: number): Promise<{ status: number }> {
  const bytes = request('POST', '/data.php', [basic(login), 'Connection: close'], airrohrBody(samples, samples));
  return exchange(port, bytes);
}

/** PM2.5 in the file, as a stranger reads it. */
async function pm25Of(dataDir: string): Promise<(number | undefined)[]> {
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  const readings = await storedReadings(store);
  await store.close();
  return readings.map(({ values }) => values.pm25);
}

describe('over kill -9', () => {
  it('the spool keeps every push it said it keeps, in order, three times over', async () => {
    const dir = join(temporaryFolder(), 'spool');
    const kept: number[] = [];
    for (let round = 0; round < 3; round++) {
      const child = startTypescriptChild('tests/bridge/spoolChild.ts', [dir, String(round * 1_000_000)]);
      const keptNow = () => child.lines.filter((line) => line.startsWith('kept ')).length;
      await child.line('kept ');
      await wait(300);
      await until('it has kept enough', () => keptNow() > 20);
      await killed(child);
      expect(child.lines.filter((line) => line.startsWith('error'))).toEqual([]);
      kept.push(...child.lines.filter((line) => line.startsWith('kept ')).map((line) => Number(line.slice(5))));
    }
    const spool = new Spool({ dir, maxBytes: 1e9, maxAgeMs: 1e12, clock: () => 0, onError: () => undefined });
    await spool.open();
    const found: number[] = [];
    for (let entries = await spool.oldest(10_000); entries.length > 0; entries = await spool.oldest(10_000)) {
      for (const entry of entries) {
        found.push(entry.push.receivedAt);
        expect(JSON.parse(Buffer.from(entry.push.body).toString())).toMatchObject({ n: entry.push.receivedAt });
        spool.release(entry);
      }
    }
    expect(kept.length).toBeGreaterThan(50);
    const present = new Set(found);
    expect(kept.filter((n) => !present.has(n))).toEqual([]);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it('the single process stores what it took while its store was away, each push once', async () => {
    const dataDir = temporaryFolder();
    const first = await startDoors(dataDir, 'away');
    const login = JSON.parse((await first.child.line('login ')).slice(6)) as Login;
    for (const samples of [1, 2, 3]) expect((await push(first.port, login, samples)).status).toBe(204);
    await killed(first.child);
    const second = await startDoors(dataDir, 'away');
    for (const samples of [4, 5]) expect((await push(second.port, login, samples)).status).toBe(204);
    await killed(second.child);
    const third = await startDoors(dataDir, 'there');
    await third.child.line('empty');
    expect((await push(third.port, login, 6)).status).toBe(204);
    await killed(third.child);
    expect(await pm25Of(dataDir)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('the single process stores once what was stored and spooled when it was killed', async () => {
    const dataDir = temporaryFolder();
    const first = await startDoors(dataDir, 'halting');
    const login = JSON.parse((await first.child.line('login ')).slice(6)) as Login;
    // On disk in the store, which never says so: after 900 ms on disk in the spool as well.
    const statuses = await Promise.all([1, 2, 3].map((samples) => push(first.port, login, samples)));
    expect(statuses.map(({ status }) => status)).toEqual([204, 204, 204]);
    await first.child.line('stored');
    await killed(first.child);
    expect((await pm25Of(dataDir)).length).toBeGreaterThan(0);
    const second = await startDoors(dataDir, 'there');
    await second.child.line('empty');
    await killed(second.child);
    expect((await pm25Of(dataDir)).sort()).toEqual([1, 2, 3]);
  });
});

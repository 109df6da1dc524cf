import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { RollupRow } from '../../server/domain/means/rollup.ts';
import { rollupColumnsOf } from '../../server/domain/means/rollupGatherer.ts';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { randomNumbers } from '../support/randomNumbers.ts';
import { startTypescriptChild, type TypescriptChild } from '../support/typescriptChild.ts';
import { MIDNIGHT, message } from './rollupHouse.ts';

const DAYS = 8;
const NOW = MIDNIGHT + DAYS * DAY_MS;
const STATIONS = Array.from({ length: 100 }, (_, at) => `station${String(at).padStart(3, '0')}`);

/** A station’s days: values repeat for hours now and then, and the humidity sensor of some breaks. */
function historyOf(stationId: string, at: number): AcceptedMessage[] {
  const random = randomNumbers(at + 1);
  const found: AcceptedMessage[] = [];
  let isStuck = false;
  for (let step = 0; step < DAYS * 144; step++) {
    if (random() < 0.01) isStuck = !isStuck;
    if (random() < 0.02) continue;
    const time = MIDNIGHT + step * 10 * MINUTE_MS + at * 100;
    found.push(message(time, 'sds011', { pm25: isStuck ? 7 : Math.round(random() * 300) / 10 }, { stationId }));
    const isBroken = at % 5 === 0 && step > 400 && random() < 0.3;
    const humidity = isBroken ? 1 : Math.round(600 + random() * 390) / 10;
    if (at % 2 === 0) found.push(message(time, 'dht22', { humidity }, { stationId }));
  }
  return found;
}

describe('a recompute of a hundred stations that is killed', () => {
  let folder = '';
  let child: TypescriptChild | undefined;
  const fileOf = (name: string) => join(folder, `${name}.duckdb`);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'buergerluft-killed-'));
  });
  afterEach(async () => {
    child?.process.kill('SIGKILL');
    await child?.ended;
    await rm(folder, { recursive: true });
  });

  const start = (name: string) => {
    child = startTypescriptChild('tests/rollups/keepRollups.ts', [fileOf(name), String(NOW), ...STATIONS]);
    return child;
  };
  const use = async (name: string, work: (store: DuckDbReadingStore) => Promise<void>) => {
    const store = new DuckDbReadingStore({ path: fileOf(name) });
    await store.open();
    await work(store);
    await store.close();
  };
  const rowsOf = async (name: string) => {
    const rows: RollupRow[] = [];
    await use(name, async (store) => {
      expect(await store.rollups.marks()).toEqual([]);
      const query = { stationIds: STATIONS, from: 0, to: NOW };
      for (const window of ['hour', 'day'] as const) rows.push(...(await store.rollups.read({ ...query, window })));
    });
    return rows;
  };
  /** Makes the rows of one file in one go; of the other with two kills in between, the first once rows are written. */
  const makeBoth = async () => {
    await copyFile(fileOf('killed'), fileOf('whole'));
    await start('whole').line('done');
    let isKilledWithin = false;
    for (let kill = 0; kill < 2; kill++) {
      const running = start('killed');
      await running.line('written');
      running.process.kill('SIGKILL');
      await running.ended;
      isKilledWithin ||= !running.lines.includes('done');
    }
    await start('killed').line('done');
    expect(isKilledWithin).toBe(true);
    return { killed: await rowsOf('killed'), whole: await rowsOf('whole') };
  };

  it('ends in the rows it would have made in one go: from nothing, after late data and removals, by other rules', async () => {
    const late: AcceptedMessage[] = [];
    await use('killed', async (store) => {
      for (const [at, stationId] of STATIONS.entries()) {
        const history = historyOf(stationId, at);
        late.push(...history.filter((_, place) => place % 97 === 0));
        await store.append(history.filter((_, place) => place % 97 !== 0));
      }
    });
    const first = await makeBoth();
    expect(first.killed.length).toBeGreaterThan(25_000);
    expect(first.killed).toEqual(first.whole);

    await use('killed', async (store) => {
      await store.append(late);
      const from = MIDNIGHT + 5 * DAY_MS + 10 * HOUR_MS;
      for (const stationId of STATIONS) {
        // Half an hour takes the coverage of its hour, an hour and a half all of the next.
        await store.remove({ stationId, sensor: 'sds011', from: from + 30 * MINUTE_MS, to: from + 2 * HOUR_MS });
      }
    });
    const second = await makeBoth();
    expect(second.killed).toEqual(second.whole);
    const hour = second.killed.find(
      ({ quantity, start: at }) => quantity === 'pm25' && at === MIDNIGHT + 130 * HOUR_MS,
    );
    expect(hour).toMatchObject({ mean: null, flags: ['below-coverage'], revision: 2 });

    await use('killed', async (store) => {
      const query = { stationIds: STATIONS, from: 0, to: NOW };
      for (const window of ['hour', 'day'] as const) {
        const rows = await store.rollups.read({ ...query, window });
        await store.rollups.write(window, rollupColumnsOf(rows.map((row) => ({ ...row, method: 'older-rules' }))));
      }
      await store.rollups.setBasis({ rules: `older-rules days ${HOUR_MS}`, closedUntil: NOW });
    });
    const third = await makeBoth();
    expect(third.killed).toEqual(third.whole);
    expect(third.killed).toEqual(second.killed.map((row) => ({ ...row, revision: row.revision + 1 })));
  });
});

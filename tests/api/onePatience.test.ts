import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { KeptRollups } from '../../server/rollups/keptRollups.ts';
import { forOneAnswer } from '../../server/rollups/oneAnswer.ts';
import type { Rollups, WaitedSoFar } from '../../server/rollups/rollups.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { reportStation, startReportHouse } from '../support/reportHouse.ts';
import { serverWith } from './series/seriesHouse.ts';

const PATIENCE_MS = 200;
const IDS = ['a', 'b', 'c'].map((letter) => letter.repeat(10));

/** Rows that are being made for ever, and how long each step was to wait for them, ms. */
function rowsInTheMaking(): { rollups: Rollups; patiences: number[] } {
  const patiences: number[] = [];
  const rollups = new KeptRollups({
    keeper: {
      upToDate: async (_stationIds, { patienceMs }) => {
        patiences.push(patienceMs);
        await wait(patienceMs);
        return false;
      },
    },
    store: { rollups: { read: async () => [] } } as unknown as ReadingStore,
    station: () => undefined,
    dayOffsetMs: 3_600_000,
    patienceMs: PATIENCE_MS,
  });
  return { rollups, patiences };
}

function expectOnePatience(patiences: readonly number[]): void {
  expect(patiences.length).toBeGreaterThan(1);
  // Timers may end a little early: what is left then is no second wait.
  expect(patiences.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1.5 * PATIENCE_MS);
}

it.each([
  '/report?area=ehrenfeld&quantity=pm10&from=2025-02-01&to=2025-02-28&rule=eu',
  '/api/v1/days-above?area=ehrenfeld&quantity=pm10&year=2025',
  `/station/${IDS[0]}`,
  '/area',
])('an answer of many steps waits once for means that are being made: %s', async (address) => {
  const { rollups, patiences } = rowsInTheMaking();
  const stations = IDS.map((id, at) => reportStation(id, { position: { lat: 51.48, lon: 7.22 + (at % 2) } }));
  const { url } = await startReportHouse({ stations, rollups: () => rollups, now: Date.UTC(2025, 2, 10, 12) });
  expect((await fetch(url + address)).status).toBe(200);
  expectOnePatience(patiences);
});

it('so does a series', async () => {
  const { rollups, patiences } = rowsInTheMaking();
  const { get } = await serverWith({ rollups });
  expect((await get('quantity=pm25&window=1h')).body.isUpToDate).toBe(false);
  expectOnePatience(patiences);
});

it('an answer knows that a step of it waited in vain, also for rows it asked nothing about', async () => {
  const { rollups } = rowsInTheMaking();
  const waited: WaitedSoFar = { ms: 0 };
  await forOneAnswer(rollups, waited).rows({ stationIds: IDS, quantity: 'pm25', window: 'hour', from: 0, to: 1 });
  expect(waited.wasInVain).toBe(true);
});

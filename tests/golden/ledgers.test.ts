import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DaysAbove } from '../../server/api/areas/daysAboveViews.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import type { Rollups, UncertainRow } from '../../server/rollups/rollups.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { ComputedRollups } from '../support/computedRollups.ts';
import { hourlyRow, reportStation, startReportHouse } from '../support/reportHouse.ts';

const file = (path: string) => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const BOCHUM = file('bochum-year/2022-02-09_to_2023-02-08.csv.gz');
const BRISTOL = file('bristol-hours/2018-10_to_2019-03.csv.gz');

let folder: string;
let store: DuckDbReadingStore;
let sql: DuckDBConnection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'buergerluft-golden-'));
  store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
  await store.open();
  const messages = bochumMessages();
  for (let at = 0; at < messages.length; at += 20_000) await store.append(messages.slice(at, at + 20_000));
  sql = await (await DuckDBInstance.create()).connect();
});

afterAll(async () => {
  sql.closeSync();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Date and mean as the plain SQL in this folder has them. */
async function independentDays(script: string, values: Record<string, string>): Promise<Map<string, number>> {
  let text = readFileSync(new URL(script, import.meta.url), 'utf8').replace(/\$column/g, values.column ?? '');
  text = text.replace('$file', `'${values.file}'`);
  const rows = (await sql.runAndReadAll(text)).getRows();
  return new Map(rows.map(([date, mean]) => [String(date), Number(mean)]));
}

/** The ledger must be what follows from the independent means, counted here by hand. */
function expectLedger(
  ledger: DaysAbove,
  days: ReadonlyMap<string, number>,
  { percent, floor }: { percent: number; floor: number },
): void {
  const inYear = [...days].filter(([date]) => date.startsWith(String(ledger.year)));
  const means = ledger.lines.filter(({ mean }) => mean !== null);
  expect(means.map(({ date }) => date)).toEqual(inYear.map(([date]) => date));
  for (const { date, mean } of means) expect(mean!).toBeCloseTo(days.get(date)!, 8);
  const above = (shift: number) =>
    inYear.filter(([, mean]) => Math.floor(mean + shift * Math.max(floor, mean * percent) + 0.5) > ledger.limit.value)
      .length;
  expect(ledger).toMatchObject({
    above: above(0),
    aboveAtLeast: above(-1),
    aboveAtMost: above(1),
    validDays: inYear.length,
  });
  const sorted = inYear.map(([, mean]) => mean).sort((one, other) => other - one);
  const rank = Math.floor((inYear.length * ledger.permitted) / 365) + 1;
  expect(ledger.percentile.value!).toBeCloseTo(sorted[rank - 1]!, 8);
}

/** Daily values of each rule by quantity, as the texts have them. */
const RULES = {
  pm10: { eu: 50, eu2030: 45, who: 45, at: 50, ch: 50 },
  pm25: { eu2030: 25, who: 15 },
} as const;
/** Expanded uncertainty: share of the value, and least, µg/m³. */
const UNCERTAINTY = { pm10: { percent: 0.5, floor: 22.5 }, pm25: { percent: 0.35, floor: 8.8 } };

describe('the ledger of a year in Bochum', () => {
  it.each(['pm10', 'pm25'] as const)(
    'of %s under every rule is what plain SQL makes of the readings',
    async (quantity) => {
      const { send } = await startReportHouse({
        stations: [reportStation('bochum3659')],
        rollups: (list, clock) =>
          new ComputedRollups({ store, station: (id) => list.station(id), dayOffsetMs: HOUR_MS, clock }),
        now: Date.UTC(2026, 0),
      });
      const days = await independentDays('bochumDays.sql', { file: BOCHUM, column: quantity });
      for (const [rule, value] of Object.entries(RULES[quantity])) {
        for (const year of [2022, 2023]) {
          const path = `/api/v1/days-above?station=bochum3659&quantity=${quantity}&rule=${rule}&year=${year}`;
          const ledger = (await send('GET', path)).body as unknown as DaysAbove;
          expect(ledger.limit.value).toBe(value);
          expectLedger(ledger, days, UNCERTAINTY[quantity]);
          expect(ledger.isComplete).toBe(ledger.validDays >= 0.85 * 365);
        }
      }
    },
  );
});

describe('the ledger of a winter in Bristol', () => {
  it.each([2018, 2019])('of the nine stations together, %i: is what plain SQL makes of their hours', async (year) => {
    const { rows, ids } = bristolRows();
    const rollups = (): Rollups => ({
      rows: async ({ stationIds, quantity, window, from, to }) =>
        window === 'hour' && quantity === 'pm10'
          ? stationIds.flatMap((id) => (rows.get(id) ?? []).filter(({ start }) => start >= from && start < to))
          : [],
      upToDate: async () => true,
      markDirty: async () => undefined,
    });
    const { send } = await startReportHouse({
      stations: ids.map((id) => reportStation(id)),
      rollups,
      now: Date.UTC(2026, 0),
    });
    const { body } = await send('GET', `/api/v1/days-above?area=ehrenfeld&quantity=pm10&rule=eu&year=${year}`);
    const ledger = body as unknown as DaysAbove;
    expectLedger(ledger, await independentDays('bristolDays.sql', { file: BRISTOL }), UNCERTAINTY.pm10);
    expect(ledger.validDays).toBeGreaterThan(80);
  });
});

function csvRows(path: string): string[][] {
  return gunzipSync(readFileSync(path))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(';'));
}

function bochumMessages(): AcceptedMessage[] {
  return csvRows(BOCHUM)
    .slice(1)
    .map(([time, pm10, pm25]) => {
      const measuredAt = Number(time) * 1000;
      const values = { pm10: Number(pm10), pm25: Number(pm25) };
      const stationId = 'bochum3659';
      const readings = [{ stationId, sensor: 'sds011', measuredAt, values, flags: 0 }];
      return { stationId, measuredAt, receivedAt: measuredAt, health: {}, readings };
    });
}

/** Rows of the fixture's hours: it holds hours that are valid already. */
function bristolRows(): { rows: Map<string, UncertainRow[]>; ids: string[] } {
  const [head, ...lines] = csvRows(BRISTOL) as [string[], ...string[][]];
  const rows = new Map<string, UncertainRow[]>();
  for (const [column, name] of head.entries()) {
    if (!name.endsWith('.pm10')) continue;
    const stationId = `b${name.split('.')[0]}`.padEnd(10, '0');
    rows.set(
      stationId,
      lines
        .filter((line) => (line[column] ?? '') !== '')
        .map((line) => hourlyRow(stationId, Number(line[0]) * HOUR_MS, Number(line[column]))),
    );
  }
  return { rows, ids: [...rows.keys()] };
}

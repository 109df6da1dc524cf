import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyBundle } from '../../server/citation/verifyBundle.ts';
import { runCli } from '../../server/cli/runCli.ts';
import { DAY_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { AcceptedMessage } from '../../server/domain/reading.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { ADMIN_TOKEN, type Program, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

/** Midnight at UTC+1; 80 days before the test's now. */
const FIRST = Date.parse('2026-01-10T00:00:00+01:00');
const NOW = FIRST + 80 * DAY_MS;
const asAdmin = { key: ADMIN_TOKEN };

function course(stationId: string, days: number, from = FIRST): AcceptedMessage[] {
  return Array.from({ length: days * 288 }, (_, at) => {
    const measuredAt = from + at * 5 * MINUTE_MS;
    const values = { pm25: 10 + (at % 5), pm10: 20 + (at % 7) };
    const readings = [{ stationId, sensor: 'sds011', measuredAt, values, flags: 0 }];
    return { stationId, measuredAt, receivedAt: measuredAt, health: { interval: 296_000 }, readings };
  });
}

/** Three days of one station, 80 days ago, in a data folder; then the program with all rows made. */
async function startWithPast(settings: Record<string, string> = {}) {
  const before = await startProgram({ clock: () => FIRST });
  const { id } = await before.addStation('esp8266-4711');
  await before.close();
  await store(before.dataDir, course(id, 3));
  const program = await startProgram({ dataDir: before.dataDir, clock: () => NOW, settings });
  await until(
    'the rows are made',
    async () => (await daysOf(program, id)).filter((mean) => mean !== null).length === 3,
  );
  return { program, id };
}

async function store(dataDir: string, messages: AcceptedMessage[]): Promise<void> {
  const readings = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await readings.open();
  await readings.append(messages);
  await readings.close();
}

async function seriesOf({ get }: Program, id: string, window: string, more = '') {
  const query = new URLSearchParams({
    quantity: 'pm25',
    window,
    from: '2026-01-09T23:00:00Z',
    to: '2026-01-13T00:00:00Z',
  });
  const { status, text } = await get(`/api/v1/stations/${id}/series?${query}${more}`);
  expect(status).toBe(200);
  return JSON.parse(text) as { sensor: string; points: { mean: number | null }[]; prunedBefore?: string };
}

async function daysOf(program: Program, id: string): Promise<(number | null)[]> {
  return (await seriesOf(program, id, '1d')).points.map(({ mean }) => mean);
}

async function prune({ dataDir }: Pick<Program, 'dataDir'>, ...args: string[]) {
  const said = { out: '', err: '' };
  const code = await runCli(['prune', ...args], {
    env: { DATA_DIR: dataDir },
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

describe('npx buergerluft prune', () => {
  it('says first what goes and what stays, and removes nothing without --yes', async () => {
    const { program, id } = await startWithPast();
    const { code, out } = await prune(program, '--before', '2026-01-12');
    expect(code).toBe(0);
    expect(out).toContain('Readings before 2026-01-12 (days at +01:00): 576 of 1 station.\n');
    expect(out).toContain('- single readings and means of 5 and 15 minutes of that time');
    expect(out).toContain('- every citation: it keeps its own copy of its hours and still verifies');
    expect(out).toContain('Nothing has been removed.');
    const dry = await prune(program, '--before', '2026-01-12', '--yes', '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toMatchObject({ readings: 576, stations: 1, isDone: false });
    expect((await seriesOf(program, id, 'raw')).points).toHaveLength(864);
  });

  it('leaves hours, days, reports and citations as they were, says what is gone, also after a restart', async () => {
    const { program, id } = await startWithPast();
    const question = { station: id, quantity: 'pm25', from: '2026-01-10', to: '2026-01-12' };
    const cited = await program.send('POST', '/api/v1/citations', { body: question });
    expect(cited.status).toBe(201);
    const { id: citation } = JSON.parse(cited.text);
    const seen = async (running: Program) => ({
      days: await seriesOf(running, id, '1d'),
      hours: await seriesOf(running, id, '1h'),
      report: (await running.get(`/report/report.json?${new URLSearchParams(question)}`)).text,
      bundle: (await running.get(`/api/v1/citations/${citation}/bundle.json`)).text,
    });
    const before = await seen(program);
    const { code, out } = await prune(program, '--before', '2026-01-12', '--yes');
    expect([code, out.split('\n')[0]]).toEqual([
      0,
      'Readings before 2026-01-12 (days at +01:00): 576 of 1 station, removed.',
    ]);
    await program.close();

    // Something asks for these rows to be made anew: a reading that comes late, for the day that is half gone.
    await store(program.dataDir, course(id, 1, FIRST + 2 * MINUTE_MS).slice(0, 1));
    const again = await startProgram({ dataDir: program.dataDir, clock: () => NOW });
    await until('nothing is left to be made', async () => {
      const { lag } = JSON.parse((await again.send('GET', '/api/v1/admin/overview', asAdmin)).text);
      return lag.stationsToRemake === 0 && lag.hoursClosedUntil !== null;
    });
    const after = await seen(again);
    expect(after).toEqual(before);
    expect(verifyBundle(after.bundle)).toMatchObject({ outcome: 'holds' });
    expect((await seriesOf(again, id, 'raw')).prunedBefore).toBe('2026-01-11T23:00:00.000Z');
    // Days of other hours than the kept ones are made of readings: where these are gone that is said, in files too.
    expect((await seriesOf(again, id, '1d', '&day=%2B05:30')).prunedBefore).toBe('2026-01-11T23:00:00.000Z');
    expect((await seriesOf(again, id, '1d')).prunedBefore).toBeUndefined();
    const asked = `/api/v1/stations/${id}/series?quantity=pm25&window=raw&from=2026-01-09T23:00:00Z&format=csv`;
    expect((await again.get(asked)).text).toContain(
      '# Single readings before 2026-01-11T23:00:00.000Z were removed by the operator.\n',
    );
    const page = (await again.get(`/cite/${citation}?lang=de&wait=1`)).text;
    expect(page).toContain('Dieselbe Frage ergibt heute dieselbe Antwort.');
    expect(page).toContain('Einzelne Messwerte vor dem 12.1.2026 hat der Betreiber gelöscht.');
  });

  it('refuses what is too young, and what hourly means are still to be made of', async () => {
    const { program, id } = await startWithPast();
    expect(await prune(program, '--before', '2026-03-20', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('At least the last 45 days stay'),
    });
    expect((await prune(program, '--before', 'yesterday')).code).toBe(2);
    await program.close();
    await store(program.dataDir, course(id, 1, FIRST + 2 * MINUTE_MS));
    expect(await prune(program, '--before', '2026-01-12', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('not all made yet'),
    });
  });

  it('says where there is nothing to remove, whatever is still to be made', async () => {
    const { dataDir, close } = await startProgram({ clock: () => FIRST });
    await close();
    const answer = await prune({ dataDir }, '--before', '2026-01-10', '--yes');
    expect(answer).toEqual({
      code: 0,
      out: 'There is nothing to remove: no readings before 2026-01-10 (days at +01:00).\n',
      err: '',
    });
  });

  it('leaves the days of a station whose readings are all gone, and what official stations published', async () => {
    const { program, id } = await startWithPast();
    await prune(program, '--before', '2026-01-14', '--yes');
    const { points } = await seriesOf(program, id, '1d');
    expect(points.filter(({ mean }) => mean !== null)).toHaveLength(3);
    expect((await seriesOf(program, id, 'raw')).points).toEqual([]);
    // Also by its name, when another instrument has spoken since.
    const later = { stationId: id, sensor: 'sps30', measuredAt: NOW - DAY_MS, values: { pm25: 7 }, flags: 0 };
    await program.close();
    await store(program.dataDir, [{ ...later, receivedAt: NOW - DAY_MS, health: {}, readings: [later] }]);
    const again = await startProgram({ dataDir: program.dataDir, clock: () => NOW });
    expect((await seriesOf(again, id, '1d')).sensor).toBe('sps30');
    expect(await seriesOf(again, id, '1d', '&sensor=sds011')).toMatchObject({ sensor: 'sds011', points });
  });

  it('keeps where days begin: those of pruned readings cannot be made anew', async () => {
    const { program } = await startWithPast();
    await prune(program, '--before', '2026-01-12', '--yes');
    await program.close();
    const other = startProgram({ dataDir: program.dataDir, clock: () => NOW, settings: { DAY_OFFSET: '+02:00' } });
    await expect(other).rejects.toThrow('readings until 2026-01-11 were pruned');
  });

  it('is done by the server itself with RETENTION, once the means are made', async () => {
    const { program, id } = await startWithPast({ RETENTION: '60d' });
    await program.close();
    const again = await startProgram({ dataDir: program.dataDir, clock: () => NOW, settings: { RETENTION: '60d' } });
    await until('the readings are gone', async () => (await seriesOf(again, id, 'raw')).points.length === 0);
    expect((await daysOf(again, id)).filter((mean) => mean !== null)).toHaveLength(3);
  });
});

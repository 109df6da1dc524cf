import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { runCli } from '../../../server/cli/runCli.ts';
import type { AdminOverview } from '../../../server/domain/operator/adminOverview.ts';
import { controlSocketPath } from '../../../server/process/controlSocket.ts';
import { airrohrBody } from '../../support/airrohrBody.ts';
import { ADMIN_TOKEN, type OwnStation, type Program, startProgram } from '../../support/program.ts';
import { startServerProcess } from '../../support/serverProcess.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { until } from '../../support/until.ts';
import { sendOverSocket } from './overSocket.ts';

const asAdmin = { key: ADMIN_TOKEN };
const OVERVIEW = '/api/v1/admin/overview';

async function overviewOf(program: Program): Promise<AdminOverview> {
  const { status, text } = await program.send('GET', OVERVIEW, asAdmin);
  expect(status).toBe(200);
  return JSON.parse(text) as AdminOverview;
}

async function push({ url }: Program, { deviceId, token }: OwnStation): Promise<number> {
  const response = await fetch(`${url}/push/${token}`, { method: 'POST', body: airrohrBody(deviceId) });
  return response.status;
}

async function register({ send }: Program, name = 'Hinterhof'): Promise<{ id: string; ownerKey: string }> {
  const body = { name, position: { lat: 51.4567891, lon: 7.0123456 }, isIndoor: false, acceptedTerms: true };
  const { station, ownerKey } = JSON.parse((await send('POST', '/api/v1/stations', { body })).text);
  return { id: station.id, ownerKey };
}

describe('the operator’s overview', () => {
  it('is for the admin key and the control socket only', async () => {
    const program = await startProgram();
    const { ownerKey } = await program.addStation('esp8266-4711');
    const statusOf = async (key?: string) =>
      (await program.send('GET', OVERVIEW, key === undefined ? {} : { key })).status;
    expect([await statusOf(), await statusOf('00000000000000000000000000')]).toEqual([401, 401]);
    expect([await statusOf(ownerKey), await statusOf(ADMIN_TOKEN)]).toEqual([403, 200]);
    expect(await sendOverSocket(controlSocketPath(program.dataDir), OVERVIEW)).toBe(200);
    const answer = await program.send('GET', OVERVIEW, asAdmin);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('counts what came in and what was turned away, tells queues, store and disk, and is as described', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-4711');
    expect(await push(program, station)).toBe(204);
    await fetch(`${program.url}/push/00000000000000000000000000`, { method: 'POST', body: '{}' });
    const overview = await overviewOf(program);
    expect(overview.rejections).toEqual([{ reason: 'wrong-token', count: 1 }]);
    expect(Object.keys(overview.queues).sort()).toEqual([
      ...['broker', 'browsers', 'committer', 'messages', 'mqttConnections', 'spoolBytes'],
    ]);
    expect(overview.store).toMatchObject({ kind: 'duckdb', isTaking: true });
    expect(overview.disk.totalBytes).toBeGreaterThan(overview.disk.freeBytes);
    expect(overview.lag.newestReadingSeconds).toBeLessThan(60);
    expect(overview.lag.commitMs).toBeGreaterThan(0);
    expect(overview.stations).toMatchObject({ total: 1, active: 1, silent: { list: [], more: 0 } });
    const document = JSON.parse((await program.get('/api/v1/openapi.json')).text);
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const { schema } = document.paths[OVERVIEW].get.responses['200'].content['application/json'];
    const isValid = ajv.compile(schema);
    expect([isValid(overview), isValid.errors]).toEqual([true, null]);
  });

  it('remembers the course and the starts over a restart, and which run was not ended', async () => {
    const first = await startProgram();
    const station = await first.addStation('esp8266-4711');
    await push(first, station);
    await first.close();
    const second = await startProgram({ dataDir: first.dataDir });
    const { process, rates } = await overviewOf(second);
    expect(rates.cells.reduce((sum, { readings }) => sum + readings, 0)).toBe(2);
    expect(process.starts).toHaveLength(2);
    expect(process.starts.map(({ stoppedAt }) => stoppedAt !== undefined)).toEqual([false, true]);
  });

  it('lists stations that have gone silent, with since when', async () => {
    const time = { now: Date.now() };
    const program = await startProgram({ clock: () => time.now });
    const station = await program.addStation('esp8266-4711');
    await push(program, station);
    const heardAt = time.now;
    time.now += 2 * 3_600_000;
    const { silent } = (await overviewOf(program)).stations;
    expect(silent.list).toMatchObject([{ id: station.id, name: 'Balcony', isPublic: true }]);
    expect(Math.abs(Date.parse(silent.list[0]!.lastHeardAt) - heardAt)).toBeLessThan(1_000);
  });

  it('says that the folder of the backups cannot be read, and all the rest with it', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    const server = await startServerProcess({ settings: { BACKUP_DIR: file } });
    const { backup, stations } = (await server.request('GET', OVERVIEW)).body as unknown as AdminOverview;
    expect(backup).toMatchObject({ kept: 0, failures: 1, lastFailure: { message: expect.stringContaining(file) } });
    expect(stations.total).toBe(0);
  });

  it('makes a backup when asked, where there is a folder for it', async () => {
    const folder = temporaryFolder();
    const without = await startProgram();
    const refused = await without.send('POST', '/api/v1/admin/backups', asAdmin);
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([409, 'no-backup-folder']);
    await without.close();

    const server = await startServerProcess({ settings: { BACKUP_DIR: folder } });
    const newest = async () => (await server.request('GET', OVERVIEW)).body.backup as AdminOverview['backup'];
    await until('the daily backup is there', async () => (await newest()).newest !== undefined);
    const before = (await newest()).newest!.madeAt;
    // Backups are named by the second.
    await wait(1_100);
    const ask = async () => (await server.request('POST', '/api/v1/admin/backups')).status;
    await until('another may be begun', async () => (await ask()) === 202);
    await until('it is there', async () => (await newest()).newest!.madeAt > before);
    expect((await newest()).newest!.rows).toBeGreaterThan(0);
  });
});

describe('a station left out of figures', () => {
  it('is so at once, says why and since when, stays so over a restart, and counts again', async () => {
    const program = await startProgram({ settings: { LANGUAGE: 'de' } });
    const station = await program.addStation('esp8266-4711');
    await push(program, station);
    const path = `/api/v1/admin/stations/${station.id}/exclusion`;
    const doubtful = async ({ get }: Program) =>
      JSON.parse((await get('/api/v1/map?quantity=pm25&average=latest')).text).doubtful;
    const before = await doubtful(program);
    const excluded = await program.send('PUT', path, { ...asAdmin, body: { reason: 'local-source' } });
    expect(excluded.status).toBe(200);
    expect(before).toEqual([0]);
    await until('the map shows it as doubtful', async () => (await doubtful(program))[0] === 1);
    const page = await program.get(`/station/${station.id}?lang=en`);
    expect(page.text).toContain('stands right beside a source (stove, barbecue, vent)');
    expect(page.text).toMatch(/Left out of figures since \d\d?\/\d\d?\/20\d\d/);
    await program.close();

    const after = await startProgram({ dataDir: program.dataDir });
    const feature = JSON.parse((await after.get(`/api/v1/stations/${station.id}`)).text);
    expect(feature.properties).toMatchObject({
      status: 'excluded',
      statusReason: 'steht unmittelbar an einer Quelle (Ofen, Grill, Lüftung)',
      exclusion: { reason: 'local-source' },
    });
    expect((await overviewOf(after)).stations.excluded).toMatchObject([{ id: station.id, reason: 'local-source' }]);
    expect((await after.send('DELETE', path, asAdmin)).status).toBe(200);
    const again = JSON.parse((await after.get(`/api/v1/stations/${station.id}`)).text).properties;
    expect([again.status, again.statusReason, again.exclusion]).toEqual(['active', undefined, undefined]);
    const raw = await after.get(`/api/v1/stations/${station.id}/series?quantity=pm25&window=raw`);
    expect(JSON.parse(raw.text).points).toMatchObject([{ value: 34.47, flags: [] }]);
  });

  it('is left out of the files that others make means of, and still answers on its own', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-4711');
    await push(program, station);
    const fileOf = async () =>
      JSON.parse((await program.get('/static/v1/data.json')).text) as { sensor: { id: number } }[];
    await until('it is in the file', async () => (await fileOf()).length > 0);
    const [record] = await fileOf();
    const path = `/api/v1/admin/stations/${station.id}/exclusion`;
    await program.send('PUT', path, { ...asAdmin, body: { reason: 'sensor-fault' } });
    await until('it is out of the file', async () => (await fileOf()).length === 0);
    const own = JSON.parse((await program.get(`/airrohr/v1/sensor/${record!.sensor.id}/`)).text);
    expect(own.length).toBeGreaterThan(0);
  });

  it('must be shown, and the reason one of the list', async () => {
    const program = await startProgram();
    const waiting = await register(program);
    const put = async (id: string, reason: string) => {
      const path = `/api/v1/admin/stations/${id}/exclusion`;
      const { status, text } = await program.send('PUT', path, { ...asAdmin, body: { reason } });
      return [status, JSON.parse(text).code];
    };
    expect(await put(waiting.id, 'test')).toEqual([409, 'not-shown']);
    expect(await put('aaaaaaaaaa', 'test')).toEqual([404, 'not-found']);
    expect(await put(waiting.id, 'because Mr Smith grills')).toEqual([400, 'invalid-request']);
    const patch = { body: { status: 'excluded', statusReason: 'vent' }, ...asAdmin };
    expect((await program.send('PATCH', `/api/v1/stations/${waiting.id}`, patch)).status).toBe(409);
    const found = await program.send('GET', '/api/v1/admin/stations?q=HINTER', asAdmin);
    expect(JSON.parse(found.text).stations).toEqual([{ id: waiting.id, name: 'Hinterhof', status: 'pending' }]);
  });
});

describe('a station that waits', () => {
  it('is refused, and one that is shown left out and counted again, on the command line too', async () => {
    const program = await startProgram({ settings: { LANGUAGE: 'de' } });
    const waiting = await register(program);
    const shown = await program.addStation('esp8266-4711');
    const run = async (...args: string[]) => {
      const said: string[] = [];
      const terminal = { env: { DATA_DIR: program.dataDir }, out: (text: string) => void said.push(text) };
      const code = await runCli(['station', ...args], { ...terminal, err: () => undefined });
      return [code, said.join('')];
    };
    expect(await run('refuse', waiting.id, 'double')).toEqual([0, `${waiting.id} is pending: refused, double\n`]);
    expect((await run('list'))[1]).toMatch(new RegExp(`^${waiting.id}  refused   `, 'm'));
    expect((await run('show', waiting.id))[1]).toContain(`(${waiting.id}), pending: refused, double\n`);
    expect(await run('exclude', shown.id, 'test')).toEqual([0, `${shown.id} is excluded: test operation\n`]);
    expect(await run('exclude', shown.id, 'whatever')).toEqual([2, '']);
    expect(await run('include', shown.id)).toEqual([0, `${shown.id} is active\n`]);
    expect(await run('exclude', 'aaaaaaaaaa', 'test')).toEqual([1, '']);
  });

  it('is refused with a reason its owner reads, and can still be let through', async () => {
    const program = await startProgram();
    const waiting = await register(program);
    const body = { reason: 'place-unclear' };
    const path = `/api/v1/admin/stations/${waiting.id}/refusal`;
    expect((await program.send('PUT', path, { ...asAdmin, body })).status).toBe(200);
    const own = await program.send('GET', `/api/v1/stations/${waiting.id}/owner`, { key: waiting.ownerKey });
    expect(JSON.parse(own.text).station).toMatchObject({ status: 'pending', refusal: body });
    expect((await overviewOf(program)).stations.pending).toMatchObject([{ id: waiting.id, refusal: body }]);
    await program.send('POST', `/api/v1/stations/${waiting.id}/approve`, asAdmin);
    const { pending, active } = (await overviewOf(program)).stations;
    expect([pending, active]).toEqual([[], 1]);
    expect((await program.send('PUT', path, { ...asAdmin, body })).status).toBe(409);
  });

  it('is deleted 30 days after it was refused', async () => {
    const time = { now: Date.now() };
    const first = await startProgram({ clock: () => time.now });
    const waiting = await register(first);
    const path = `/api/v1/admin/stations/${waiting.id}/refusal`;
    await first.send('PUT', path, { ...asAdmin, body: { reason: 'other' } });
    await first.close();
    time.now += 30 * 86_400_000;
    const second = await startProgram({ dataDir: first.dataDir, clock: () => time.now });
    await until('it is gone', async () => (await overviewOf(second)).stations.total === 0);
  });
});

import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ImportReport } from '../../server/archive/importReport.ts';
import { progressLines } from '../../server/cli/progressLines.ts';
import { runCli } from '../../server/cli/runCli.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { controlSocketPath } from '../../server/process/controlSocket.ts';
import { startServer } from '../../server/start/startServer.ts';
import { StationStore } from '../../server/store/registry/stationStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';
import { fixture } from './archiveHouse.ts';

async function run(dataDir: string, ...args: string[]) {
  let [out, err] = ['', ''];
  const env = { DATA_DIR: dataDir };
  const code = await runCli(args, { env, out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

async function serve(dataDir: string) {
  const config = loadConfig({ DATA_DIR: dataDir, HTTP_PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'silent' });
  const server = await startServer(config, { log: createLog('silent') });
  closeAfterTest(() => server.close());
  return server;
}

/** The one station of a data folder nobody has open. */
async function onlyStation(dataDir: string): Promise<string> {
  const registry = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock: Date.now, randomBytes });
  await registry.open();
  const [station, ...more] = registry.stations();
  await registry.close();
  expect(more).toEqual([]);
  return station!.id;
}

const FILE = fixture('files/2022-02-09_sds011_sensor_3659.csv.gz');
/** Lines of it without the header. */
const ROWS = 434;

describe('npx buergerluft import and export', () => {
  it('work on a data folder no server has, and say in plain words what became of every row', async () => {
    const dataDir = temporaryFolder();
    const imported = await run(dataDir, 'import', FILE, fixture('files/berlin_data_sample.csv'));
    expect(imported.code).toBe(1);
    expect(imported.out).toMatch(/^Files {6}1 read, 0 imported before, 1 not readable\nRows/);
    expect(imported.out).toMatch(/stored {5}\d+\n {2}duplicate {2}0\n/);
    expect(imported.out).toMatch(/Refused {4}1 file: unknown-format\n {13}\S+berlin_data_sample.csv:1 /);
    const again = JSON.parse((await run(dataDir, 'import', FILE, '--again', '--json')).out) as ImportReport;
    expect(again).toMatchObject({ stored: 0, duplicates: again.rows, refusedRows: 0 });
    const folder = temporaryFolder();
    const exported = await run(dataDir, 'export', '--station', await onlyStation(dataDir), '--out', folder);
    expect(exported).toEqual({ code: 0, out: expect.stringContaining('readings in 1 file in'), err: '' });
    expect(exported.out).toContain('; licence: ODbL-1.0 (Sensor.Community, https://sensor.community/)\n');
    expect(readdirSync(folder)).toEqual(['2022-02-09']);
    expect((await run(dataDir, 'import', FILE, '--dry-run')).out).toContain('dry run');
  });

  it('are done by a running server, which shows the new station at once and stays the only one with the stores open', async () => {
    const dataDir = temporaryFolder();
    const { httpPort } = await serve(dataDir);
    const imported = await run(dataDir, 'import', FILE, '--json');
    const report = JSON.parse(imported.out) as ImportReport;
    expect([imported.code, imported.err]).toEqual([0, '']);
    expect(report).toMatchObject({ files: { read: 1 }, rows: ROWS, stored: ROWS, stations: { made: 1 } });
    const stations = (await (await fetch(`http://127.0.0.1:${httpPort}/api/v1/stations`)).json()) as {
      features: { properties: { id: string; source: string; externalIds: string[] } }[];
    };
    const [{ properties } = { properties: undefined }] = stations.features;
    expect(properties).toMatchObject({
      source: 'import',
      externalIds: ['sensor.community:3659', 'sensor.community-location:1846'],
    });
    const folder = temporaryFolder();
    const exported = await run(
      dataDir,
      'export',
      '--station',
      properties!.id,
      '--format',
      'parquet',
      '--out',
      folder,
      '--json',
    );
    const { files, rows } = JSON.parse(exported.out) as { files: string[]; rows: number };
    expect(rows).toBe(report.rows);
    expect(readFileSync(files[0]!).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('say what is wrong in one line, with or without a server', async () => {
    const [withServer, without] = [temporaryFolder(), temporaryFolder()];
    await serve(withServer);
    for (const dataDir of [withServer, without]) {
      const nowhere = await run(dataDir, 'import', FILE, '--station', 'aaaaaaaaaa');
      expect(nowhere).toEqual({ code: 1, out: '', err: 'There is no station aaaaaaaaaa; `station list` shows all.\n' });
      const nothing = await run(dataDir, 'export', '--station', 'aaaaaaaaaa');
      expect([nothing.code, nothing.err]).toEqual([1, nowhere.err]);
    }
    // Where no file system is mounted, and below /proc, Node's own way of making folders never returns.
    await run(without, 'import', FILE);
    const station = await onlyStation(without);
    for (const format of ['csv', 'parquet']) {
      const unwritable = await run(
        without,
        'export',
        '--station',
        station,
        '--format',
        format,
        '--out',
        '/proc/nowhere',
      );
      expect(unwritable).toEqual({ code: 1, out: '', err: expect.stringMatching(/^\/proc\/nowhere: .+\n$/) });
    }
    expect(await run(withServer, 'archive', '--out', '/proc/nowhere')).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^ENOENT: .*\/proc\/nowhere.*\n$/),
    });
    for (const args of [['import'], ['export'], ['export', '--station', 'aaaaaaaaaa', '--from', 'May']]) {
      expect((await run(without, ...args)).code).toBe(2);
    }
  });

  it('are open to the control socket only: they read and write files of this machine', async () => {
    const dataDir = temporaryFolder();
    const { httpPort } = await serve(dataDir);
    const key = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
    const body = JSON.stringify({ paths: [FILE] });
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
    for (const path of ['imports', 'exports']) {
      const answer = await fetch(`http://127.0.0.1:${httpPort}/_control/${path}`, { method: 'POST', headers, body });
      expect(answer.status).toBe(404);
    }
  });

  it('end an import whose caller went away, with what was read stored, and take the next one', async () => {
    const dataDir = temporaryFolder();
    await serve(dataDir);
    const copies = join(temporaryFolder(), 'many');
    mkdirSync(copies);
    const body = JSON.stringify({ paths: Array.from({ length: 200 }, () => fixture('files')), isAgain: true });
    await new Promise<void>((gone) => {
      const sent = request({
        socketPath: controlSocketPath(dataDir),
        method: 'POST',
        path: '/_control/imports',
        headers: { 'Content-Type': 'application/json' },
      });
      sent.on('response', (response) => response.destroy());
      sent.on('error', () => undefined).on('close', gone);
      sent.end(body);
    });
    await until('the next is taken', async () => (await run(dataDir, 'import', FILE, '--json')).code === 0);
  });
});

describe('the progress of an import', () => {
  const progress = { file: '/a/x.csv', filesDone: 1, files: 4, rows: 12_000, bytesDone: 250, bytes: 1000, ms: 3_000 };

  it('is a bar that is written over on a screen', () => {
    let shown = '';
    const lines = progressLines({ err: (text) => (shown += text), isScreen: true });
    lines.show(progress);
    lines.end();
    expect(shown).toBe(
      '\r\u001b[K[######..................] 1 of 4 files, 12,000 rows, 4,000 rows/s, 9 s left (x.csv)\r\u001b[K',
    );
  });

  it('is a line every five seconds anywhere else', () => {
    let shown = '';
    const lines = progressLines({ err: (text) => (shown += text) });
    for (const ms of [3_000, 5_000, 6_000, 9_999, 10_000]) lines.show({ ...progress, ms });
    lines.end();
    expect(shown.split('\n')).toEqual([
      '1 of 4 files, 12,000 rows, 2,400 rows/s, 15 s left (x.csv)',
      '1 of 4 files, 12,000 rows, 1,200 rows/s, 30 s left (x.csv)',
      '',
    ]);
  });
});

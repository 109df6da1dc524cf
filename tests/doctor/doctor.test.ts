import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { runCli } from '../../server/cli/runCli.ts';
import { loadConfig } from '../../server/config.ts';
import { clockCheck } from '../../server/doctor/machineChecks.ts';
import { basic, exchange, request } from '../bridge/rawHttp.ts';
import { runCliProcess } from '../support/cliProcess.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startInfluxd } from '../support/influxd.ts';
import { airrohrBody } from '../support/ingestHost.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** The doctor's findings by name. */
async function examine(settings: Record<string, string>) {
  const { code, out, err } = await runCliProcess(['doctor', '--json'], settings);
  expect(err).toBe('');
  const findings = JSON.parse(out) as { name: string; state: string; detail: string; help?: string }[];
  return { code, by: Object.fromEntries(findings.map((finding) => [finding.name, finding])) };
}

/** What a verb says in the container of docker-compose.yml. */
async function inContainer(args: string[], env: Record<string, string> = {}) {
  const said = { out: '', err: '' };
  const terminal = {
    ...{ env, isContainer: true },
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  return { code: await runCli(args, terminal), ...said };
}

/** A certificate for localhost that lasts so many days. */
function certificateFor(days: number) {
  const folder = temporaryFolder();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', String(days), ...subject];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

describe('npx buergerluft doctor', () => {
  it('says that readings of the other store lie there unseen', async () => {
    const influxd = await startInfluxd();
    closeAfterTest(() => influxd.destroy());
    const DATA_DIR = temporaryFolder();
    const settings = { DATA_DIR, STORE: 'influxdb', INFLUX_URL: influxd.url, INFLUX_BUCKET: 'luft' };
    expect((await examine(settings)).by.store).toMatchObject({ state: 'ok' });
    const file = join(DATA_DIR, 'readings.duckdb');
    writeFileSync(file, '');
    expect((await examine(settings)).by.store).toMatchObject({
      state: 'warn',
      detail: `influxdb, 0 stations, 0 readings. The readings in ${file} are not shown.`,
      help: expect.stringContaining('docs/stores.md'),
    });
  });

  it('finds a running server sound, and names what is not set', async () => {
    const server = await startServerProcess();
    const { code, by } = await examine({ DATA_DIR: server.dataDir });
    expect(code).toBe(0);
    expect(by.server).toMatchObject({ state: 'ok', detail: 'It runs and is ready.' });
    expect(by.broker).toMatchObject({ state: 'ok' });
    expect(by['data folder']).toMatchObject({ state: 'ok' });
    expect(by.disk?.detail).toMatch(/^\d{1,3} % used, \d+ GB free\.$/);
    expect(by.clock?.detail).toMatch(/^Set/);
    expect(by.HTTPS).toMatchObject({ detail: 'Without PUBLIC_URL no https address is known.' });
    for (const name of ['DNS', 'HTTPS', 'mail', 'backup']) {
      expect(by[name]).toMatchObject({ state: 'warn', help: expect.stringMatching(/set|put/) });
    }
  });

  it('finds a stopped instance, its rows and its backup, and a folder open to others', async () => {
    const backupDir = temporaryFolder();
    const server = await startServerProcess();
    await server.stop();
    chmodSync(server.dataDir, 0o755);
    const settings = { DATA_DIR: server.dataDir, BACKUP_DIR: backupDir };
    expect((await examine(settings)).by.backup).toMatchObject({ state: 'fail', help: 'npx buergerluft backup' });
    expect((await runCliProcess(['backup'], settings)).code).toBe(0);
    const { code, by } = await examine(settings);
    expect(code).toBe(0);
    expect(by.server).toMatchObject({ state: 'warn', help: 'npm start' });
    expect(by.store).toMatchObject({ state: 'ok', detail: expect.stringContaining('0 readings') });
    expect(by.backup).toMatchObject({ state: 'ok', detail: expect.stringContaining('it can be restored') });
    expect(by['data folder']).toMatchObject({ state: 'warn', help: `chmod 700 ${server.dataDir}` });
  });

  it('sees that the file of the stations, or of the readings, was deleted by hand, as the server does at its start', async () => {
    const [DATA_DIR, aside] = [temporaryFolder(), temporaryFolder()];
    const settings = { DATA_DIR };
    const move = (name: string, from: string, to: string) => renameSync(join(from, name), join(to, name));
    const help = expect.stringContaining('npx buergerluft restore <newest backup> --replace');
    const first = await startServerProcess({ settings });
    const device = await addStationOver(first, 'esp8266-15303512');
    const push = request('POST', '/data.php', [basic(device), 'Connection: close'], airrohrBody(1));
    expect((await exchange(first.httpPort, push)).status).toBe(204);
    expect((await examine(settings)).by.store).toMatchObject({ state: 'ok' });
    await first.stop();
    expect((await examine(settings)).by.store).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('duckdb, 1 station, 1 reading,'),
    });

    move('registry.duckdb', DATA_DIR, aside);
    const noStations = { state: 'warn', detail: expect.stringContaining('not one station'), help };
    expect((await examine(settings)).by.store).toMatchObject(noStations);
    const second = await startServerProcess({ settings });
    expect(second.lines.filter((line) => line.includes('registry.duckdb was deleted'))).toHaveLength(1);
    expect((await examine(settings)).by.store).toMatchObject(noStations);
    await second.stop();

    move('registry.duckdb', aside, DATA_DIR);
    move('readings.duckdb', DATA_DIR, aside);
    expect((await examine(settings)).by.store).toMatchObject({
      ...{ state: 'warn', detail: expect.stringContaining('not one reading'), help },
    });
    const third = await startServerProcess({ settings });
    expect(third.lines.filter((line) => line.includes('readings.duckdb was deleted'))).toHaveLength(1);
  });

  it('finds a clock that was never set', async () => {
    const nobody = () => Promise.reject(new Error('nobody asks'));
    const patient = { config: loadConfig({}), isRunning: false, isContainer: false, ask: nobody };
    const found = await clockCheck({ ...patient, clock: () => Date.UTC(1970, 0, 1) });
    expect(found).toEqual({
      state: 'fail',
      detail: 'It says 1970-01-01T00:00:00.000Z.',
      help: 'timedatectl set-ntp true',
    });
  });

  it('names, in a container, commands that work from outside of it', async () => {
    const [dataDir, backups] = [temporaryFolder(), temporaryFolder()];
    chmodSync(dataDir, 0o755);
    const settings = { DATA_DIR: dataDir, BACKUP_DIR: backups, PUBLIC_URL: 'https://localhost' };
    const said = await inContainer(['doctor', '--json'], { ...settings, MQTT_URL: 'mqtt://127.0.0.1:1' });
    const findings = JSON.parse(said.out) as { name: string; help?: string }[];
    const helps = Object.fromEntries(findings.map(({ name, help }) => [name, help]));
    expect(helps).toMatchObject({
      'data folder': `docker compose exec server chmod 700 ${dataDir}`,
      server: 'docker compose up -d',
      broker: 'docker compose logs --tail 100 mosquitto',
      HTTPS: "set DOMAIN in .env to the instance's name, then: docker compose up -d",
      mail: 'set SMTP_URL and MAIL_FROM in .env, then: docker compose up -d',
      backup: 'docker compose exec server buergerluft backup',
    });
    expect(said.out + said.err).not.toContain('npx');
    expect((await inContainer(['restore', '--help'])).out).toMatch(
      /^docker compose run --rm server buergerluft restore /,
    );
    expect((await inContainer(['backup', '--nowhere'])).err).toContain('docker compose exec server buergerluft backup');
    for (const args of [[], ['--help'], ['nonsense'], ['station']]) {
      const { out, err } = await inContainer(args);
      expect(out + err).toContain('docker compose exec server buergerluft');
      expect(out + err).not.toContain('npx');
    }
  });

  it('tries broker, mail server and certificates for real', async () => {
    const mosquitto = await startMosquitto();
    const smtp = new SMTPServer({
      onAuth: (_auth, _session, done) => done(null, { user: 'us' }),
      disabledCommands: ['STARTTLS'],
    });
    await new Promise<void>((listening) => smtp.listen(0, '127.0.0.1', listening));
    closeAfterTest(() => new Promise<void>((closed) => smtp.close(closed)));
    const { cert, key } = certificateFor(5);
    const sound = {
      DATA_DIR: temporaryFolder(),
      MQTT_URL: mosquitto.url,
      SMTP_URL: `smtp://us:secret@127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
      MAIL_FROM: 'luft@example.org',
      OPERATOR_MAIL: 'betrieb@example.org',
      PUBLIC_URL: 'https://localhost:1',
      TLS_CERT: cert,
      TLS_KEY: key,
    };
    const { by } = await examine(sound);
    expect(by.broker).toMatchObject({ state: 'ok' });
    expect(by.mail).toMatchObject({ state: 'ok' });
    expect(by.DNS).toMatchObject({ state: 'ok', detail: expect.stringContaining('127.0.0.1') });
    expect(by.certificate).toMatchObject({ state: 'warn', detail: expect.stringMatching(/lasts [45] more days/) });
    expect(by.HTTPS).toMatchObject({ state: 'fail' });
    const { OPERATOR_MAIL: _nobody, ...unnamed } = sound;
    expect((await examine({ ...unnamed, CONTACT: 'https://city.example.org' })).by.mail).toMatchObject({
      ...{ state: 'warn', detail: expect.stringContaining('Nobody is warned'), help: 'set OPERATOR_MAIL' },
    });
    const wrong = {
      ...sound,
      MQTT_URL: 'mqtt://127.0.0.1:1',
      SMTP_URL: 'smtp://127.0.0.1:1',
      TLS_KEY: certificateFor(5).key,
    };
    const broken = await examine(wrong);
    expect(broken.code).toBe(1);
    expect(broken.by.broker).toMatchObject({ state: 'fail', detail: expect.stringContaining('127.0.0.1:1') });
    expect(broken.by.mail).toMatchObject({ state: 'fail' });
    expect(broken.by.certificate).toMatchObject({ state: 'fail', detail: 'TLS_KEY is not the key of TLS_CERT.' });
  });
});

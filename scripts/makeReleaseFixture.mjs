// node scripts/makeReleaseFixture.mjs <version>
// Keeps what the present program writes as tests/fixtures/releases/<version>, for every later one to open: run once a release.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import { root, say } from './run.mjs';

const [version] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new Error('Say the version, such as 0.1.0.');
const target = join(root, 'tests/fixtures/releases', version);
const work = mkdtempSync(join(tmpdir(), 'release-'));
const dataDir = join(work, 'data');
const env = {
  ...{
    PATH: process.env.PATH,
    DATA_DIR: dataDir,
    HTTP_PORT: '0',
    MQTT_PORT: '0',
    HTTP_HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
  },
  // Nobody answers there: the message to confirm the address stays in the outbox.
  ...{ SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'luft@example.org', PUBLIC_URL: 'https://luft.example.org' },
};

function start() {
  const child = spawn(process.execPath, [join(root, 'dist/server/main.js')], { env, cwd: work });
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (bytes) => process.stderr.write(bytes));
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"event":"ready"')) resolve({ child, url: `http://127.0.0.1:${JSON.parse(line).httpPort}` });
    });
  });
}

function verb(...args) {
  const child = spawn(process.execPath, [join(root, 'dist/server/cli.js'), ...args], {
    env,
    cwd: work,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${code}`))));
  });
}

async function send(url, method, path, body, headers = {}) {
  const key = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

/** The hours of an import become rows a while later. */
async function retried(work) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  }
}

const bodies = join(root, 'tests/fixtures');
const { child, url } = await start();
process.on('exit', () => child.kill());
const position = { lat: 51.4501, lon: 7.0102 };
const add = (name, deviceId) => send(url, 'POST', '/api/v1/stations', { name, position, isIndoor: false, deviceId });
const made = await add('Balkon Nord', 'esp8266-15303512');
const gone = await add('Wird gelöscht', 'esp8266-222');
const push = readFileSync(join(bodies, 'wire/custom-api-nrz-2024-135-sds-dht22.json'), 'utf8');
await send(url, 'POST', `/push/${made.device.token}`, push);
await send(url, 'DELETE', `/api/v1/stations/${gone.station.id}`, {});
await verb('import', join(bodies, 'assessment/2022-12-30_sds011_sensor_3659.csv.gz'));
await send(url, 'POST', `/api/v1/stations/${made.station.id}/contacts`, { kind: 'mail', address: 'anna@example.org' });
await send(url, 'PATCH', `/api/v1/stations/${made.station.id}/alerts`, { isMonthly: true });
const { features } = await (await fetch(`${url}/api/v1/stations`)).json();
const imported = features.find(({ properties }) => properties.externalIds?.includes('sensor.community:3659')).properties
  .id;
const question = { station: imported, quantity: 'pm10', from: '2022-12-30', to: '2022-12-30' };
const citation = await retried(() => send(url, 'POST', '/api/v1/citations', question));
const bundle = await (await fetch(`${url}/api/v1/citations/${citation.id}/bundle.json`)).text();
await verb('backup', '--to', join(work, 'backups'));
child.removeAllListeners('exit');
const ended = new Promise((resolve) => child.on('exit', resolve));
child.kill();
await ended;

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const [backup] = readdirSync(join(work, 'backups')).filter((name) => name.startsWith('buergerluft-'));
for (const name of readdirSync(join(work, 'backups', backup))) {
  if (!name.endsWith('.duckdb')) {
    cpSync(join(work, 'backups', backup, name), join(target, 'files', name), { recursive: true });
    continue;
  }
  // As SQL and CSV: a program with another DuckDB reads it too, and so does a reviewer.
  const folder = join(target, name.replace('.duckdb', ''));
  const instance = await DuckDBInstance.create(join(work, 'backups', backup, name), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  await connection.run(`EXPORT DATABASE '${folder}' (FORMAT CSV)`);
  connection.closeSync();
  instance.closeSync();
  const load = join(folder, 'load.sql');
  writeFileSync(load, readFileSync(load, 'utf8').replaceAll(`${folder}/`, '{folder}/'));
}
// Where the imported file lay is this machine's business.
const progress = join(target, 'files', 'import-progress.json');
writeFileSync(progress, readFileSync(progress, 'utf8').replaceAll(join(bodies, 'assessment'), '/archive'));
writeFileSync(join(target, 'bundle.json'), bundle);
const facts = {
  station: made.station,
  ownerKey: made.ownerKey,
  device: made.device,
  imported,
  erased: gone.station.id,
  citation: citation.id,
};
writeFileSync(join(target, 'facts.json'), `${JSON.stringify(facts, undefined, 2)}\n`);
rmSync(work, { recursive: true });
say(`Written: ${target}`);

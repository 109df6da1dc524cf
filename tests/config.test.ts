import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig, offsetMs, readDotEnv, SETTINGS_DOC, settingHints } from '../server/config.ts';
import { createLog } from '../server/log.ts';
import { unreadableFiles } from '../server/settingFiles.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings', () => {
  it('need none to be set', () => {
    expect(loadConfig({})).toEqual({
      ADDRESS_LIMIT: { connections: 500, burst: 1000, perSecond: 50 },
      BACKUP_KEEP: 14,
      BRIDGE_USERNAME: 'bridge',
      HTTP_PORT: 8080,
      TRUST_PROXY: false,
      MQTT_PORT: 1883,
      NODE_ID: 'main',
      ROLES: ['all'],
      DATA_DIR: './data',
      STORE: 'duckdb',
      INSTANCE_NAME: 'Bürgerluft',
      LANGUAGE: 'de',
      TIME_ZONE: 'Europe/Berlin',
      DAY_OFFSET: '+01:00',
      FURTHER_INDICES: false,
      HOME_ASSISTANT: false,
      COUNTRY: 'DE',
      DATA_LICENCE: 'ODbL-1.0',
      REGISTRATION: 'approval',
      SPOOL_LIMIT: { bytes: 1_000_000_000, ageMs: 30 * 86_400_000 },
      RATE_LIMIT: { burst: 600, perSecond: 2 },
      METRICS_PUBLIC: false,
      LOG_LEVEL: 'info',
    });
  });

  it('count empty values as absent, as docker-compose passes them', () => {
    expect(loadConfig({ HTTP_PORT: '', MQTT_URL: '', ADMIN_TOKEN: '' })).toEqual(loadConfig({}));
  });

  it.each([
    ['HTTP_PORT', '0', 0],
    ['TRUST_PROXY', '1', 1],
    ['CONTACT', 'luft@münster.example', 'luft@münster.example'],
    ['CONTACT', 'https://example.org/kontakt', 'https://example.org/kontakt'],
    ['TRUST_PROXY', 'loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
    ['PUBLIC_URL', 'https://luft.example.org/', 'https://luft.example.org'],
    ['PUBLIC_URL', 'http://[fd00::1]:8080', 'http://[fd00::1]:8080'],
    ['DEVICE_URL', 'http://luft.example.org/', 'http://luft.example.org'],
    ['MAP_CENTER', '51.45, -7.01', { lat: 51.45, lon: -7.01 }],
    ['MAP_ZOOM', '12.5', 12.5],
    ['TILE_URL', 'https://{s}.tiles.example.org/{z}/{x}/{y}.png', 'https://{s}.tiles.example.org/{z}/{x}/{y}.png'],
    ['ADMIN_TOKEN', 'oi23456789-abcdefgh-jkmnpqrs', '0123456789ABCDEFGHJKMNPQRS'],
    ['METRICS_PUBLIC', 'yes', true],
    ['RETENTION', '3y', 3 * 365 * 86_400_000],
    ['SPOOL_LIMIT', '500MB', { bytes: 500_000_000, ageMs: 30 * 86_400_000 }],
    ['SPOOL_LIMIT', '2GB,14d', { bytes: 2_000_000_000, ageMs: 14 * 86_400_000 }],
    ['RATE_LIMIT', '10,0.5', { burst: 10, perSecond: 0.5 }],
    ['DAY_OFFSET', '-03:30', '-03:30'],
    ['STORE', 'duckdb', 'duckdb'],
  ] as const)('read %s=%s', (name, text, value) => {
    expect(loadConfig({ [name]: text })[name]).toEqual(value);
  });

  it.each([
    ['HTTP_PORT', 'http'],
    ['HTTP_PORT', '70000'],
    ['HTTP_PORT', '80.5'],
    ['HTTP_PORT', '0x50'],
    ['MQTT_PORT', '-1'],
    ['TRUST_PROXY', 'true'],
    ['CONTACT', 'Umweltamt, Zimmer 12'],
    ['CONTACT', 'mailto:luft@example.org'],
    ['CONTACT', 'https://'],
    ['CONTACT', 'ftp://example.org'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['PUBLIC_URL', 'luft.example.org'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['MQTT_URL', 'http://broker'],
    ['NODE_ID', 'a b'],
    ['ROLES', 'ingest,server'],
    ['ROLES', 'all,web'],
    ['ROLES', 'bridge,web'],
    ['REGISTRY_URL', 'aggregator:8080'],
    ['STORE', 'sqlite'],
    ['LANGUAGE', 'fr'],
    ['TIME_ZONE', 'Europe/Bonn'],
    ['DAY_OFFSET', '1:00'],
    ['DAY_OFFSET', '+15:00'],
    ['MAP_CENTER', '51.45'],
    ['MAP_CENTER', '95,7'],
    ['MIRROR_AREA', '95,7,10'],
    ['MIRROR_AREA', '51,7,0'],
    ['MIRROR_AREA', '51,7'],
    ['MAP_ZOOM', '30'],
    ['TILE_URL', 'https://tiles.example.org/tile.png'],
    ['ADMIN_TOKEN', 'geheim'],
    ['REGISTRATION', 'on'],
    ['RETENTION', '1'],
    ['SPOOL_LIMIT', '1'],
    ['SPOOL_LIMIT', '1GB,soon'],
    ['RATE_LIMIT', '600'],
    ['METRICS_PUBLIC', 'maybe'],
    ['LOG_LEVEL', 'loud'],
  ])('refuse %s=%s by name', (name, text) => {
    expect(problemsOf({ [name]: text })).toEqual([expect.stringMatching(new RegExp(`^${name}: .`))]);
  });

  it.each([
    ['PUBLIC_URL', 'https://city.de/luft', 'without /luft:'],
    ['PUBLIC_URL', 'https://city.de/luft/', 'without /luft/:'],
    ['PUBLIC_URL', 'https://city.de/?lang=de', 'without ?lang=de:'],
    ['PUBLIC_URL', 'https://city.de/#map', 'without #map:'],
    ['PUBLIC_URL', 'https://me:secret@city.de', 'must have no user and password'],
    ['DEVICE_URL', 'http://city.de/data.php', 'without /data.php:'],
  ])('refuse %s=%s: the app lies at the root', (name, text, why) => {
    const [problem, ...others] = problemsOf({ [name]: text });
    expect(problem).toMatch(new RegExp(`^${name}: must`));
    expect(problem).toContain(why);
    expect([others, problem?.includes('secret')]).toEqual([[], false]);
  });

  it('are reported all together, slips in names as well', () => {
    const problems = problemsOf({ HTTP_PORT: 'x', LANGUAGE: 'fr', DAY_OFFSET: 'x', INFLUX_USER: 'me' });
    expect(problems.map((problem) => problem.split(/[: ]/)[0])).toEqual([
      'HTTP_PORT',
      'LANGUAGE',
      'DAY_OFFSET',
      'INFLUX_USER',
    ]);
    expect(new ConfigError(problems).message.split('\n')).toHaveLength(5);
  });

  it('want a port of its own for each listener', () => {
    const tls = { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' };
    expect(problemsOf({ ...tls, HTTPS_PORT: '8080', HTTP_PORT: '1883' })).toEqual([
      'MQTT_PORT: must be another port than HTTP_PORT, 1883',
    ]);
    expect(problemsOf({ ...tls, HTTPS_PORT: '8080', DEVICE_TLS_PORT: '8080' })).toEqual([
      'HTTPS_PORT: must be another port than HTTP_PORT, 8080',
      'DEVICE_TLS_PORT: must be another port than HTTP_PORT, 8080',
    ]);
    expect(() => loadConfig({ HTTP_PORT: '0', MQTT_PORT: '0' })).not.toThrow();
    // The embedded broker stays off.
    expect(() => loadConfig({ HTTP_PORT: '1883', MQTT_URL: 'mqtt://broker:1883' })).not.toThrow();
  });

  it('are reported with what is missing beside them', () => {
    const problems = problemsOf({ HTTP_PORT: 'x', STORE: 'influxdb', HTTPS_PORT: '8443' });
    expect(problems.map((problem) => problem.split(/[: ]/)[0])).toEqual([
      ...['HTTP_PORT', 'INFLUX_URL', 'INFLUX_BUCKET', 'TLS_CERT', 'TLS_KEY'],
    ]);
  });

  it('name each file that cannot be read, and no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'files-'));
    const LOGO = join(folder, 'logo.svg');
    writeFileSync(LOGO, '<svg/>');
    const problems = unreadableFiles({ LOGO, DISTRICTS: '/nowhere.geojson', MAP_FILE: folder, PLACES_FILE: '' });
    rmSync(folder, { recursive: true });
    expect(problems).toEqual([
      `MAP_FILE: ${folder} cannot be read (EISDIR)`,
      'DISTRICTS: /nowhere.geojson cannot be read (ENOENT)',
    ]);
  });

  const NODE = {
    MQTT_URL: 'mqtt://broker',
    STORE: 'influxdb',
    INFLUX_URL: 'http://influx:8086',
    INFLUX_BUCKET: 'luft',
  };
  it.each([
    [{ ROLES: 'ingest' }, ['MQTT_URL', 'STORE', 'NODE_ID']],
    [{ ROLES: 'ingest', ...NODE }, ['NODE_ID']],
    [{ ROLES: 'ingest', NODE_ID: 'a', ...NODE, STORE: 'duckdb' }, ['STORE']],
    [{ ROLES: 'web', NODE_ID: 'a', ...NODE }, ['REGISTRY_URL']],
    [{ ROLES: 'registry', NODE_ID: 'a', ...NODE }, ['ROLES:']],
    [{ ROLES: 'aggregator,registry,ingest', NODE_ID: 'a', ...NODE }, []],
    [{ ROLES: 'ingest,web', NODE_ID: 'a', ...NODE, REGISTRY_URL: 'http://aggregator:8080' }, []],
  ] as [Record<string, string>, string[]][])(
    'let roles stand only where they can work: %j lacks %j',
    (env, missing) => {
      expect(problemsOf(env).map((problem) => problem.split(' ')[0])).toEqual(missing);
    },
  );

  it.each([
    [{ STORE: 'influxdb' }, ['INFLUX_URL', 'INFLUX_BUCKET']],
    [{ STORE: 'influxdb', INFLUX_URL: 'http://localhost:8086' }, ['INFLUX_BUCKET']],
    [{ TLS_CERT: 'cert.pem' }, ['TLS_KEY']],
    [{ TLS_KEY: 'key.pem' }, ['TLS_CERT']],
    [{ HTTPS_PORT: '8443' }, ['TLS_CERT', 'TLS_KEY']],
    [{ SMTP_URL: 'smtp://mail.example.org' }, ['MAIL_FROM']],
    [{ MQTT_PASSWORD: 'x' }, ['MQTT_USERNAME']],
    [{ STORE: 'influxdb', INFLUX_URL: 'http://localhost:8086', INFLUX_BUCKET: 'luft' }, []],
  ] as [Record<string, string>, string[]][])('that belong together come together: %j misses %j', (env, missing) => {
    expect(problemsOf(env).map((problem) => problem.split(' ')[0])).toEqual(missing);
  });

  it('never repeat a secret in a message', () => {
    const message = new ConfigError(problemsOf({ ADMIN_TOKEN: 'my-password', SMTP_URL: 'user:hunter2@mail' })).message;
    expect(message).not.toMatch(/my-password|hunter2/);
  });

  it('hint at names that look like ours, and not at those of others', () => {
    expect(settingHints({ HTTP_PROT: '1', HTTP_PROXY: 'x', HTTPS_PROXY: 'x', PATH: 'x', HTTP_PORT: '1' })).toEqual([
      expect.stringContaining('HTTP_PROT'),
    ]);
  });

  it('have a day offset in milliseconds', () => {
    expect(['+01:00', '-03:30', '+00:00'].map(offsetMs)).toEqual([3_600_000, -12_600_000, 0]);
  });
});

describe('.env', () => {
  it('is read like an environment, and may be missing', () => {
    const dir = mkdtempSync(join(tmpdir(), 'env-'));
    writeFileSync(join(dir, '.env'), '# comment\nHTTP_PORT=9000\nINSTANCE_NAME="Luft in Essen"\n');
    expect(loadConfig(readDotEnv(join(dir, '.env')))).toMatchObject({
      HTTP_PORT: 9000,
      INSTANCE_NAME: 'Luft in Essen',
    });
    expect(readDotEnv(join(dir, 'none'))).toEqual({});
    rmSync(dir, { recursive: true });
  });

  it('.example lists every setting with its default and meaning', () => {
    const expected = SETTINGS_DOC.map(({ name, default: value, doc }) => `# ${doc}\n#${name}=${value ?? ''}\n`);
    const text = readFileSync('.env.example', 'utf8');
    expect(text.slice(text.indexOf('\n\n') + 2)).toBe(expected.join('\n'));
  });

  it('the table of the README says the same', () => {
    const rows = readFileSync('README.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| `[A-Z_]+` \|/.test(line));
    const expected = SETTINGS_DOC.map(
      ({ name, default: value, doc }) => `| \`${name}\` | ${value === undefined ? '' : `\`${value}\``} | ${doc} |`,
    );
    expect(rows).toEqual(expected);
  });
});

describe('the log', () => {
  it('writes JSON without keys, positions, URLs or addresses, down to what errors carry', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const error = Object.assign(new Error('refused'), { address: '192.0.2.7', url: 'http://x/push/S3CRET' });
    log.info({ token: 'S3CRET', station: { ownerKey: 'S3CRET', position: { lat: 51.4567, lon: 7.0123 } } }, 'made');
    log.error({ err: error, headers: { authorization: 'Bearer S3CRET' }, remoteAddress: '192.0.2.7' }, 'failed');
    log.debug('not written');
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toMatch(/S3CRET|51\.4567|7\.0123|192\.0\.2\.7/);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 'error', msg: 'failed', err: { message: 'refused' } });
  });

  it('keeps the cause of an error', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { message: 'outer', cause: { message: 'inner' } } });
  });
});

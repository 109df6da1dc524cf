import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { BRIDGE_SETTINGS_DOC, loadBridgeConfig } from '../firmware-bridge/config.ts';
import { loadConfig, SETTINGS_DOC } from '../server/config.ts';
import { normaliseKey } from '../server/process/keys.ts';
import { packageRoot } from '../server/process/packageRoot.ts';
import { type ComposeService, compose, environmentOf, envOf, withSecrets } from './support/composeFile.ts';

const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');
interface LockedPackage {
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dev?: boolean;
}
/** All but the one that runs once and ends. */
const services = Object.entries(compose.services).filter(([name]) => name !== 'owners');
const ours = services.filter(([, service]) => service.build === '.');
describe('docker-compose.yml', () => {
  it('is what the Compose specification allows', () => {
    // Without the ids of an older draft, which Ajv does not take; no property of a compose file is called so.
    const withoutIds = (key: string, value: unknown) => (key === 'id' || key === '$schema' ? undefined : value);
    const schema = JSON.parse(read('tests/fixtures/compose/compose-spec.json'), withoutIds) as {
      properties: Record<string, unknown>;
    };
    // Came into the specification after this copy of its schema.
    schema.properties.name = { type: 'string' };
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    // Formats of Compose's own.
    ajv.addFormat('duration', /^(\d+(h|m|s|ms|us))+$/);
    for (const name of ['expose', 'ports', 'subnet_ip_address']) ajv.addFormat(name, true);
    const isValid = ajv.compile(schema);
    isValid(compose);
    expect(isValid.errors ?? []).toEqual([]);
  });

  it('runs five services, and two more for those who ask', () => {
    const always = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(always).toEqual(['caddy', 'mosquitto', 'influxdb', 'server', 'firmware-bridge']);
    const asked = services.flatMap(([name, { profiles }]) => (profiles ?? []).map((profile) => `${name} ${profile}`));
    expect(asked).toEqual(['prometheus prometheus', 'grafana grafana']);
  });

  it.each(services)(
    '%s is pinned to a version, checks its health, restarts and keeps little of its log',
    (_n, service) => {
      expect(service.image).toMatch(/^[a-z/-]+:v?\d+\.\d+\.\d+$/);
      expect(service.healthcheck.test[0]).toMatch(/^CMD/);
      expect(service.restart).toBe('unless-stopped');
      expect(service.logging).toEqual({ driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } });
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
    },
  );

  it('keeps state in volumes, and shares accounts and certificates', () => {
    const mounted = services.flatMap(([name, { volumes }]) => (volumes ?? []).map((volume) => `${name} ${volume}`));
    expect(mounted.filter((mount) => !mount.includes(' ./'))).toEqual([
      'caddy caddy:/data',
      'mosquitto mosquitto:/mosquitto/data',
      'mosquitto accounts:/mosquitto/accounts:ro',
      'mosquitto caddy:/mosquitto/certificates:ro',
      'influxdb influxdb:/var/lib/influxdb2',
      'influxdb influxdb-config:/etc/influxdb2',
      'server server:/data',
      'server accounts:/data/mosquitto',
      'server backups:/backups',
      'firmware-bridge bridge:/data',
      'prometheus prometheus:/prometheus',
      'grafana grafana:/var/lib/grafana',
    ]);
    const named = mounted.flatMap((mount) => / ([a-z-]+):/.exec(mount)?.[1] ?? []);
    expect(Object.keys(compose.volumes)).toEqual([...new Set(named)].sort());
  });

  it('mounts only folders that are here, or that an operator fills', () => {
    const own = services.flatMap(([, { volumes }]) => (volumes ?? []).filter((volume) => volume.startsWith('./')));
    const folders = own.map((volume) => volume.slice(2, volume.indexOf(':')));
    expect(folders.filter((folder) => !existsSync(join(packageRoot(), folder)))).toEqual(['instance']);
  });

  it('runs everything but InfluxDB, whose entry point sets up its own folders, without rights on a read-only file system', () => {
    const lean = ([, { read_only, cap_drop, user, build }]: [string, ComposeService]) =>
      read_only === true && cap_drop?.[0] === 'ALL' && (build === '.' || (user !== undefined && !/^0/.test(user)));
    expect(services.filter((service) => !lean(service)).map(([name]) => name)).toEqual(['influxdb']);
  });

  it('leaves Caddy the capability that its program bears: without it the kernel refuses to run it at all', () => {
    expect(services.filter(([, { cap_add }]) => cap_add !== undefined).map(([name]) => name)).toEqual(['caddy']);
    expect(compose.services.caddy?.cap_add).toEqual(['NET_BIND_SERVICE']);
  });

  it('has Compose write no secret into a read-only container, which it cannot', () => {
    expect(services.filter(([, { secrets }]) => secrets !== undefined)).toEqual([]);
  });

  it('gives Prometheus the key in the file that its configuration names', () => {
    const { entrypoint: [shell = '', flag = '', script = ''] = [] } = compose.services.prometheus ?? {};
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const named = /credentials_file: \/tmp\/(\S+)/.exec(read('docker/prometheus/prometheus.yml'))?.[1] ?? 'none';
    // Compose's $$ is a $.
    const here = script.replaceAll('$$', '$').replaceAll('/tmp/', `${folder}/`).replace('/bin/prometheus', 'echo');
    const { stdout, status } = spawnSync(shell, [flag, here], {
      env: { ADMIN_TOKEN: 'KEY', PATH: process.env.PATH },
      encoding: 'utf8',
    });
    const written = {
      key: readFileSync(join(folder, named), 'utf8'),
      mode: statSync(join(folder, named)).mode & 0o777,
    };
    rmSync(folder, { recursive: true });
    expect({ stdout, status, ...written }).toEqual({
      stdout: '--config.file=/etc/prometheus/prometheus.yml --storage.tsdb.path=/prometheus\n',
      ...{ status: 0, key: 'KEY', mode: 0o600 },
    });
  });

  it('gives Grafana an account that may read the readings, and nobody but the server the token that may do everything', () => {
    const holders = services.filter(([, { environment }]) =>
      JSON.stringify(environment).includes('STACK_INFLUX_TOKEN'),
    );
    expect(holders.map(([name]) => name)).toEqual(['influxdb', 'server']);
    const env = envOf(withSecrets(''));
    const of = (name: string) => environmentOf(compose.services[name] as ComposeService, env);
    const { READER_USERNAME, READER_PASSWORD } = of('influxdb');
    expect(of('grafana')).toMatchObject({
      ...{ INFLUX_READER_USERNAME: READER_USERNAME, INFLUX_READER_PASSWORD: READER_PASSWORD },
    });
    expect(compose.services.influxdb?.volumes).toContain('./docker/influxdb:/docker-entrypoint-initdb.d:ro');
    // The image runs what ends so and may be executed.
    expect(statSync(join(packageRoot(), 'docker/influxdb/reader.sh')).mode & 0o111).toBe(0o111);
  });

  it('makes that account once, and sets its password anew when it is run again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'influx-'));
    // Stands in for InfluxDB's command: notes how it is called, knows an account once it was made, and one bucket.
    const influx = `#!/bin/sh
      echo "$*" >> calls
      case "$1 $2 $3" in
        'v1 auth set-password') [ -e account ] || { echo 'could not find v1 auth' >&2; exit 1; } ;;
        'v1 auth create') : > account; echo 'a table with the account' ;;
        bucket*) [ "$4" != readings ] || printf '0a1b2c3d4e5f6071\treadings\tinfinite\n' ;;
      esac
`;
    writeFileSync(join(folder, 'influx'), influx, { mode: 0o755 });
    const run = (bucket: string) => {
      const account = { READER_USERNAME: 'grafana', READER_PASSWORD: 'p w', DOCKER_INFLUXDB_INIT_BUCKET: bucket };
      const env = { PATH: `${folder}:${process.env.PATH}`, ...account };
      const script = join(packageRoot(), 'docker/influxdb/reader.sh');
      const { status, stdout, stderr } = spawnSync('sh', [script], { cwd: folder, env, encoding: 'utf8' });
      const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
      rmSync(join(folder, 'calls'));
      return { status, stdout, stderr, calls };
    };
    const password = 'v1 auth set-password --username grafana --password p w';
    const quiet = { status: 0, stdout: '', stderr: '' };
    const missing = run('other');
    expect(missing).toMatchObject({ status: 1, stderr: 'reader.sh: there is no bucket other\n' });
    const list = 'bucket list --name readings --hide-headers';
    const create = 'v1 auth create --username grafana --password p w --read-bucket 0a1b2c3d4e5f6071';
    const description = '--description Grafana: reads readings';
    expect(run('readings')).toEqual({ ...quiet, calls: [password, list, `${create} ${description}`] });
    expect(run('readings')).toEqual({ ...quiet, calls: [password] });
    rmSync(folder, { recursive: true });
  });

  it('builds the plugin that the dashboards use into the image of Grafana, and lets it fetch nothing when it runs', () => {
    const { build, image, environment = {} } = compose.services.grafana ?? {};
    const dockerfile = read(`${build}/Dockerfile`);
    expect(dockerfile).toContain(`FROM grafana/grafana:${image?.split(':')[1]}\n`);
    const { datasources } = parse(read('docker/grafana/provisioning/datasources/buergerluft.yaml')) as {
      datasources: { type: string }[];
    };
    const plugins = datasources.map(({ type }) => type).filter((type) => type !== 'influxdb');
    const installed = [...dockerfile.matchAll(/plugins install (\S+) \d+\.\d+\.\d+ /g)].map(([, name]) => name);
    expect(installed).toEqual(plugins);
    expect(environment).not.toHaveProperty('GF_INSTALL_PLUGINS');
    expect(environment.GF_PLUGINS_PREINSTALL_DISABLED).toBe('true');
  });

  it('is open to the world through Caddy and Mosquitto only', () => {
    const open = services.flatMap(([name, { ports }]) => (ports ?? []).map((port) => `${name} ${port}`));
    expect(open).toEqual([
      ...['caddy 80:8080', 'caddy 443:8443', 'mosquitto 1883:1883', 'mosquitto 8883:8883'],
      ...['prometheus 127.0.0.1:9090:9090', 'grafana 127.0.0.1:3000:3000'],
    ]);
  });

  it.each(services)(
    '%s has no secret of its own: each comes from the environment and has no default',
    (_name, service) => {
      const secrets = Object.entries(service.environment ?? {}).filter(([name]) => /PASSWORD|TOKEN|SECRET/.test(name));
      for (const [, value] of secrets) expect(value).toMatch(/^\$\{STACK_\w+:\?/);
    },
  );

  it.each(ours)('%s gets settings that exist, and together they are valid', (name, service) => {
    const isBridge = name === 'firmware-bridge';
    const known = (isBridge ? BRIDGE_SETTINGS_DOC : SETTINGS_DOC).map((setting) => setting.name);
    for (const name of Object.keys(service.environment ?? {})) expect(known).toContain(name);
    const secrets = envOf(withSecrets(''));
    const load = isBridge ? loadBridgeConfig : loadConfig;
    expect(load(environmentOf(service, secrets)).MQTT_URL).toBe('mqtt://mosquitto:1883');
  });

  it('hands the server every setting of .env that the stack does not decide itself', () => {
    const given = Object.keys(compose.services.server?.environment ?? {});
    const left = SETTINGS_DOC.map(({ name }) => name).filter((name) => !given.includes(name));
    expect(left.sort()).toEqual([
      ...['BRIDGE_USERNAME', 'DATA_DIR', 'DEVICE_TLS_CERT', 'DEVICE_TLS_KEY', 'DEVICE_TLS_PORT', 'HTTPS_PORT'],
      ...['HTTP_HOST', 'HTTP_PORT', 'INFLUX_PASSWORD', 'INFLUX_USERNAME', 'MQTT_PORT', 'NODE_ID', 'REGISTRY_URL'],
      ...['ROLES', 'TLS_CERT', 'TLS_KEY'],
    ]);
  });

  it('gives Prometheus a configuration and alerts that promtool takes', () => {
    const folder = join(packageRoot(), 'docker/prometheus');
    for (const check of [
      ['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')],
      ['check', 'rules', join(folder, 'alerts.yml')],
    ]) {
      const { status, stderr } = spawnSync('promtool', check, { encoding: 'utf8' });
      expect({ check, status, stderr }).toEqual({ check, status: 0, stderr: '' });
    }
  });

  it('warns with commands that are there: npx is not how a container runs ours', () => {
    const alerts = read('docker/prometheus/alerts.yml');
    expect(alerts).not.toContain('npx');
    const verbs = alerts.match(/docker compose (exec server (buergerluft|du)|logs|restart) /g) ?? [];
    expect(verbs).toHaveLength((alerts.match(/- alert:/g) ?? []).length);
    expect(read('Dockerfile')).toContain('/usr/local/bin/buergerluft');
  });

  it('gives Mosquitto the newest certificate and the key beside it, from whichever authority', () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
    const [script = ''] = /^certificate\(\) \{$.*?^\}$/ms.exec(read('docker/mosquitto/start.sh')) ?? [];
    const env = { PATH: process.env.PATH, certificates: folder, DOMAIN: 'luft.example.org' };
    const take = () =>
      spawnSync('sh', ['-euc', `${script}\ncertificate crt; certificate key`], { env, encoding: 'utf8' });
    const put = (authority: string, age: number, kinds = ['crt', 'key']) => {
      for (const kind of kinds) {
        const path = join(folder, authority, 'luft.example.org', `luft.example.org.${kind}`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, '');
        utimesSync(path, age, age);
      }
    };
    const pathsOf = (authority: string) => {
      const path = join(folder, authority, 'luft.example.org/luft.example.org');
      return { stdout: `${path}.crt\n${path}.key\n`, status: 0 };
    };
    expect(take()).toMatchObject({ stdout: '', status: 0 });
    put('acme-v02.api.letsencrypt.org-directory', 1_000);
    put('acme.zerossl.com-v2-dv90', 3_000);
    put('local', 2_000);
    expect(take()).toMatchObject(pathsOf('acme.zerossl.com-v2-dv90'));
    put('local', 4_000);
    expect(take()).toMatchObject(pathsOf('local'));
    put('half-written', 5_000, ['crt']);
    expect(take()).toMatchObject({ stdout: '', status: 0 });
    rmSync(folder, { recursive: true });
  });

  it.each(['docker/caddy/Caddyfile', 'docs/operate.md'])(
    'gives Caddy a file that it takes, and no address a log: %s',
    (path) => {
      const [, example] = /```\n(\{.*?)```/s.exec(read(path)) ?? [];
      const folder = mkdtempSync(join(tmpdir(), 'caddy-'));
      writeFileSync(join(folder, 'Caddyfile'), example ?? read(path));
      const env = { PATH: process.env.PATH, DOMAIN: 'luft.example.org', HOME: folder };
      const run = (...args: string[]) => spawnSync('caddy', args, { env, cwd: folder, encoding: 'utf8' });
      const { status, stderr } = run('validate', '--config', 'Caddyfile', '--adapter', 'caddyfile');
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('"level":"error"') });
      const { logging } = JSON.parse(run('adapt', '--config', 'Caddyfile').stdout) as { logging: { logs: object } };
      const format = 'filter';
      expect(logging.logs).toMatchObject({
        default: { encoder: { format, fields: { request: { filter: 'delete' } } } },
      });
      rmSync(folder, { recursive: true });
    },
  );

  it('is built in stages from a pinned image and does not run as root', () => {
    const dockerfile = read('Dockerfile');
    const stages = dockerfile.match(/^FROM .*$/gm) ?? [];
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(stage).toMatch(/^FROM node:20\.\d+\.\d+-bookworm-slim( AS build)?$/);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });

  it('holds every file that the program reads from its own folder', () => {
    const [, image = ''] = read('Dockerfile')
      .split(/^FROM .*$/m)
      .slice(1);
    const copied = [...image.matchAll(/^COPY --from=build (.*)$/gm)].flatMap(([, words = '']) => {
      return words
        .split(' ')
        .slice(0, -1)
        .map((path) => path.replace(/^\/app\//, ''));
    });
    const sources = readdirSync(join(packageRoot(), 'server'), { recursive: true, encoding: 'utf8' });
    const code = sources
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(join('server', name)))
      .join('\n');
    const named = [...code.matchAll(/packageRoot\(\), ((?:'[^']*'(?:, )?)+|`[^`$]*)/g)].map(([, words = '']) => {
      return words.replaceAll(/['`]/g, '').split(', ').join('/').replace(/\/$/, '');
    });
    expect(named).toContain('demo/data/recording.csv.gz');
    // Of its folder the static copy takes these two.
    const wanted = named.flatMap((path) =>
      path === 'docs' ? ['docs/citation-format.md', 'docs/check-citation.mjs'] : path,
    );
    const isThere = (path: string) => copied.some((one) => path === one || path.startsWith(`${one}/`));
    expect(wanted.filter((path) => !isThere(path))).toEqual([]);
    const ignored = read('.dockerignore').split('\n');
    for (const path of copied.filter((one) => one.startsWith('docs/'))) expect(ignored).toContain(`!${path}`);
  });
});

describe('package-lock.json', () => {
  it('has for x64 and arm64, on the Linux of the image, whatever is not written in JavaScript', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> };
    const native = Object.entries(lock.packages).filter(([, { cpu, dev }]) => cpu !== undefined && dev !== true);
    const onLinux = (processor: string) =>
      native
        .filter(([, { os, cpu, libc }]) => os?.includes('linux') && cpu?.includes(processor) && !libc?.includes('musl'))
        .map(([name]) => name.replace(processor, '*'));
    expect(onLinux('arm64')).toEqual(onLinux('x64'));
    expect(onLinux('x64')).toContain('node_modules/@duckdb/node-bindings-linux-*');
  });
});

describe('the generator of secrets', () => {
  it('makes every secret the stack asks for, each different, 256 bits long or one of our keys', () => {
    const asked = new Set(read('docker-compose.yml').match(/STACK_\w+/g));
    const { STACK_ADMIN_TOKEN, ...made } = envOf(withSecrets(''));
    expect(new Set(Object.keys(made).concat('STACK_ADMIN_TOKEN'))).toEqual(asked);
    expect(new Set(Object.values(made)).size).toBe(asked.size - 1);
    for (const value of Object.values(made)) expect(Buffer.from(value, 'base64url')).toHaveLength(32);
    expect(normaliseKey(STACK_ADMIN_TOKEN ?? '')).toBe(STACK_ADMIN_TOKEN);
  });

  it('keeps what is there', () => {
    const before = 'INSTANCE_NAME=Köln\nSTACK_INFLUX_TOKEN=mine';
    const after = withSecrets(before);
    expect(after.startsWith(`${before}\n`)).toBe(true);
    expect(withSecrets(after)).toBe(after);
  });
});

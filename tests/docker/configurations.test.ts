import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { type ComposeService, compose, environmentOf, envOf, services, withSecrets } from '../support/composeFile.ts';
import { packageText } from '../support/packageText.ts';

describe('Prometheus', () => {
  it('has the key in the file that its configuration names', () => {
    const { entrypoint: [shell = '', flag = '', script = ''] = [] } = compose.services.prometheus ?? {};
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    const named = /credentials_file: \/tmp\/(\S+)/.exec(packageText('docker/prometheus/prometheus.yml'))?.[1] ?? 'none';
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

  it('has a configuration and alerts that promtool takes', () => {
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
    const alerts = packageText('docker/prometheus/alerts.yml');
    expect(alerts).not.toContain('npx');
    const verbs = alerts.match(/docker compose (exec server (buergerluft|du)|logs|restart) /g) ?? [];
    expect(verbs).toHaveLength((alerts.match(/- alert:/g) ?? []).length);
    expect(packageText('Dockerfile')).toContain('/usr/local/bin/buergerluft');
  });
});

describe('Grafana', () => {
  it('has an account that may read the readings, and nobody but the server the token that may do everything', () => {
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

  it('gets that account once, and its password anew when the script runs again', () => {
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

  it('has the plugin that the dashboards use built into its image, and fetches nothing when it runs', () => {
    const { build, image, environment = {} } = compose.services.grafana ?? {};
    const dockerfile = packageText(`${build}/Dockerfile`);
    expect(dockerfile).toContain(`FROM grafana/grafana:${image?.split(':')[1]}\n`);
    const { datasources } = parse(packageText('docker/grafana/provisioning/datasources/buergerluft.yaml')) as {
      datasources: { type: string }[];
    };
    const plugins = datasources.map(({ type }) => type).filter((type) => type !== 'influxdb');
    const installed = [...dockerfile.matchAll(/plugins install (\S+) \d+\.\d+\.\d+ /g)].map(([, name]) => name);
    expect(installed).toEqual(plugins);
    expect(environment).not.toHaveProperty('GF_INSTALL_PLUGINS');
    expect(environment.GF_PLUGINS_PREINSTALL_DISABLED).toBe('true');
  });
});

describe('Mosquitto', () => {
  it('takes the newest certificate and the key beside it, from whichever authority', () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
    const [script = ''] = /^certificate\(\) \{$.*?^\}$/ms.exec(packageText('docker/mosquitto/start.sh')) ?? [];
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
});

describe('Caddy', () => {
  it.each(['docker/caddy/Caddyfile', 'docs/operate.md'])(
    'takes its file, which writes no address into a log: %s',
    (path) => {
      const [, example] = /```\n(\{.*?)```/s.exec(packageText(path)) ?? [];
      const folder = mkdtempSync(join(tmpdir(), 'caddy-'));
      writeFileSync(join(folder, 'Caddyfile'), example ?? packageText(path));
      const env = { PATH: process.env.PATH, DOMAIN: 'luft.example.org', HOME: folder };
      const run = (...args: string[]) => spawnSync('caddy', args, { env, cwd: folder, encoding: 'utf8' });
      const { status, stderr } = run('validate', '--config', 'Caddyfile', '--adapter', 'caddyfile');
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('"level":"error"') });
      const { logging } = JSON.parse(run('adapt', '--config', 'Caddyfile').stdout) as { logging: { logs: object } };
      const format = 'filter';
      expect(logging.logs).toMatchObject({
        default: { encoder: { format, fields: { request: { filter: 'delete' }, error: { filter: 'regexp' } } } },
      });
      rmSync(folder, { recursive: true });
    },
  );
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { QUANTITIES, UNITS } from '../../server/domain/quantity.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { closeAfterTest } from '../support/closing.ts';
import { INFLUX_ADMIN, startInfluxd } from '../support/influxd.ts';
import { startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

interface InfinityQuery {
  url: string;
  root_selector: string;
  columns: { selector: string; text: string; type: string }[];
}
interface Target extends InfinityQuery {
  datasource: { uid: string };
  query: string;
}
interface Dashboard {
  uid: string;
  panels: Panel[];
  templating: { list: { name: string; query: string | { infinityQuery: InfinityQuery } }[] };
}
interface Panel {
  title: string;
  datasource: { uid: string };
  targets: Target[];
  fieldConfig: { overrides: { matcher: { options: string }; properties: { id: string; value: string }[] }[] };
}

const FOLDER = join(packageRoot(), 'docker/grafana');
const dashboard = (name: string) => JSON.parse(readFileSync(join(FOLDER, 'dashboards', name), 'utf8')) as Dashboard;
const T0 = Date.UTC(2026, 10, 26, 10);

/** A station with two hours of readings, all of them stored, and the clock after them. */
async function startTown(settings: Record<string, string> = {}) {
  const clock = { now: T0 };
  const program = await startProgram({ clock: () => clock.now, settings: { RATE_LIMIT: '100000,1000', ...settings } });
  const station = await program.addStation('esp8266-15303512', { sensorModels: ['sds011', 'dht22'] });
  for (; clock.now < T0 + 2 * 3_600_000; clock.now += 149_000) {
    const body = airrohrBody(station.deviceId, { samples: clock.now });
    await fetch(`${program.url}/push/${station.token}`, { method: 'POST', body });
  }
  const raw = `/api/v1/stations/${station.id}/series?quantity=pm25&window=raw&from=${new Date(T0).toISOString()}`;
  // On a busy machine the bridge answers from its spool.
  const stored = async () => JSON.parse((await program.get(raw)).text).points.length === Math.ceil((2 * 3_600) / 149);
  await until('everything is stored', stored);
  return { ...program, station, clock };
}

/** Starts a real InfluxDB; its url, and the settings of a program that stores in it. */
async function startInflux(hasAuthentication = false) {
  const influxd = await startInfluxd({ hasAuthentication });
  closeAfterTest(() => influxd.destroy());
  const login = { INFLUX_USERNAME: INFLUX_ADMIN.username, INFLUX_PASSWORD: INFLUX_ADMIN.password };
  const settings = { STORE: 'influxdb', INFLUX_URL: influxd.url, INFLUX_BUCKET: 'readings' };
  return { influxd, settings: hasAuthentication ? { ...settings, ...login } : settings };
}

/** Asks InfluxDB as Grafana does with the provisioned data source, its variables from `env`. */
function asGrafana(url: string, env: Record<string, string>) {
  const text = readFileSync(join(FOLDER, 'provisioning/datasources/buergerluft.yaml'), 'utf8');
  const withEnv = text.replaceAll(/\$(INFLUX_READER_\w+|INFLUX_BUCKET)/g, (_, name: string) =>
    JSON.stringify(env[name]),
  );
  const { datasources } = parse(withEnv) as {
    datasources: {
      type: string;
      basicAuthUser?: string;
      jsonData: { dbName: string; httpMode: string };
      secureJsonData: { basicAuthPassword: string };
    }[];
  };
  const source = datasources.find(({ type }) => type === 'influxdb');
  const { basicAuthUser, jsonData, secureJsonData } = source ?? {};
  const login = Buffer.from(`${basicAuthUser}:${secureJsonData?.basicAuthPassword}`).toString('base64');
  return (q: string, { path = '/query', body }: { path?: string; body?: string } = {}) =>
    fetch(`${url}${path}?${new URLSearchParams({ db: jsonData?.dbName ?? '', q })}`, {
      headers: { authorization: `Basic ${login}` },
      ...(body === undefined ? { method: jsonData?.httpMode ?? '' } : { method: 'POST', body }),
    });
}

/** What Grafana puts in place of its variables. */
function filled(text: string, variables: Record<string, string>): string {
  return text.replaceAll(/\$\{([^}]+)\}|\$(timeFilter)/g, (_, braced: string, bare: string) => {
    const value = variables[braced ?? bare];
    if (value === undefined) throw new Error(`nobody fills ${braced ?? bare}`);
    return value;
  });
}

/** The value at a selector such as `geometry.coordinates.1`; `@this` is the whole. */
function select(node: unknown, selector: string): unknown {
  if (selector === '@this') return node;
  return selector.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], node);
}

describe('the Grafana dashboards', () => {
  it('use the data sources that are provisioned, under ids of their own', () => {
    const { datasources } = parse(readFileSync(join(FOLDER, 'provisioning/datasources/buergerluft.yaml'), 'utf8')) as {
      datasources: { uid: string; type: string }[];
    };
    const names = readdirSync(join(FOLDER, 'dashboards'));
    expect(names.sort()).toEqual(['influxdb.json', 'stations.json']);
    const uids = names.map((name) => dashboard(name).uid);
    expect(new Set(uids).size).toBe(uids.length);
    const used = names.flatMap((name) =>
      dashboard(name).panels.flatMap((panel) => [panel, ...panel.targets].map(({ datasource }) => datasource)),
    );
    for (const source of used) expect(datasources).toContainEqual(expect.objectContaining(source));
  });

  it('say the unit of every figure', () => {
    for (const { panels, templating } of ['stations.json', 'influxdb.json'].map(dashboard)) {
      const choices = String(templating.list.find(({ name }) => name === 'quantity')?.query).split(', ');
      const units = choices.map((choice) => /^.+ \((.+)\) : (\w+)$/.exec(choice)?.slice(1));
      expect(units.sort()).toEqual(QUANTITIES.map((quantity) => [UNITS[quantity], quantity]).sort());
      for (const { title, targets, fieldConfig } of panels) {
        const asked = targets.map(({ url, query }) => url ?? query).join();
        // What is chosen is named with its unit in the title; what is always the same has it beside each value.
        const isChosen = /window=raw|window=1h|"\$\{quantity\}"/.test(asked) && !title.startsWith('Coverage');
        if (isChosen) expect(title).toContain('$' + '{quantity:text}');
        for (const { selector, text } of targets.flatMap(({ columns }) => columns ?? [])) {
          if (!selector.endsWith('pm25.value') && !(asked.includes('days-above') && selector === 'mean')) continue;
          const override = fieldConfig.overrides.find(({ matcher }) => matcher.options === text);
          expect([title, override?.properties]).toEqual([title, [{ id: 'unit', value: `suffix:${UNITS.pm25}` }]]);
        }
      }
    }
  });

  it.each(['duckdb', 'influxdb'])(
    'of the API asks %s for what there is: every address answers, every column has values',
    async (store) => {
      const { get, station, clock } = await startTown(store === 'influxdb' ? (await startInflux()).settings : {});
      const board = dashboard('stations.json');
      const variables = {
        ...{ station: station.id, quantity: 'pm25', '__to:date:YYYY': '2026' },
        ...{ '__from:date:iso': new Date(T0).toISOString(), '__to:date:iso': new Date(clock.now).toISOString() },
      };
      const ofVariables = board.templating.list.flatMap(({ query }) =>
        typeof query === 'string' ? [] : [query.infinityQuery],
      );
      const targets = [...ofVariables, ...board.panels.flatMap((panel) => panel.targets)];
      expect(targets.length).toBeGreaterThan(5);
      for (const { url, root_selector, columns } of targets) {
        const path = filled(url, variables);
        const { status, text } = await get(path);
        expect([path, status]).toEqual([path, 200]);
        if (path.includes('/series?')) expect(JSON.parse(text).unit).toBe(UNITS.pm25);
        const found = select(JSON.parse(text), root_selector);
        const rows = Array.isArray(found) ? found : [found];
        for (const { selector, type } of columns) {
          // No day has ended in two hours: the ledger knows its days, but no means yet.
          if (path.includes('days-above') && selector === 'mean') continue;
          const values = rows
            .map((row) => select(row, selector))
            .filter((value) => value !== null && value !== undefined);
          expect([path, selector, values.length > 0]).toEqual([path, selector, true]);
          if (type === 'number') expect(values.every((value) => typeof value === 'number')).toBe(true);
          if (type === 'timestamp')
            expect(values.every((value) => !Number.isNaN(Date.parse(String(value))))).toBe(true);
        }
      }
    },
  );

  it('of InfluxDB asks a real one for what we write there, as an account that may do nothing else', async () => {
    const { influxd, settings } = await startInflux(true);
    const town = await startTown(settings);
    const reader = {
      INFLUX_READER_USERNAME: 'grafana',
      INFLUX_READER_PASSWORD: 'of:grafana',
      INFLUX_BUCKET: 'readings',
    };
    await influxd.query("CREATE USER grafana WITH PASSWORD 'of:grafana'");
    await influxd.query('GRANT READ ON readings TO grafana');
    const ask = asGrafana(influxd.url, reader);
    expect((await ask('DROP SERIES FROM reading')).status).toBe(403);
    const write = await ask('', { path: '/write', body: 'reading,station=x pm25=1' });
    expect(write.status).toBe(403);
    const board = dashboard('influxdb.json');
    const variables = {
      station: town.station.id,
      quantity: 'pm25',
      timeFilter: `time >= ${T0}ms and time <= ${town.clock.now}ms`,
    };
    const queries = board.panels.flatMap((panel) => panel.targets.map(({ query }) => query));
    const ofVariables = board.templating.list.flatMap(({ name, query }) => (name === 'station' ? [String(query)] : []));
    for (const query of [...queries, ...ofVariables]) {
      const answer = (await (await ask(filled(query, variables))).json()) as {
        results: { error?: string; series?: { values: unknown[][] }[] }[];
      };
      const [{ error, series } = {}] = answer.results;
      expect([query, error, (series?.[0]?.values.length ?? 0) > 0]).toEqual([query, undefined, true]);
    }
  });
});

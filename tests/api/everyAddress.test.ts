import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Parameter } from '../../server/api/http/openApiTypes.ts';
import type { OpenApiDocument } from '../../server/api/openapi.ts';
import type { AdminOverview } from '../../server/domain/operator/adminOverview.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { ADMIN_TOKEN, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const T0 = Date.UTC(2026, 10, 26, 10);
const ELSEWHERE = { Origin: 'https://elsewhere.example' };
/** Options that say the same as others of their address, which are asked, in another way; `at` asks for the past. */
const INSTEAD: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/map': ['at'],
  '/api/v1/days-above': ['area'],
  '/api/v1/area-alerts/preview': ['stations', 'area'],
};
/** What the examples name that this town does not have: a file of places, figures that were cited. */
const NOT_HERE: readonly string[] = [
  '/api/v1/places',
  '/api/v1/citations/feed/{date}',
  '/api/v1/citations/{id}',
  '/api/v1/citations/{id}/bundle.json',
];
const DISTRICTS = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'ehrenfeld', name: 'Ehrenfeld' },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [7, 51.4],
            [7.1, 51.4],
            [7.1, 51.5],
            [7, 51.5],
            [7, 51.4],
          ],
        ],
      },
    },
  ],
});
/** Addresses that say how the server is: for its operator's tools, not for pages. */
const OPERATORS = ['/metrics'];

/** An operation with the examples of its parameters, of those named `left` instead of those they stand in for. */
function addressOf(path: string, parameters: readonly Parameter[], left: readonly string[]): string {
  const given = parameters.filter(({ name }) => !left.includes(name));
  const query = given.filter((each) => each.in === 'query').map(({ name, example }) => [name, String(example)]);
  const filled = path.replace(/\{(\w+)\}/g, (_all, name) =>
    encodeURIComponent(String(given.find((each) => each.name === name)?.example)),
  );
  return `${filled}?${new URLSearchParams(query)}`;
}

/** Every address that answers to GET, with the document's own examples, of a station with two hours of readings. */
async function startTown() {
  const clock = { now: T0 };
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'districts.geojson'), DISTRICTS);
  const settings = { RATE_LIMIT: '100000,1000', DISTRICTS: join(folder, 'districts.geojson') };
  const program = await startProgram({ clock: () => clock.now, settings });
  const station = await program.addStation('esp8266-15303512', { sensorModels: ['sds011', 'dht22'] });
  for (; clock.now < T0 + 2 * 3_600_000; clock.now += 149_000) {
    const body = airrohrBody(station.deviceId, { samples: clock.now });
    await fetch(`${program.url}/push/${station.token}`, { method: 'POST', body });
  }
  const document = JSON.parse((await program.get('/api/v1/openapi.json')).text) as OpenApiDocument;
  // Ids are the only examples that every instance has others of.
  const here = (address: string) => address.replaceAll('a1b2c3d4e5', station.id);
  const addresses = Object.entries(document.paths).flatMap(([path, { get }]) => {
    if (get === undefined || OPERATORS.includes(path)) return [];
    return [{ get, path, address: here(addressOf(path, get.parameters ?? [], INSTEAD[path] ?? [])) }];
  });
  await until('all hours are made', async () => {
    const { text } = await program.send('GET', '/api/v1/admin/overview', { key: ADMIN_TOKEN });
    const { lag } = JSON.parse(text) as AdminOverview;
    return lag.stationsToRemake === 0 && Date.parse(lag.hoursClosedUntil ?? '') === T0 + 2 * 3_600_000;
  });
  await nothingMoves(async () => {
    const answers = await Promise.all(addresses.map(({ address }) => fetch(program.url + address, { method: 'HEAD' })));
    return answers.map(({ headers }) => headers.get('etag')).join();
  });
  return { ...program, addresses };
}

/** Resolves when two looks, a turn of every timer apart, see the same: the clock stands, so nothing changes from then on. */
async function nothingMoves(look: () => Promise<string>): Promise<void> {
  let before = '';
  await until('nothing moves any more', async () => {
    const now = await look();
    const isSame = now === before;
    before = now;
    if (!isSame) await wait(1_000);
    return isSame;
  });
}

/** True for a 304 that says of itself what the answer said (RFC 9110 section 15.4.5). */
function isSameUnchanged(again: Response, got: Response): boolean {
  const told = ['cache-control', 'etag', 'vary'].map((name) => [again.headers.get(name), got.headers.get(name)]);
  return again.status === 304 && told.every(([one, other]) => one === other);
}

let town: Awaited<ReturnType<typeof startTown>>;

beforeEach(async () => {
  town = await startTown();
});

describe('every address of the API', () => {
  it('takes the examples that the document gives of its parameters', async () => {
    const { addresses, send } = town;
    const answers = await Promise.all(
      addresses.map(async ({ path, address }) => ({
        ...{ path, address },
        ...(await send('GET', address, { key: ADMIN_TOKEN })),
      })),
    );
    const refused = answers.filter(({ status, path }) => status !== (NOT_HERE.includes(path) ? 404 : 200));
    expect(refused.map(({ status, address, text }) => [status, address, text])).toEqual([]);
  });

  it('takes its address with a slash at the end too', async () => {
    const { addresses, url } = town;
    const other: unknown[] = [];
    for (const { address } of addresses) {
      const [plain, slashed] = [address, address.replace(/\/?\?/, '/?')].map((one) => fetch(url + one));
      const statuses = [(await plain)?.status, (await slashed)?.status];
      if (statuses[0] !== statuses[1]) other.push([address, ...statuses]);
    }
    expect(other).toEqual([]);
  });

  it('takes them of the parameters that stand in for others too', async () => {
    const { addresses, send } = town;
    for (const [path, names] of Object.entries(INSTEAD)) {
      const parameters = addresses.find((one) => one.path === path)?.get.parameters ?? [];
      for (const parameter of parameters.filter(({ name }) => names.includes(name))) {
        const { status, text } = await send('GET', addressOf(path, [parameter], []));
        // A station of the example's id is nowhere.
        expect([path, parameter.name, status, text]).toEqual([path, parameter.name, 200, text]);
      }
    }
  });

  it('can be read by pages of any origin: GET, HEAD, preflight, unchanged, and errors too', async () => {
    const { addresses, url } = town;
    const wrong: unknown[] = [];
    const nothing = ['/api/v1/nothing', '/sta/v1.1/Nothing', '/static/v2/nothing.json', '/airrohr/v1/filter/nothing=1'];
    const catalogues = ['/catalog.jsonld', '/catalog.rdf'];
    for (const address of [...addresses.map((one) => one.address), ...nothing, ...catalogues]) {
      const ask = (method: string, headers = {}) =>
        fetch(url + address, { method, headers: { ...ELSEWHERE, ...headers } });
      const preflight = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'if-none-match' };
      const got = await ask('GET');
      const [head, asked] = [await ask('HEAD'), await ask('OPTIONS', preflight)];
      const tag = got.headers.get('etag');
      const again = got.ok && tag !== null ? await ask('GET', { 'If-None-Match': tag }) : undefined;
      const open = [got, head, asked, ...(again ? [again] : [])].map(({ headers }) =>
        headers.get('access-control-allow-origin'),
      );
      const isSame =
        head.status === got.status &&
        ['content-type', 'etag', 'cache-control'].every((name) => head.headers.get(name) === got.headers.get(name));
      const isRight = open.every((value) => value === '*') && asked.status === 204 && isSame;
      if (!isRight || (again !== undefined && !isSameUnchanged(again, got)) || (await head.text()) !== '') {
        wrong.push([address, got.status, head.status, asked.status, again?.status, open]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('says how long its answer may be kept', async () => {
    const { addresses, url } = town;
    const silent: string[] = [];
    for (const { address } of addresses) {
      const answer = await fetch(url + address, { method: 'HEAD' });
      if (answer.headers.get('cache-control') === null) silent.push(`${answer.status} ${address}`);
    }
    expect(silent).toEqual([]);
  });

  it('answers as the document says', async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const document = JSON.parse((await town.get('/api/v1/openapi.json')).text) as OpenApiDocument;
    ajv.addSchema({ $id: 'document', components: document.components });
    const wrong: unknown[] = [];
    let read = 0;
    for (const { get, address } of town.addresses) {
      const { status, text, headers } = await town.get(address);
      const [type = ''] = (headers.get('content-type') ?? '').split(';');
      const response = get.responses[status];
      const content = response !== undefined && 'content' in response ? response.content?.[type] : undefined;
      if (status === 200 && content === undefined) wrong.push([address, status, type, 'is not described']);
      if (status !== 200 || content === undefined || !type.includes('json')) continue;
      const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/', '"document#/')) as object;
      if (!ajv.validate(schema, JSON.parse(text))) wrong.push([address, ajv.errorsText()]);
      read++;
    }
    expect(wrong).toEqual([]);
    expect(read).toBeGreaterThan(20);
  });
});

import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../../server/api/openapi.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const T0 = Date.UTC(2026, 10, 26, 10);
const ELSEWHERE = { Origin: 'https://elsewhere.example' };
/** Options without which an address has nothing to say. */
const OPTIONS_OF: Readonly<Record<string, string>> = {
  '/api/v1/map': 'quantity=pm25&average=1h',
  '/api/v1/stations/{id}/series': 'quantity=pm25&window=1h',
  '/api/v1/days-above': 'quantity=pm25&rule=who&year=2026&station=',
};
/** Addresses that say how the server is: for its operator's tools, not for pages. */
const OPERATORS = ['/metrics'];

/** Every address that answers to GET, of a station with two hours of readings. */
async function startTown() {
  const clock = { now: T0 };
  const program = await startProgram({ clock: () => clock.now, settings: { RATE_LIMIT: '100000,1000' } });
  const station = await program.addStation('esp8266-15303512', { sensorModels: ['sds011', 'dht22'] });
  for (; clock.now < T0 + 2 * 3_600_000; clock.now += 149_000) {
    const body = airrohrBody(station.deviceId, { samples: clock.now });
    await fetch(`${program.url}/push/${station.token}`, { method: 'POST', body });
  }
  const document = JSON.parse((await program.get('/api/v1/openapi.json')).text) as OpenApiDocument;
  const addresses = Object.entries(document.paths).flatMap(([path, { get }]) => {
    if (get === undefined || OPERATORS.includes(path)) return [];
    const query = OPTIONS_OF[path] ?? '';
    const filled = path.replace('{resource}', 'Things').replace(/\{\w+\}/g, station.id);
    return [{ get, address: `${filled}?${query}${query.endsWith('=') ? station.id : ''}` }];
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

let town: Awaited<ReturnType<typeof startTown>>;

beforeEach(async () => {
  town = await startTown();
});

describe('every address of the API', () => {
  it('can be read by pages of any origin: GET, HEAD, preflight, unchanged, and errors too', async () => {
    const { addresses, url } = town;
    const wrong: unknown[] = [];
    const nothing = ['/api/v1/nothing', '/sta/v1.1/Nothing', '/static/v2/nothing.json', '/airrohr/v1/filter/nothing=1'];
    for (const address of [...addresses.map((one) => one.address), ...nothing]) {
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
      if (!isRight || (again !== undefined && again.status !== 304) || (await head.text()) !== '') {
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

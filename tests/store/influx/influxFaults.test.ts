import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import type { RefusedLine } from '../../../server/store/influx/influxClient.ts';
import { InfluxReadingStore } from '../../../server/store/influx/influxReadingStore.ts';
import { StoreUnavailableError } from '../../../server/store/readingStore.ts';
import { closeAfterTest } from '../../support/closing.ts';
import { INFLUX_ADMIN, type Influxd, startInfluxd } from '../../support/influxd.ts';
import { startFailingInflux } from '../../support/influxStub.ts';
import { collect, message, STATION, T0 } from '../storeMessages.ts';

type Fingerprinted = { stationId: string; measuredAt: number; hi: number; lo: number };

const EVERYTHING = { from: 0, to: T0 + 1_000_000 };
const PM25 = { stationId: STATION, sensor: 'sds011', quantity: 'pm25', ...EVERYTHING } as const;

describe('an InfluxDB that refuses or is away', () => {
  let influxd: Influxd;
  beforeAll(async () => {
    influxd = await startInfluxd();
  });
  afterAll(() => influxd.destroy());

  it('loses nothing and recovers when the server comes back', async () => {
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'away' });
    await store.open();
    await store.append([message(T0, { values: { pm25: 1 } })]);
    await influxd.kill();
    await expect(store.append([message(T0 + 1, { values: { pm25: 2 } })])).rejects.toThrow(StoreUnavailableError);
    await expect(store.ping()).rejects.toThrow(StoreUnavailableError);
    await expect(store.raw(PM25)).rejects.toThrow(StoreUnavailableError);
    await expect(new InfluxReadingStore({ url: influxd.url, bucket: 'away' }).open()).rejects.toThrow(
      StoreUnavailableError,
    );
    await influxd.start();
    expect(await store.append([message(T0 + 1, { values: { pm25: 2 } })])).toMatchObject([{ result: 'stored' }]);
    expect((await store.raw(PM25)).map((raw) => raw.value)).toEqual([1, 2]);
  });

  it('keeps what was acknowledged before kill -9', async () => {
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'killed' });
    await store.open();
    for (let batch = 0; batch < 20; batch += 1) {
      await store.append(
        Array.from({ length: 50 }, (_, index) => message(T0 + batch * 50 + index, { values: { pm25: 1 } })),
      );
    }
    await influxd.kill();
    await influxd.start();
    expect(await collect(store.scan(EVERYTHING))).toHaveLength(1000);
  });

  it('drops a line the server will never take, tells so, and stores the others', async () => {
    const refused: RefusedLine[] = [];
    const store = new InfluxReadingStore({
      url: influxd.url,
      bucket: 'poison',
      onRefusedLine: (line) => refused.push(line),
    });
    await store.open();
    await fetch(`${influxd.url}/write?db=poison&precision=ms`, {
      method: 'POST',
      body: `reading,station=x noise=1i ${T0}`,
    });
    const batch = [1, 2, 3, 4, 5].map((pm25, index) =>
      message(T0 + index, { values: index === 2 ? { noise: 50 } : { pm25 } }),
    );
    expect(await store.append(batch)).toHaveLength(5);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.line).toContain('noise=50');
    expect(refused[0]?.reason).toContain('field type conflict');
    expect((await store.raw(PM25)).map((raw) => raw.value)).toEqual([1, 2, 4, 5]);
  });

  it('blames the server when it takes no line of a larger batch', async () => {
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'poison 2' });
    await store.open();
    const body = [`reading,station=x pm25=1i ${T0}`, `message,station=x received=1i ${T0}`].join('\n');
    await fetch(`${influxd.url}/write?db=poison%202&precision=ms`, { method: 'POST', body });
    const batch = Array.from({ length: 10 }, (_, index) => message(T0 + index, { values: { pm25: 1 } }));
    await expect(store.append(batch)).rejects.toThrow(/takes none of 20 lines/);
  });

  it.each([500, 503, 404, 401])('acknowledges nothing on status %i', async (status) => {
    const stub = await startFailingInflux(status, { error: 'not now' });
    closeAfterTest(() => stub.close());
    const store = new InfluxReadingStore({ url: stub.url, bucket: 'failing' });
    await store.open();
    const appended = store.append([message(T0, { values: { pm25: 1 } })]);
    await expect(appended).rejects.toThrow(StoreUnavailableError);
    await expect(appended).rejects.toThrow(/not now/);
  });

  it('says that a newer program wrote the database', async () => {
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'newer' });
    await store.open();
    const body = `meta schema_version=999 ${Date.now() + 1000}`;
    await fetch(`${influxd.url}/write?db=newer&precision=ms`, { method: 'POST', body });
    await expect(new InfluxReadingStore({ url: influxd.url, bucket: 'newer' }).open()).rejects.toThrow(
      /schema version 999/,
    );
  });

  it('refuses names that could reach into a query', async () => {
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'names' });
    await store.open();
    await expect(store.remove({ stationId: `x' OR station='${STATION}` })).rejects.toThrow(/not a station id/);
    await expect(store.remove({ stationId: STATION, sensor: "a' OR 'b'='b" })).rejects.toThrow(/not a sensor/);
  });
});

it('an InfluxDB that cuts answers short is not believed', async () => {
  const limited = await startInfluxd({ maxRowLimit: 10 });
  closeAfterTest(() => limited.destroy());
  const store = new InfluxReadingStore({ url: limited.url, bucket: 'limited' });
  await store.open();
  await store.append(Array.from({ length: 20 }, (_, index) => message(T0 + index, { values: { pm25: index } })));
  await expect(store.raw(PM25)).rejects.toThrow(/max-row-limit/);
});

it('fingerprints are read to the last, of many stations, over gaps, and where answers are limited to few rows', async () => {
  const limited = await startInfluxd({ maxRowLimit: 10 });
  closeAfterTest(() => limited.destroy());
  const store = new InfluxReadingStore({ url: limited.url, bucket: 'limited' });
  await store.open();
  const messages = [0, 1, 2, 50, 51, 400].flatMap((hours) =>
    Array.from({ length: 25 }, (_, n) =>
      message(T0 + hours * HOUR_MS + n * 20_000, {
        ...{ stationId: `cccccccc${10 + (n % 5)}`, values: { pm25: n } },
        fingerprint: { hi: hours, lo: n },
      }),
    ),
  );
  await store.append(messages);
  const nameOf = ({ stationId, measuredAt, hi, lo }: Fingerprinted) => `${stationId} ${measuredAt} ${hi} ${lo}`;
  const expected = messages.map(({ stationId, measuredAt, fingerprint }) =>
    nameOf({ stationId, measuredAt, hi: fingerprint?.hi ?? 0, lo: fingerprint?.lo ?? 0 }),
  );
  expect((await collect(store.fingerprints(T0))).map(nameOf).sort()).toEqual(expected.sort());
});

describe('an InfluxDB with authentication', () => {
  let influxd: Influxd;
  beforeAll(async () => {
    influxd = await startInfluxd({ hasAuthentication: true });
  });
  afterAll(() => influxd.destroy());

  it('takes user and password as a token too', async () => {
    const token = `${INFLUX_ADMIN.username}:${INFLUX_ADMIN.password}`;
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'token', token });
    await store.open();
    expect(await store.append([message(T0, { values: { pm25: 1 } })])).toMatchObject([{ result: 'stored' }]);
  });

  it.each([{ username: 'operator', password: 'wrong' }, {}])(
    'refuses the credentials %j clearly',
    async (credentials) => {
      const store = new InfluxReadingStore({ url: influxd.url, bucket: 'wrong', ...credentials });
      const opened = store.open();
      await expect(opened).rejects.toThrow(/check user, password or token/);
      await expect(opened).rejects.not.toThrow(StoreUnavailableError);
    },
  );

  it('lets a user without administrator’s rights use a database made for them', async () => {
    await influxd.query('CREATE DATABASE given');
    await influxd.query("CREATE USER guest WITH PASSWORD 'guest'");
    await influxd.query('GRANT ALL ON given TO guest');
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'given', username: 'guest', password: 'guest' });
    await store.open();
    await store.append([message(T0, { values: { pm25: 1 } })]);
    expect(await store.raw(PM25)).toHaveLength(1);
    const other = new InfluxReadingStore({
      url: influxd.url,
      bucket: 'not given',
      username: 'guest',
      password: 'guest',
    });
    await expect(other.open()).rejects.toThrow(/CREATE DATABASE/);
  });
});

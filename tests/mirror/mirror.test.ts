import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/flag.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { createLog } from '../../server/log.ts';
import { DoubleFinder } from '../../server/mirror/doubles.ts';
import { Mirror } from '../../server/mirror/mirror.ts';
import { mirrorRows } from '../../server/mirror/mirrorRecords.ts';
import { PoliteClient } from '../../server/mirror/politeClient.ts';
import { RecentReadings } from '../../server/sensorCommunity/recentReadings.ts';
import { isRefusal } from '../../server/store/stationStore.ts';
import { NOW, openHouse } from '../archive/archiveHouse.ts';
import { CAPTURES, captured, type ServedRecord } from '../sensorCommunity/records.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { startProgram } from '../support/program.ts';
import { startRecordServer } from '../support/recordServer.ts';
import { until } from '../support/until.ts';

const DRESDEN = { lat: 51.05, lon: 13.74, kilometres: 20 };
/** First cycle of a host beside the mirror. */
const START = NOW - 20 * 60_000;
const EVERYWHERE = { lat: 50, lon: 10, kilometres: 20_040 };

/** A mirror on real stores, asked by hand, with a clock of its own. */
async function startMirror(region = DRESDEN) {
  const house = await openHouse();
  const upstream = await startRecordServer();
  const clock = { now: NOW };
  const recent = new RecentReadings();
  const warnings: string[] = [];
  const mirror = new Mirror({
    stationStore: house.registry,
    store: house.store,
    client: new PoliteClient({
      url: upstream.url,
      userAgent: 'buergerluft/0 (luft@example.org)',
      clock: () => clock.now,
    }),
    region,
    recent,
    erase: (stationId) => house.store.remove({ stationId }),
    onStored: () => undefined,
    log: createLog('warn', { write: (line) => void warnings.push(line) }),
    randomBytes,
    clock: () => clock.now,
  });
  let version = 0;
  const publish = (records: ServedRecord[]) => {
    upstream.body = JSON.stringify(records);
    upstream.modified = new Date(Date.UTC(2026, 10, 26) + ++version * 60_000).toUTCString();
  };
  return { ...house, upstream, clock, recent, mirror, publish, warnings };
}

/** A record of the capture, at another time and with other values. */
function recordAt(
  at: number,
  values: Record<string, string>,
  change: Partial<ServedRecord['location']> = {},
): ServedRecord {
  const [example] = captured('public-api-v1-sensor-2020-sds011.json');
  const sensordatavalues = Object.entries(values).map(([value_type, value], id) => ({ id: id + 1, value_type, value }));
  const location = { ...example!.location, latitude: '51.044', longitude: '13.746', country: 'DE', ...change };
  return {
    ...example!,
    timestamp: new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    location,
    sensordatavalues,
  };
}

describe('records of sensor.community', () => {
  it('are read as the captures have them, from their region only, indoor ones not at all', () => {
    // Captures of 2018 and 2019 are from before the files said indoors or outdoors.
    const records = CAPTURES.flatMap(captured).map((record) => ({
      ...record,
      location: { ...record.location, indoor: record.location.indoor ?? 0 },
    }));
    const rows = mirrorRows(records, EVERYWHERE)!;
    const outdoor = records.filter(({ location }) => location.indoor === 0);
    expect(rows).toHaveLength(outdoor.length);
    expect(
      mirrorRows(records, { lat: 52.54, lon: 13.37, kilometres: 1 })!.map(({ source }) => source.sensorId),
    ).toEqual([2129, 2130, 2129, 2130]);
    const bmp = rows.find(({ source }) => source.model === 'bmp180');
    expect(bmp).toMatchObject({
      message: { sensors: [{ values: { pressure: 1012.08, temperature: 23.5 } }] },
      altitudeMetres: 19.5,
    });
    const exact = rows.find(({ source }) => source.sensorId === 3329);
    expect(exact?.source.position).toEqual({ lat: 44.721, lon: 11.289 });
  });

  it.each([undefined, null, 1, '1', true])('do not count when they may be indoors: %j', (indoor) => {
    const record = recordAt(NOW, { P1: '12.00' });
    expect(mirrorRows([record], DRESDEN)).toHaveLength(1);
    expect(mirrorRows([{ ...record, location: { ...record.location, indoor } }], DRESDEN)).toEqual([]);
  });

  it('pass over what cannot be read', () => {
    const good = recordAt(NOW, { P1: '12.00', P2: 'nan', junk: 'x', pressure_at_sealevel: '1' });
    const bad = [
      null,
      3,
      {},
      { ...good, timestamp: 'now' },
      { ...good, location: { ...good.location, latitude: '' } },
      { ...good, sensor: { ...good.sensor, id: 1_000_000_001 } },
      { ...good, sensordatavalues: 'none' },
    ];
    const [row, ...more] = mirrorRows([...bad, good], DRESDEN)!;
    expect([row?.message.sensors[0]?.values, more]).toEqual([{ pm10: 12 }, []]);
    expect(mirrorRows({ error: 'busy' }, DRESDEN)).toBeUndefined();
  });
});

describe('the mirror', () => {
  it('asks once, politely, and takes only what is new', async () => {
    const { mirror, upstream, publish, registry, readings } = await startMirror();
    publish([
      recordAt(NOW - 60_000, { P1: '12.43', P2: '7.87' }),
      recordAt(NOW - 60_000, { P1: '1', P2: '1' }, { latitude: '48.1', longitude: '11.5' }),
    ]);
    expect(await mirror.once()).toBe(1);
    expect(await mirror.once()).toBe(0);
    expect(
      upstream.requests.map(({ headers }) => [
        headers['user-agent'],
        headers['if-modified-since'] === upstream.modified,
      ]),
    ).toEqual([
      ['buergerluft/0 (luft@example.org)', false],
      ['buergerluft/0 (luft@example.org)', true],
    ]);
    const [station, ...more] = registry.stations();
    expect(more).toEqual([]);
    expect(station).toMatchObject({
      source: 'mirror',
      licence: 'ODbL-1.0',
      status: 'active',
      altitudeMetres: 628.8,
      externalIds: ['sensor.community:39300', 'sensor.community-location:25019'],
    });
    expect(registry.sensorIdOf(station!.id, 'sds011')).toBe(39_300);
    expect((await readings()).map(({ sensor, measuredAt, values }) => ({ sensor, measuredAt, values }))).toEqual([
      { sensor: 'sds011', measuredAt: NOW - 60_000, values: { pm10: 12.43, pm25: 7.87 } },
    ]);
  });

  it('waits longer and longer while the other side fails, and as long as it asks', async () => {
    const { mirror, upstream, clock, warnings } = await startMirror();
    const requestsAfter = async (minutes: number) => {
      clock.now += minutes * 60_000;
      await mirror.once();
      return upstream.requests.length;
    };
    upstream.status = 503;
    expect(await requestsAfter(0)).toBe(1);
    expect(await requestsAfter(4)).toBe(1);
    expect(await requestsAfter(1)).toBe(2);
    expect(await requestsAfter(9)).toBe(2);
    upstream.headers['Retry-After'] = '7200';
    expect(await requestsAfter(1)).toBe(3);
    expect(await requestsAfter(119)).toBe(3);
    upstream.status = 200;
    expect(await requestsAfter(1)).toBe(4);
    expect(await requestsAfter(1)).toBe(5);
    upstream.body = '<html>';
    upstream.modified = 'later';
    expect(await requestsAfter(5)).toBe(6);
    expect(warnings).toHaveLength(4);
  });

  /** A host's own station beside the mirrored one, which sends the same values to both. */
  async function withDouble(sensorCommunityId?: number) {
    const town = await startMirror();
    const made = await town.registry.addStation({
      ...{ name: 'Balkon', position: { lat: 51.0441, lon: 13.7458 }, isIndoor: false, sensorModels: ['sds011'] },
      ...{ status: 'active', source: 'direct', licence: 'ODbL-1.0' },
      ...(sensorCommunityId !== undefined && { sensorCommunityId }),
    });
    if (isRefusal(made)) throw new Error(made.refused);
    const own = made.station.id;
    const push = async (at: number, pm25: number, flags = 0) => {
      const reading: Reading = {
        stationId: own,
        sensor: 'sds011',
        measuredAt: at,
        values: { pm25, pm10: pm25 + 5 },
        flags,
      };
      town.recent.note(reading);
      await town.store.append([{ stationId: own, measuredAt: at, receivedAt: at, health: {}, readings: [reading] }]);
    };
    /** One cycle: there 3 s before here; `other`: there something else. */
    const cycle = async (step: number, other = 0, flags = 0) => {
      town.clock.now = START + step * 149_000;
      const pm25 = 10.25 + step;
      await push(town.clock.now, pm25, flags);
      town.publish([recordAt(town.clock.now - 3_000, { P1: (pm25 + 5 + other).toFixed(2), P2: pm25.toFixed(2) })]);
      await town.mirror.once();
    };
    const mirrored = () => town.registry.stations().find(({ source }) => source === 'mirror');
    const station = () => town.registry.station(own)!;
    return { ...town, own, cycle, mirrored, station };
  }

  it('leaves a suspected double out of figures and says why', async () => {
    const { cycle, mirrored } = await withDouble();
    for (const step of [1, 2]) await cycle(step);
    expect(mirrored()?.status).toBe('active');
    await cycle(3);
    expect(mirrored()).toMatchObject({ status: 'excluded', statusReason: expect.stringContaining('“Balkon”') });
  });

  it('makes one station of two when its host named the sensor and values agree, with the history of both', async () => {
    const { cycle, mirrored, station, publish, mirror, registry, own, readings, clock } = await withDouble(39_300);
    for (let day = 3; day > 0; day--) {
      publish([recordAt(NOW - day * 3_600_000, { P1: '9.00', P2: `${day}.00` })]);
      await mirror.once();
    }
    for (const step of [1, 2, 3]) await cycle(step);
    expect(mirrored()).toBeUndefined();
    expect(station().externalIds).toEqual(['sensor.community:39300', 'sensor.community-location:25019']);
    expect(station().sensorCommunityId).toBeUndefined();
    const all = await readings();
    expect(new Set(all.map(({ stationId }) => stationId))).toEqual(new Set([own]));
    expect(all.map(({ values }) => values.pm25)).toEqual([3, 2, 1, 11.25, 12.25, 13.25]);
    await cycle(4);
    expect([registry.stations().length, (await readings()).length]).toEqual([1, 7]);
    expect(clock.now).toBe(START + 4 * 149_000);
  });

  it('believes no time of the sender’s own choosing', async () => {
    const { cycle, mirrored } = await withDouble(39_300);
    for (const step of [1, 2, 3, 4]) await cycle(step, 0, flagBit('claimed'));
    expect(mirrored()?.status).toBe('active');
  });

  it('believes no number without values that agree', async () => {
    const { cycle, mirrored, station } = await withDouble(39_300);
    for (const step of [1, 2, 3, 4]) await cycle(step, 1);
    expect([mirrored()?.status, station().sensorCommunityId, station().externalIds]).toEqual(['active', 39_300, []]);
  });
});

describe('two series of values', () => {
  const sighting = (measuredAt: number, pm25: number, pm10 = 20) => ({ measuredAt, pm25, pm10 });

  it('are one device after three readings that agree, counted once each', () => {
    const finder = new DoubleFinder();
    const seen = [1, 2, 3].map((step) =>
      finder.compare('a/1', sighting(step * 149_000, step), [sighting(step * 149_000 + 4_000, step)]),
    );
    expect(seen).toEqual([false, false, true]);
    const other = new DoubleFinder();
    for (let i = 0; i < 5; i++) expect(other.compare('a/1', sighting(1000, 5), [sighting(1000, 5)])).toBe(false);
  });

  it('are two after one that does not, and nothing is said where only one spoke', () => {
    const finder = new DoubleFinder();
    const at = (step: number, value: number) =>
      finder.compare('a/1', sighting(step * 149_000, step), [sighting(step * 149_000, value)]);
    expect([at(1, 1), at(2, 2), at(3, 99), at(4, 4), at(5, 5)]).toEqual([false, false, false, false, false]);
    expect(finder.compare('a/1', sighting(900_000, 1), [])).toBe(false);
    expect(at(6, 6)).toBe(true);
  });
});

it('a program with MIRROR_URL shows the mirrored stations as such, under their own numbers; without it asks nobody', async () => {
  const upstream = await startRecordServer();
  const now = Date.now();
  upstream.body = JSON.stringify([recordAt(now - 60_000, { P1: '12.43', P2: '7.87' })]);
  const settings = { MIRROR_URL: upstream.url, MIRROR_AREA: '51.05,13.74,20', CONTACT: 'luft@example.org' };
  const { get } = await startProgram({ settings });
  await until('its reading is there', async () => (await get('/static/v1/data.json')).text.includes('39300'));
  const [{ properties }] = (JSON.parse((await get('/api/v1/stations')).text) as { features: [{ properties: object }] })
    .features;
  expect(properties).toMatchObject({ source: 'mirror', licence: 'ODbL-1.0' });
  const [record] = JSON.parse((await get('/static/v1/data.json')).text) as [ServedRecord];
  expect([record.sensor.id, record.location.id, record.sensordatavalues.map(({ value }) => value)]).toEqual([
    39_300,
    25_019,
    ['12.43', '7.87'],
  ]);
  const page = await get(`/station/${(properties as { id: string }).id}?lang=en`);
  expect(page.text).toContain('Readings from <a href="https://sensor.community/">Sensor.Community</a>');
  expect(page.text).toContain('href="https://opendatacommons.org/licenses/odbl/1-0/" rel="license"');
  expect(upstream.requests.map(({ headers }) => headers['user-agent'])).toEqual([
    expect.stringMatching(/^buergerluft\/\d.* \(luft@example\.org\)$/),
  ]);
});

describe('a whole program whose host reports to both', () => {
  /** A station that has sent three cycles, 90 s apart, and what sensor.community then has of the same device. */
  async function startTown(fields: object) {
    const clock = { now: NOW };
    const first = await startProgram({ clock: () => clock.now });
    const place = { lat: 51.0441, lon: 13.7458 };
    const station = await first.addStation('esp8266-15303512', { name: 'Balkon', position: place, ...fields });
    const records: ServedRecord[] = [];
    for (const step of [0, 1, 2]) {
      const values = { P1: `${20 + step}.25`, P2: `${10 + step}.50` };
      const sensordatavalues = Object.entries(values).map(([name, value]) => ({ value_type: `SDS_${name}`, value }));
      const body = airrohrBody(station.deviceId, { sensordatavalues, samples: step });
      expect((await fetch(`${first.url}/push/${station.token}`, { method: 'POST', body })).status).toBe(204);
      records.push(recordAt(clock.now + 3_000, values));
      clock.now += 90_000;
    }
    const hasNumber = async () => (await first.get('/static/v1/data.json')).text.includes('"sensor":');
    await until('its sensor has a number of its own', hasNumber);
    await first.close();
    const upstream = await startRecordServer();
    upstream.body = JSON.stringify([recordAt(NOW - 3_600_000, { P1: '9.00', P2: '7.00' }), ...records]);
    const settings = { MIRROR_URL: upstream.url, MIRROR_AREA: '51.05,13.74,20', CONTACT: 'luft@example.org' };
    const program = await startProgram({ dataDir: first.dataDir, settings, clock: () => clock.now });
    const stations = async () => {
      const { features } = JSON.parse((await program.get('/api/v1/stations')).text) as {
        features: { id: string; properties: Record<string, unknown> }[];
      };
      return features.map(({ id, properties }): Record<string, unknown> => ({ id, ...properties }));
    };
    return { ...program, station, stations, clock: () => clock.now };
  }

  it('has one station after it named its number, with the history from there and its credit', async () => {
    const { station, stations, get, close, dataDir, clock } = await startTown({ sensorCommunityId: 39_300 });
    await until('they are one', async () => {
      const found = await stations();
      return found.length === 1 && JSON.stringify(found).includes('sensor.community:39300');
    });
    expect(await stations()).toMatchObject([{ id: station.id, source: 'direct', status: 'active' }]);
    const from = new Date(NOW - 2 * 3_600_000).toISOString();
    const to = new Date(NOW + 600_000).toISOString();
    const series = await get(`/api/v1/stations/${station.id}/series?quantity=pm25&window=raw&from=${from}&to=${to}`);
    const { points } = JSON.parse(series.text) as { points: { value: number }[] };
    expect(points.map(({ value }) => value)).toEqual([7, 10.5, 11.5, 12.5]);
    const served = JSON.parse((await get('/airrohr/v1/sensor/39300/')).text) as ServedRecord[];
    expect(served.map(({ location }) => location.id)).toEqual([25_019, 25_019, 25_019]);
    // Under its own number too: whoever asks by either goes on.
    const own = served[0]!.sensor.id;
    expect(own).toBeGreaterThanOrEqual(1_000_000_000);
    expect(JSON.parse((await get(`/airrohr/v1/sensor/${own}/`)).text)).toEqual(served);
    const page = await get(`/station/${station.id}?lang=de`);
    expect(page.text).toContain('Ein Teil des Verlaufs ist von <a href="https://sensor.community/">');
    await close();
    const again = await startProgram({ dataDir, clock });
    const still = JSON.parse((await again.get('/airrohr/v1/sensor/39300/')).text) as ServedRecord[];
    expect(still.map(({ sensor }) => sensor.id)).toEqual([own, own, own]);
  });

  it('counts once without a number too: the mirrored one is listed as left out, with the reason', async () => {
    const { stations, get } = await startTown({});
    await until('the double is found', async () => JSON.stringify(await stations()).includes('"excluded"'));
    const mirrored = (await stations()).find(({ source }) => source === 'mirror');
    expect(mirrored).toMatchObject({ status: 'excluded', statusReason: expect.stringContaining('“Balkon”') });
    const page = await get(`/station/${mirrored?.id}?lang=de`);
    expect(page.text).toContain('sendet dieselben Werte wie eine andere Station');
    const map = JSON.parse((await get('/api/v1/map?quantity=pm25&average=latest')).text) as {
      stations: string[];
      doubtful: number[];
    };
    expect(map.doubtful.filter((mark) => mark === 1)).toHaveLength(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { privateStationSchema, stationDetailSchema, stationFeatureSchema } from '../../server/api/stationViews.ts';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { parseDistricts } from '../../server/areas/districtsFile.ts';
import { type IssuedStation, isRefusal, type NewStation, type StationStore } from '../../server/store/stationStore.ts';
import { NO_FACTS, NO_TALLY, startTestServer } from '../support/testServer.ts';

const EXACT = { lat: 51.4567891, lon: 7.0123456 };
const BALCONY = {
  name: 'Balkon Süd',
  position: EXACT,
  sensorModel: 'sds011',
  isIndoor: false,
  heightClass: '4-to-10m',
  siting: 'courtyard',
  acceptedTerms: true,
};
const MEASURED_AT = '2026-01-05T12:00:00.000Z';
const value = (number: number, sensor = 'sds011') => ({ value: number, measuredAt: MEASURED_AT, flags: [], sensor });

async function stationIn(store: StationStore, change: Partial<NewStation> = {}): Promise<IssuedStation> {
  const made = await store.addStation({
    name: 'Balkon',
    position: EXACT,
    isIndoor: false,
    sensorModels: ['sds011'],
    status: 'active',
    source: 'direct',
    licence: 'ODbL-1.0',
    ...change,
  });
  if (isRefusal(made)) throw new Error(made.refused);
  return made;
}

describe('GET /stations', () => {
  it('gives every public station as a feature with its latest values', async () => {
    const stationFacts = () => ({ ...NO_FACTS, latest: { pm25: value(12.3) }, lastSeenAt: Date.parse(MEASURED_AT) });
    const { send, stationStore } = await startTestServer({ stationFacts });
    const { station } = await stationIn(stationStore, { externalIds: ['sensor.community:3659'] });
    const answer = await send('GET', '/api/v1/stations');
    expect(answer.headers.get('content-type')).toMatch(/^application\/geo\+json/);
    expect(answer.body).toEqual({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          id: station.id,
          geometry: { type: 'Point', coordinates: [7.0128, 51.457] },
          properties: {
            id: station.id,
            name: 'Balkon',
            areaId: null,
            isIndoor: false,
            sensorModels: ['sds011'],
            status: 'active',
            lastSeenAt: MEASURED_AT,
            source: 'direct',
            licence: 'ODbL-1.0',
            externalIds: ['sensor.community:3659'],
            latest: { pm25: value(12.3) },
          },
        },
      ],
    });
    expect(z.array(stationFeatureSchema).safeParse(answer.body.features).success).toBe(true);
  });

  it('names the district of the public position, there and in the detail', async () => {
    const [west, south, east, north] = [7.01, 51.45, 7.02, 51.46];
    const ring = [west, south, west, north, east, north, east, south, west, south];
    const coordinates = [Array.from({ length: 5 }, (_, i) => ring.slice(2 * i, 2 * i + 2))];
    const feature = { type: 'Feature', properties: { name: 'Südviertel' }, geometry: { type: 'Polygon', coordinates } };
    const districts = parseDistricts(JSON.stringify({ type: 'FeatureCollection', features: [feature] }));
    const areas = new AreaDirectory(districts, () => []);
    const { send, stationStore } = await startTestServer({ areas });
    const { station } = await stationIn(stationStore);
    const { features } = (await send('GET', '/api/v1/stations')).body as { features: { properties: object }[] };
    expect(features[0]!.properties).toMatchObject({ areaId: 'suedviertel' });
    const detail = await send('GET', `/api/v1/stations/${station.id}`);
    expect(detail.body.properties).toMatchObject({ areaId: 'suedviertel', areaName: 'Südviertel' });
  });

  it('leaves out pending, hidden and unpublished indoor stations; noise only where the owner published it', async () => {
    const stationFacts = () => ({ ...NO_FACTS, latest: { pm25: value(1), noise: value(60, 'dnms') } });
    const { send, stationStore } = await startTestServer({ stationFacts });
    await stationIn(stationStore, { name: 'pending', status: 'pending' });
    await stationIn(stationStore, { name: 'hidden', status: 'hidden' });
    await stationIn(stationStore, { name: 'indoor', isIndoor: true });
    await stationIn(stationStore, { name: 'published indoor', isIndoor: true, isPublishedIndoor: true });
    await stationIn(stationStore, { name: 'loud', isNoisePublic: true });
    await stationIn(stationStore, { name: 'excluded', status: 'excluded', statusReason: 'over a vent' });
    const { body } = await send('GET', '/api/v1/stations');
    const features = body.features as { properties: { name: string; latest: object; statusReason?: string } }[];
    expect(features.map(({ properties }) => [properties.name, Object.keys(properties.latest)])).toEqual([
      ['published indoor', ['pm25']],
      ['loud', ['pm25', 'noise']],
      ['excluded', ['pm25']],
    ]);
    expect(features[2]?.properties.statusReason).toBe('over a vent');
  });

  it('never shows an exact position: two in one cell give the same answer', async () => {
    const { send, stationStore } = await startTestServer();
    const one = await stationIn(stationStore, { position: { lat: 51.4567891, lon: 7.0123456 } });
    const two = await stationIn(stationStore, { position: { lat: 51.4569991, lon: 7.0126999 } });
    const strip = (text: string, id: string) => text.replaceAll(id, 'ID');
    for (const path of ['', '/private']) {
      const [a, b] = [
        await send('GET', `/api/v1/stations/${one.station.id}${path}`),
        await send('GET', `/api/v1/stations/${two.station.id}${path}`),
      ];
      expect(strip(strip(a.text, one.station.id), two.station.id)).toBe(
        strip(strip(b.text, two.station.id), one.station.id),
      );
      expect(a.text).not.toContain('51.45678');
    }
    expect((await send('GET', '/api/v1/stations')).text).not.toContain('51.45678');
  });

  it('cuts a box, also across the 180th meridian, and refuses one that is none', async () => {
    const { send, stationStore } = await startTestServer();
    await stationIn(stationStore, { name: 'Essen' });
    await stationIn(stationStore, { name: 'Fiji', position: { lat: -17, lon: 179.5 } });
    await stationIn(stationStore, { name: 'Samoa', position: { lat: -14, lon: -171.8 } });
    const namesIn = async (bbox: string) => {
      const { body } = await send('GET', `/api/v1/stations?bbox=${bbox}`);
      return (body.features as { properties: { name: string } }[]).map(({ properties }) => properties.name);
    };
    expect(await namesIn('6,51,8,52')).toEqual(['Essen']);
    expect(await namesIn('170,-20,-170,-10')).toEqual(['Fiji', 'Samoa']);
    expect(await namesIn('-170,-20,170,-10')).toEqual([]);
    for (const bbox of ['1,2,3', 'a,b,c,d', '6,52,8,51', '-200,0,0,1', '0,-91,1,1', '1e9,0,1,1']) {
      const answer = await send('GET', `/api/v1/stations?bbox=${bbox}`);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
      expect(answer.body.errors).toMatchObject([{ field: 'bbox' }]);
    }
  });

  it('answers 304 to a known ETag, and another ETag at once after a change', async () => {
    const { send, url, stationStore } = await startTestServer();
    const { station } = await stationIn(stationStore);
    const first = await send('GET', '/api/v1/stations');
    const etag = first.headers.get('etag') ?? '';
    const again = () => fetch(`${url}/api/v1/stations`, { headers: { 'If-None-Match': etag } });
    expect((await again()).status).toBe(304);
    await stationStore.updateStation(station.id, { name: 'Hof' });
    const changed = await again();
    expect([changed.status, await changed.text()]).toEqual([200, expect.stringContaining('Hof')]);
    await stationStore.removeStation(station.id);
    expect((await send('GET', '/api/v1/stations')).body.features).toEqual([]);
  });

  it('of one station answers 304 also to a script, whose fetch adds no-cache', async () => {
    const { send, url, stationStore } = await startTestServer();
    const { station } = await stationIn(stationStore);
    const path = `/api/v1/stations/${station.id}`;
    const etag = (await send('GET', path)).headers.get('etag') ?? '';
    const again = () => fetch(url + path, { headers: { 'If-None-Match': etag } });
    expect((await again()).status).toBe(304);
    await stationStore.updateStation(station.id, { name: 'Hof' });
    expect((await again()).status).toBe(200);
  });

  it('shows new values at once while stations are few', async () => {
    let now = 1_000_000;
    let pm25 = 1;
    const stationFacts = () => ({ ...NO_FACTS, latest: { pm25: value(pm25) }, lastSeenAt: now });
    const { send, stationStore } = await startTestServer({ clock: () => now, stationFacts });
    await stationIn(stationStore);
    const shown = async () => (await send('GET', '/api/v1/stations')).text.includes('"value":2');
    expect(await shown()).toBe(false);
    pm25 = 2;
    now += 1;
    expect(await shown()).toBe(true);
  });

  it('serves 15,000 stations compressed, made once', async () => {
    let asked = 0;
    let now = 0;
    const stationFacts = () => {
      asked++;
      return NO_FACTS;
    };
    const { url, stationStore } = await startTestServer({ stationFacts, revisionOf: () => 7, clock: () => now });
    const inputs = Array.from({ length: 15_000 }, (_, index) => ({
      name: `Station ${index}`,
      position: { lat: 47 + (index % 100) / 20, lon: 6 + Math.floor(index / 100) / 20 },
      isIndoor: false,
      sensorModels: ['sds011'],
      status: 'active' as const,
      source: 'direct' as const,
      licence: 'ODbL-1.0',
    }));
    await stationStore.addStations(inputs);
    const get = () => fetch(`${url}/api/v1/stations`, { headers: { 'Accept-Encoding': 'gzip' } });
    const first = await get();
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(((await first.json()) as { features: [] }).features).toHaveLength(15_000);
    now += 60_000;
    await (await get()).arrayBuffer();
    expect(asked).toBe(15_000);
  });
});

describe('GET /stations/{id}', () => {
  it('adds health class, coverage of the last day and neighbours, nearest first', async () => {
    const stationFacts = () => ({ latest: {}, healthClass: 'sparse' as const, coverage24h: 0.62 });
    const { send, stationStore } = await startTestServer({ stationFacts });
    const { station } = await stationIn(stationStore, { siting: 'street', heightClass: 'ground' });
    const far = await stationIn(stationStore, { name: 'far', position: { lat: 51.48, lon: 7.0123 } });
    const near = await stationIn(stationStore, { name: 'near', position: { lat: 51.459, lon: 7.0123 } });
    await stationIn(stationStore, { name: 'indoor', isIndoor: true, isPublishedIndoor: true });
    await stationIn(stationStore, { name: 'hidden', status: 'hidden' });
    await stationIn(stationStore, { name: 'Köln', position: { lat: 50.94, lon: 6.96 } });
    const { body, headers } = await send('GET', `/api/v1/stations/${station.id}`);
    expect(body.properties).toMatchObject({
      health: 'sparse',
      coverage24h: 0.62,
      siting: 'street',
      heightClass: 'ground',
      neighbours: [
        { id: near.station.id, name: 'near', kind: 'citizen', distanceMetres: 200 },
        { id: far.station.id, name: 'far', kind: 'citizen', distanceMetres: 2600 },
      ],
    });
    expect(stationDetailSchema.safeParse(body).success).toBe(true);
    expect(headers.get('cache-control')).toBe('public, max-age=10');
  });

  it('hides what is not public from everyone but its owner and the admin', async () => {
    const { send, stationStore, adminToken } = await startTestServer();
    const { station, ownerKey } = await stationIn(stationStore, { status: 'pending' });
    const other = await stationIn(stationStore);
    const path = `/api/v1/stations/${station.id}`;
    expect((await send('GET', path)).status).toBe(404);
    expect((await send('GET', path, { key: other.ownerKey })).status).toBe(404);
    const own = await send('GET', path, { key: ownerKey });
    expect([own.status, own.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    expect(own.text).not.toContain('51.45678');
    const shown = await send('GET', `/api/v1/stations/${other.station.id}`, { key: other.ownerKey });
    expect([shown.status, shown.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    expect((await send('GET', path, { key: adminToken })).status).toBe(200);
  });

  it('shows the exact position and the devices to the owner under /private only', async () => {
    const { send, stationStore, adminToken } = await startTestServer();
    const made = await stationIn(stationStore, { device: { deviceId: 'esp8266-1234' } });
    const path = `/api/v1/stations/${made.station.id}/private`;
    expect((await send('GET', path)).status).toBe(401);
    expect((await send('GET', path, { key: '0'.repeat(26) })).status).toBe(401);
    const own = await send('GET', path, { key: made.ownerKey });
    expect(own.headers.get('cache-control')).toBe('no-store');
    expect(own.body).toMatchObject({
      station: { id: made.station.id, position: EXACT, publicPosition: { lat: 51.457, lon: 7.0128 } },
      devices: [{ deviceId: 'esp8266-1234', lastSeenAt: null }],
    });
    expect((await send('GET', path, { key: adminToken })).status).toBe(200);
  });
});

describe('POST /stations', () => {
  it('makes a pending station for anyone under approval, and keys that work', async () => {
    const { send, stationStore, adminToken } = await startTestServer({ clock: () => 5 });
    const answer = await send('POST', '/api/v1/stations', { body: { ...BALCONY, deviceId: 'esp8266-15303512' } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { station, ownerKey, device } = answer.body as unknown as IssuedStation;
    expect(answer.headers.get('location')).toBe(`/api/v1/stations/${station.id}`);
    expect(station).toMatchObject({ status: 'pending', position: EXACT, sensorModels: ['sds011'], source: 'direct' });
    expect(privateStationSchema.safeParse(station).success).toBe(true);
    expect(stationStore.station(station.id)?.consent).toEqual({ version: '1', acceptedAt: 5 });
    expect(stationStore.deviceByToken(device?.token ?? '')?.id).toBe('esp8266-15303512');
    expect((await send('GET', `/api/v1/stations/${station.id}/private`, { key: ownerKey })).status).toBe(200);

    const path = `/api/v1/stations/${station.id}/approve`;
    expect((await send('POST', path)).status).toBe(401);
    const byOwner = await send('POST', path, { key: ownerKey });
    expect(byOwner.body).toMatchObject({ status: 403, detail: 'Only the admin key opens this.' });
    expect((await send('POST', path, { key: adminToken })).body).toMatchObject({ status: 'active' });
    expect((await send('GET', `/api/v1/stations/${station.id}`)).status).toBe(200);
    expect((await send('POST', '/api/v1/stations/aaaaaaaaaa/approve', { key: adminToken })).status).toBe(404);
  });

  it('makes an active station for an admin without consent, and for anyone when registration is open', async () => {
    const { send, adminToken } = await startTestServer({ settings: { DATA_LICENCE: 'CC0-1.0' } });
    const { acceptedTerms: _terms, ...body } = BALCONY;
    const byAdmin = await send('POST', '/api/v1/stations', { body, key: adminToken });
    expect(byAdmin.body.station).toMatchObject({ status: 'active', licence: 'CC0-1.0' });
    expect(byAdmin.body.station).not.toHaveProperty('consent');
    const open = await startTestServer({ settings: { REGISTRATION: 'open' } });
    expect((await open.send('POST', '/api/v1/stations', { body: BALCONY })).body.station).toMatchObject({
      status: 'active',
    });
  });

  it('takes a model as its maker writes it', async () => {
    const { send, adminToken } = await startTestServer();
    const body = { ...BALCONY, sensorModel: 'SDS011', sensorModels: ['BME280', 'bme280'] };
    const { status, body: answer } = await send('POST', '/api/v1/stations', { body, key: adminToken });
    expect([status, (answer.station as { sensorModels: string[] }).sensorModels]).toEqual([201, ['sds011', 'bme280']]);
  });

  it('refuses everybody but the admin when registration is closed', async () => {
    const { send, adminToken } = await startTestServer({ settings: { REGISTRATION: 'closed' } });
    const answer = await send('POST', '/api/v1/stations', { body: BALCONY });
    expect([answer.status, answer.body.code]).toEqual([403, 'registration-closed']);
    expect((await send('POST', '/api/v1/stations', { body: BALCONY, key: adminToken })).status).toBe(201);
  });

  it('refuses a key that is nobody’s instead of treating it as anonymous', async () => {
    const { send, stationStore } = await startTestServer();
    const answer = await send('POST', '/api/v1/stations', { body: BALCONY, key: 'X'.repeat(26) });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(stationStore.stations()).toHaveLength(0);
  });

  it('names every field that is wrong', async () => {
    const { send, adminToken } = await startTestServer();
    const body = {
      name: '  ',
      position: { lat: 91, lon: 'x' },
      isIndoor: 'no',
      deviceId: 'buergerluft/#',
      heightClass: 'roof',
      surprise: 1,
    };
    const answer = await send('POST', '/api/v1/stations', { body, key: adminToken });
    expect(answer.status).toBe(400);
    const fields = (answer.body.errors as { field: string }[]).map(({ field }) => field);
    expect(new Set(fields)).toEqual(
      new Set(['name', 'position.lat', 'position.lon', 'isIndoor', 'deviceId', 'heightClass', '']),
    );
    for (const empty of [[], 'x', null, 5]) {
      expect((await send('POST', '/api/v1/stations', { body: JSON.stringify(empty), key: adminToken })).status).toBe(
        400,
      );
    }
  });

  it('asks for consent, in the version shown', async () => {
    const { send } = await startTestServer();
    const { acceptedTerms: _terms, ...body } = BALCONY;
    for (const acceptedTerms of [undefined, false, 'other-version']) {
      const answer = await send('POST', '/api/v1/stations', { body: { ...body, acceptedTerms } });
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toMatchObject([{ field: 'acceptedTerms' }]);
    }
    expect((await send('POST', '/api/v1/stations', { body: { ...body, acceptedTerms: '1' } })).status).toBe(201);
  });

  it('limits stations per address, and counts again after a while', async () => {
    let now = 0;
    const { send, adminToken } = await startTestServer({ clock: () => now });
    const statuses = [];
    for (let index = 0; index < 21; index++) {
      statuses.push((await send('POST', '/api/v1/stations', { body: BALCONY })).status);
    }
    expect(statuses).toEqual([...Array(20).fill(201), 429]);
    const refused = await send('POST', '/api/v1/stations', { body: BALCONY });
    expect([refused.body.code, refused.headers.get('retry-after')]).toEqual(['too-often', '180']);
    expect((await send('POST', '/api/v1/stations', { body: BALCONY, key: adminToken })).status).toBe(201);
    now += 180_000;
    expect((await send('POST', '/api/v1/stations', { body: BALCONY })).status).toBe(201);
  });

  it('answers 409 for a device that stands elsewhere, unless with that station’s owner key or as admin', async () => {
    const { send, stationStore, adminToken } = await startTestServer();
    const first = await stationIn(stationStore, { device: { deviceId: 'esp8266-1234' } });
    const stranger = await stationIn(stationStore);
    const body = { ...BALCONY, deviceId: 'esp8266-1234' };
    const taken = await send('POST', '/api/v1/stations', { body });
    expect([taken.status, taken.body.code]).toEqual([409, 'device-taken']);
    expect((await send('POST', '/api/v1/stations', { body, key: stranger.ownerKey })).status).toBe(409);
    const moved = await send('POST', '/api/v1/stations', { body, key: first.ownerKey });
    expect(moved.status).toBe(201);
    const second = (moved.body.station as { id: string }).id;
    expect(stationStore.device('esp8266-1234')?.stationId).toBe(second);
    const again = await send('POST', '/api/v1/stations', { body, key: adminToken });
    expect(stationStore.device('esp8266-1234')?.stationId).toBe((again.body.station as { id: string }).id);
  });
});

describe('PATCH /stations/{id}', () => {
  it('changes what the owner sends, and takes away what is null', async () => {
    const { send, stationStore } = await startTestServer();
    const { station, ownerKey: key } = await stationIn(stationStore, { siting: 'street' });
    const body = { name: 'Hof', siting: null, positionGridMetres: 1000, status: 'hidden' };
    const answer = await send('PATCH', `/api/v1/stations/${station.id}`, { body, key });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ name: 'Hof', positionGridMetres: 1000, status: 'hidden' });
    expect(answer.body).not.toHaveProperty('siting');
    expect(stationStore.station(station.id)).toMatchObject({ name: 'Hof', position: EXACT, status: 'hidden' });
    const shown = await send('PATCH', `/api/v1/stations/${station.id}`, { body: { status: 'active' }, key });
    expect(shown.body.status).toBe('active');
  });

  it('tells of a change once it holds, and of none that was refused', async () => {
    const told: [string, number | undefined][] = [];
    const onStationChanged = async (id: string) => void told.push([id, stationStore.station(id)?.positionGridMetres]);
    const { send, stationStore } = await startTestServer({ onStationChanged });
    const { station, ownerKey: key } = await stationIn(stationStore);
    for (const positionGridMetres of [1, 500]) {
      await send('PATCH', `/api/v1/stations/${station.id}`, { body: { positionGridMetres }, key });
    }
    expect(told).toEqual([[station.id, 500]]);
  });

  it('lets no owner approve, exclude, lift an exclusion or choose a licence', async () => {
    const { send, stationStore } = await startTestServer();
    const pending = await stationIn(stationStore, { status: 'pending' });
    const excluded = await stationIn(stationStore, { status: 'excluded', statusReason: 'vent' });
    const active = await stationIn(stationStore);
    const patch = async ({ station, ownerKey: key }: IssuedStation, body: object) =>
      (await send('PATCH', `/api/v1/stations/${station.id}`, { body, key })).status;
    expect(await patch(pending, { status: 'active' })).toBe(403);
    expect(await patch(excluded, { status: 'active' })).toBe(403);
    expect(await patch(active, { status: 'excluded' })).toBe(403);
    expect(await patch(active, { licence: 'CC0-1.0' })).toBe(403);
    expect(await patch(active, { unknownField: 1 })).toBe(400);
    expect(stationStore.station(pending.station.id)?.status).toBe('pending');
  });

  it('lets an admin exclude with a public reason and take it back', async () => {
    const { send, stationStore, adminToken: key } = await startTestServer();
    const { station } = await stationIn(stationStore);
    const path = `/api/v1/stations/${station.id}`;
    expect((await send('PATCH', path, { body: { status: 'excluded' }, key })).body.errors).toMatchObject([
      { field: 'statusReason' },
    ]);
    await send('PATCH', path, { body: { status: 'excluded', statusReason: 'over a vent' }, key });
    expect((await send('GET', path)).body.properties).toMatchObject({
      status: 'excluded',
      statusReason: 'over a vent',
    });
    await send('PATCH', path, { body: { status: 'active' }, key });
    expect((await send('GET', path)).body.properties).not.toHaveProperty('statusReason');
  });

  it('refuses without the right key', async () => {
    const { send, stationStore, adminToken } = await startTestServer();
    const { station } = await stationIn(stationStore);
    const other = await stationIn(stationStore);
    const path = `/api/v1/stations/${station.id}`;
    const body = { name: 'Hof' };
    expect((await send('PATCH', path, { body })).status).toBe(401);
    expect((await send('PATCH', path, { body, key: other.ownerKey })).status).toBe(403);
    expect((await send('PATCH', '/api/v1/stations/aaaaaaaaaa', { body, key: adminToken })).status).toBe(404);
    expect(stationStore.station(station.id)?.name).toBe('Balkon');
  });
});

describe('DELETE /stations/{id}', () => {
  it('forgets the station, has its readings erased, and never takes the id again', async () => {
    const erased: string[] = [];
    const erase = async (id: string) => {
      erased.push(id);
      return NO_TALLY;
    };
    const { send, stationStore } = await startTestServer({ erase });
    const { station, ownerKey: key } = await stationIn(stationStore, { device: { deviceId: 'esp8266-1234' } });
    const path = `/api/v1/stations/${station.id}`;
    expect((await send('DELETE', path)).status).toBe(401);
    expect((await send('DELETE', path, { key })).status).toBe(204);
    expect(erased).toEqual([station.id]);
    expect(stationStore.pendingErasures()).toEqual([]);
    expect([stationStore.isErased(station.id), stationStore.isErasedDevice('esp8266-1234')]).toEqual([true, true]);
    expect((await send('GET', path)).status).toBe(404);
    expect((await send('DELETE', path, { key })).status).toBe(401);
  });

  it('answers 202 and remembers the rest when the readings cannot be erased now', async () => {
    const erase = async () => {
      throw new Error('store is away');
    };
    const { send, stationStore, adminToken: key } = await startTestServer({ erase });
    const { station } = await stationIn(stationStore);
    expect((await send('DELETE', `/api/v1/stations/${station.id}`, { key })).status).toBe(202);
    expect(stationStore.pendingErasures()).toEqual([station.id]);
    expect((await send('GET', `/api/v1/stations/${station.id}`)).status).toBe(404);
  });
});

describe('the registry for admins', () => {
  it('lists every station with exact positions and devices to the admin only', async () => {
    const { send, stationStore, adminToken } = await startTestServer();
    const { station, ownerKey } = await stationIn(stationStore, {
      status: 'pending',
      device: { deviceId: 'esp8266-1234' },
    });
    expect((await send('GET', '/api/v1/registry/stations')).status).toBe(401);
    expect((await send('GET', '/api/v1/registry/stations', { key: ownerKey })).status).toBe(403);
    expect((await send('GET', '/api/v1/registry/stations', { key: adminToken })).body).toMatchObject({
      stations: [{ station: { id: station.id, position: EXACT }, devices: [{ deviceId: 'esp8266-1234' }] }],
    });
  });

  it('rotates an owner key', async () => {
    const { send, stationStore } = await startTestServer();
    const { station, ownerKey } = await stationIn(stationStore);
    const path = `/api/v1/stations/${station.id}/owner-key`;
    const answer = await send('POST', path, { key: ownerKey });
    expect(answer.status).toBe(201);
    expect((await send('POST', path, { key: ownerKey })).status).toBe(401);
    expect(stationStore.isOwner(station.id, String(answer.body.ownerKey))).toBe(true);
  });
});

it('no key that was issued appears in the log', async () => {
  const server = await startTestServer();
  const answer = await server.send('POST', '/api/v1/stations', { body: { ...BALCONY, deviceId: 'esp8266-1234' } });
  const { ownerKey, device } = answer.body as unknown as IssuedStation;
  await server.send('GET', '/api/v1/registry/stations', { key: server.adminToken });
  const log = server.logged.join('');
  for (const secret of [ownerKey, device?.token ?? '', server.adminToken, '51.45678', '127.0.0.1']) {
    expect(log).not.toContain(secret);
  }
  expect(log).toContain('/api/v1/stations');
});

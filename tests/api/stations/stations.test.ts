import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { stationDetailSchema, stationFeatureSchema } from '../../../server/api/stations/stationViews.ts';
import { AreaDirectory } from '../../../server/areas/areaDirectory.ts';
import { parseDistricts } from '../../../server/areas/districtsFile.ts';
import { EXACT, stationIn } from '../../support/balcony.ts';
import { NO_FACTS, startTestServer } from '../../support/testServer.ts';

const MEASURED_AT = '2026-01-05T12:00:00.000Z';
const value = (number: number, sensor = 'sds011') => ({ value: number, measuredAt: MEASURED_AT, flags: [], sensor });
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

  it('names the instruments its readings tell of beside the declared, but none that is private', async () => {
    const latest = { temperature: value(9.3, 'bme280'), noise: value(51, 'dnms') };
    const stationFacts = () => ({ ...NO_FACTS, latest });
    const { send, stationStore } = await startTestServer({ stationFacts });
    await stationIn(stationStore);
    const { body } = await send('GET', '/api/v1/stations');
    expect(body.features).toMatchObject([{ properties: { sensorModels: ['sds011', 'bme280'] } }]);
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

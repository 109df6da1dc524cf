import { describe, expect, it } from '@jest/globals';
import { privateStationSchema } from '../../../server/api/stations/stationViews.ts';
import type { IssuedStation } from '../../../server/store/registry/stationStore.ts';
import { BALCONY, EXACT, stationIn } from '../../support/balcony.ts';
import { startTestServer } from '../../support/testServer.ts';

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
    expect(answer.body.errors).toEqual(
      expect.arrayContaining([
        { field: 'position.lat', message: 'must be at most 90', code: 'at-most', bound: '90' },
        { field: 'isIndoor', message: 'must be true or false', code: 'yes-or-no' },
      ]),
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

import { describe, expect, it } from '@jest/globals';
import type { IssuedStation } from '../../../server/store/registry/stationStore.ts';
import { stationIn } from '../../support/balcony.ts';
import { startTestServer } from '../../support/testServer.ts';

const pathOf = ({ station }: IssuedStation) => `/api/v1/stations/${station.id}/devices`;

describe('POST /stations/{id}/devices', () => {
  it('binds a device, and the second time gives it a new token', async () => {
    const { send, stationStore } = await startTestServer();
    const made = await stationIn(stationStore);
    const options = { body: { deviceId: 'esp8266-15303512' }, key: made.ownerKey };
    const first = await send('POST', pathOf(made), options);
    expect([first.status, first.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(first.body).toEqual({ deviceId: 'esp8266-15303512', token: expect.stringMatching(/^[0-9A-Z]{26}$/) });
    const second = await send('POST', pathOf(made), options);
    expect(stationStore.deviceByToken(String(first.body.token))).toBeUndefined();
    expect(stationStore.deviceByToken(String(second.body.token))?.stationId).toBe(made.station.id);
  });

  it('takes a gateway’s friendly names', async () => {
    const { send, stationStore } = await startTestServer();
    const made = await stationIn(stationStore);
    const body = { deviceId: 'zigbee-kitchen', names: ['Balkon Süd'] };
    expect((await send('POST', pathOf(made), { body, key: made.ownerKey })).status).toBe(201);
    expect(stationStore.device('zigbee-kitchen')?.names).toEqual(['Balkon Süd']);
    const bad = { body: { deviceId: 'zigbee-x1234', names: ['a/#'] }, key: made.ownerKey };
    expect((await send('POST', pathOf(made), bad)).status).toBe(400);
  });

  it('answers 409 device-taken, unless the holder’s owner key comes along or an admin asks', async () => {
    const { send, stationStore, adminToken } = await startTestServer();
    const holder = await stationIn(stationStore, { device: { deviceId: 'esp8266-1234' } });
    const taker = await stationIn(stationStore);
    const body = { deviceId: 'esp8266-1234' };
    const taken = await send('POST', pathOf(taker), { body, key: taker.ownerKey });
    expect([taken.status, taken.body.code]).toEqual([409, 'device-taken']);
    const wrongKey = { body: { ...body, currentOwnerKey: taker.ownerKey }, key: taker.ownerKey };
    expect((await send('POST', pathOf(taker), wrongKey)).status).toBe(409);
    const rightKey = { body: { ...body, currentOwnerKey: holder.ownerKey }, key: taker.ownerKey };
    expect((await send('POST', pathOf(taker), rightKey)).status).toBe(201);
    expect(stationStore.device('esp8266-1234')?.stationId).toBe(taker.station.id);
    expect((await send('POST', pathOf(holder), { body, key: adminToken })).status).toBe(201);
    expect(stationStore.device('esp8266-1234')?.stationId).toBe(holder.station.id);
  });

  it('refuses names that are no device id, and keys of others', async () => {
    const { send, stationStore, adminToken } = await startTestServer();
    const made = await stationIn(stationStore);
    for (const deviceId of [
      'stations',
      'esp8266-',
      'esp8266-a/b',
      'esp8266-+',
      'ESP8266-123',
      `esp8266-${'1'.repeat(41)}`,
    ]) {
      expect((await send('POST', pathOf(made), { body: { deviceId }, key: made.ownerKey })).status).toBe(400);
    }
    const body = { deviceId: 'esp8266-123' };
    const other = await stationIn(stationStore);
    expect((await send('POST', pathOf(made), { body })).status).toBe(401);
    expect((await send('POST', pathOf(made), { body, key: other.ownerKey })).status).toBe(403);
    const nowhere = await send('POST', '/api/v1/stations/aaaaaaaaaa/devices', { body, key: adminToken });
    expect(nowhere.status).toBe(404);
  });
});

describe('DELETE /stations/{id}/devices/{deviceId}', () => {
  it('takes a device off its station, and only off that one', async () => {
    const { send, stationStore } = await startTestServer();
    const made = await stationIn(stationStore, { device: { deviceId: 'esp8266-1234' } });
    const other = await stationIn(stationStore);
    expect((await send('DELETE', `${pathOf(other)}/esp8266-1234`, { key: other.ownerKey })).status).toBe(404);
    expect((await send('DELETE', `${pathOf(made)}/esp8266-1234`, { key: other.ownerKey })).status).toBe(403);
    expect((await send('DELETE', `${pathOf(made)}/esp8266-1234`, { key: made.ownerKey })).status).toBe(204);
    expect(stationStore.device('esp8266-1234')).toBeUndefined();
  });
});

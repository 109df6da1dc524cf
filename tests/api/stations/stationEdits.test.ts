import { describe, expect, it } from '@jest/globals';
import type { IssuedStation } from '../../../server/store/registry/stationStore.ts';
import { EXACT, stationIn } from '../../support/balcony.ts';
import { NO_TALLY, startTestServer } from '../../support/testServer.ts';

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

  it('shows no station again that its owner hides while the operator leaves it out of figures', async () => {
    const { send, stationStore, adminToken: key } = await startTestServer();
    const { station } = await stationIn(stationStore);
    // The owner's change waits its turn behind these, and the operator's behind it.
    const writes = Array.from({ length: 200 }, (_, at) =>
      stationStore.updateStation(station.id, { name: `Hof ${at}` }),
    );
    const hiding = stationStore.updateStation(station.id, { status: 'hidden' });
    const body = { status: 'excluded', statusReason: 'over a vent' };
    const answer = await send('PATCH', `/api/v1/stations/${station.id}`, { body, key });
    await Promise.all([...writes, hiding]);
    expect([answer.status, stationStore.station(station.id)?.status]).toEqual([409, 'hidden']);
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

  it('is refused while the station is being joined with another, and changes nothing', async () => {
    const { send, stationStore, adminToken: key } = await startTestServer({ isJoining: () => true });
    const { station } = await stationIn(stationStore);
    const answer = await send('DELETE', `/api/v1/stations/${station.id}`, { key });
    expect([answer.status, answer.body.code]).toEqual([409, 'being-joined']);
    expect(stationStore.station(station.id)).toEqual(station);
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

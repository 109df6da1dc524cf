import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isRefusal, UNUSED_BINDING_MS } from '../../../server/store/registry/stationStore.ts';
import { balcony, stationIn } from '../../support/balcony.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { NOW, openStore } from './registryHouse.ts';

describe('devices in the registry', () => {
  it('knows a device by its token alone, however it was typed, and by no other', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const { device, station } = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    const token = device?.token ?? '';
    expect(store.deviceByToken(token.toLowerCase())?.stationId).toBe(station.id);
    expect(store.deviceByToken(`${token.slice(0, 13)}-${token.slice(13)}`)?.id).toBe('esp8266-1');
    expect(store.deviceByToken('00000000000000000000000000')).toBeUndefined();
    expect(store.authenticateDevice('esp8266-1', '00000000000000000000000000')).toBeUndefined();
    expect(store.authenticateDevice('esp8266-2', token)).toBeUndefined();
    expect(store.authenticateDevice('esp8266-1', '')).toBeUndefined();
  });

  it('answers device-taken for a device that stands elsewhere, and adds nothing', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const first = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    expect(await store.addStation(balcony({ device: { deviceId: 'esp8266-1' } }))).toEqual({ refused: 'device-taken' });
    const second = await stationIn(store);
    const claim = { deviceId: 'esp8266-1' };
    expect(await store.bindDevice(second.station.id, claim)).toEqual({ refused: 'device-taken' });
    expect(await store.bindDevice(second.station.id, { ...claim, takeFrom: second.station.id })).toEqual({
      refused: 'device-taken',
    });
    expect(store.stations()).toHaveLength(2);
    expect(store.authenticateDevice('esp8266-1', first.device?.token ?? '')?.stationId).toBe(first.station.id);
  });

  it('moves a device when the right to take it was shown, and keeps the history of both', async () => {
    let now = NOW;
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'), { clock: () => now });
    const first = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    const second = await stationIn(store);
    now += 1000;
    const issued = await store.bindDevice(second.station.id, { deviceId: 'esp8266-1', takeFrom: first.station.id });
    if (isRefusal(issued)) throw new Error(issued.refused);
    expect(store.authenticateDevice('esp8266-1', first.device?.token ?? '')).toBeUndefined();
    expect(store.deviceByToken(first.device?.token ?? '')).toBeUndefined();
    expect(store.deviceByToken(issued.token)?.stationId).toBe(second.station.id);
    expect(store.devicesOf(first.station.id)).toEqual([]);
    expect(await store.assignments(first.station.id)).toEqual([
      { deviceId: 'esp8266-1', boundAt: NOW, unboundAt: NOW + 1000 },
    ]);
    expect(await store.assignments(second.station.id)).toEqual([{ deviceId: 'esp8266-1', boundAt: NOW + 1000 }]);
  });

  it('rotates a token: the old one ends, the assignment goes on', async () => {
    let now = NOW;
    const path = join(temporaryFolder(), 'r.duckdb');
    const store = await openStore(path, { clock: () => now });
    const { device, station } = await stationIn(store, { device: { deviceId: 'zigbee-1', names: ['Balkon'] } });
    now += 1000;
    store.touchDevice('zigbee-1', now);
    const rotated = await store.rotateDevice('zigbee-1');
    if (isRefusal(rotated)) throw new Error(rotated.refused);
    expect(store.deviceByToken(device?.token ?? '')).toBeUndefined();
    await store.close();
    const again = await openStore(path);
    expect(again.deviceByToken(rotated.token)).toEqual({
      id: 'zigbee-1',
      stationId: station.id,
      boundAt: NOW,
      names: ['Balkon'],
      lastSeenAt: NOW + 1000,
    });
    expect(await again.assignments(station.id)).toEqual([{ deviceId: 'zigbee-1', boundAt: NOW }]);
  });

  it('ends a binding that was never used after 7 days, and no other', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
    const store = await openStore(path);
    const unused = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    await stationIn(store, { device: { deviceId: 'esp8266-2' } });
    store.touchDevice('esp8266-2', NOW + 1);
    expect(await store.expireUnusedBindings(NOW + UNUSED_BINDING_MS)).toEqual([]);
    expect(await store.expireUnusedBindings(NOW + UNUSED_BINDING_MS + 1)).toEqual(['esp8266-1']);
    expect(store.deviceByToken(unused.device?.token ?? '')).toBeUndefined();
    await store.close();
    const again = await openStore(path);
    expect(again.device('esp8266-1')).toBeUndefined();
    expect(again.device('esp8266-2')?.lastSeenAt).toBe(NOW + 1);
  });

  it('revokes a device', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const { device, station } = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    expect(await store.revokeDevice('esp8266-1')).toMatchObject({ id: 'esp8266-1', stationId: station.id });
    expect(store.deviceByToken(device?.token ?? '')).toBeUndefined();
    expect(await store.revokeDevice('esp8266-1')).toEqual({ refused: 'no-such-device' });
    expect(await store.rotateDevice('esp8266-1')).toEqual({ refused: 'no-such-device' });
  });

  it('lets only one of many simultaneous claims have a device', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const claims = Array.from({ length: 8 }, () => store.addStation(balcony({ device: { deviceId: 'esp8266-1' } })));
    const results = await Promise.all(claims);
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(store.stations()).toHaveLength(1);
  });

  it('writes what touchDevice noted by itself', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
    const store = await openStore(path, { flushIntervalMs: 20 });
    await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    store.touchDevice('esp8266-1', NOW + 7);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await store.expireUnusedBindings(NOW + 2 * UNUSED_BINDING_MS)).toEqual([]);
    await store.close();
    expect((await openStore(path)).device('esp8266-1')?.lastSeenAt).toBe(NOW + 7);
  });
});

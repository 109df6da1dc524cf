import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isRefusal, type StationStore } from '../../../server/store/registry/stationStore.ts';
import { balcony, stationIn } from '../../support/balcony.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { NOW, openStore } from './registryHouse.ts';

describe('stations in the registry', () => {
  it('changes and approves stations; undefined removes an optional field', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
    const store = await openStore(path);
    const { station } = await stationIn(store, { status: 'pending', siting: 'street' });
    await store.updateStation(station.id, { name: 'Hof', siting: undefined, positionGridMetres: 500 });
    await store.approveStation(station.id);
    await store.close();
    const changed = (await openStore(path)).station(station.id);
    expect(changed).toMatchObject({ name: 'Hof', positionGridMetres: 500, status: 'active' });
    expect(Object.keys(changed ?? {})).not.toContain('siting');
  });

  it('never lets approval lift an exclusion', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const { station } = await stationIn(store, { status: 'excluded', statusReason: 'over a kitchen vent' });
    expect(await store.approveStation(station.id)).toMatchObject({ status: 'excluded' });
  });

  it('forgets a deleted station but refuses it and its devices later, also after a restart', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
    const store = await openStore(path);
    const { station, ownerKey, device } = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    await store.assignSensorId(station.id, 'sds011');
    const removal = { station, deviceIds: ['esp8266-1'], assignments: 1, removedAt: NOW };
    expect(await store.removeStation(station.id)).toEqual(removal);
    await store.close();

    const again = await openStore(path);
    expect(again.station(station.id)).toBeUndefined();
    expect(again.isOwner(station.id, ownerKey)).toBe(false);
    expect(again.deviceByToken(device?.token ?? '')).toBeUndefined();
    expect(await again.assignments(station.id)).toEqual([]);
    expect([again.isErased(station.id), again.isErasedDevice('esp8266-1')]).toEqual([true, true]);
    expect(again.pendingErasures()).toEqual([station.id]);
    await again.completeErasure(station.id);
    expect(again.pendingErasures()).toEqual([]);
    expect(await again.addStation(balcony({ id: station.id }))).toEqual({ refused: 'station-id-taken' });
    expect(await again.removeStation(station.id)).toEqual({ refused: 'no-such-station' });
  });

  it('lets a number go with its sensor to another station, and leaves the first its own', async () => {
    const path = join(temporaryFolder(), 'registry.duckdb');
    const store = await openStore(path);
    const [from, to] = [(await stationIn(store)).station.id, (await stationIn(store)).station.id];
    const own = await store.assignSensorId(from, 'sds011');
    await store.keepSensorIds([{ stationId: from, sensor: 'sds011', number: 39_300 }]);
    await store.keepSensorIds([{ stationId: from, sensor: 'dht22', number: 39_301 }]);
    const moves = [
      { sensor: 'sds011', number: 39_300, from, to },
      { sensor: 'dht22', number: 39_301, from, to },
      { sensor: 'sds011', number: 7, from, to },
    ];
    for (const _again of [1, 2]) await store.moveSensorIds(moves);
    const check = (each: StationStore) => {
      expect([each.sensorIdOf(from, 'sds011'), each.secondSensorIdsOf(from, 'sds011')]).toEqual([own, []]);
      expect([each.sensorIdOf(from, 'dht22'), each.sensorIdOf(to, 'dht22')]).toEqual([undefined, 39_301]);
      expect([each.sensorIdOf(to, 'sds011'), each.secondSensorIdsOf(to, 'sds011')]).toEqual([39_300, []]);
    };
    check(store);
    await store.close();
    check(await openStore(path));
  });

  it('never gives a number twice, and takes a deleted device back when it is registered anew', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
    const store = await openStore(path);
    const { station } = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    const sensorNumber = await store.assignSensorId(station.id, 'sds011');
    expect(await store.assignSensorId(station.id, 'sds011')).toBe(sensorNumber);
    await store.removeStation(station.id);
    await store.close();
    const again = await openStore(path);
    const next = await stationIn(again, { device: { deviceId: 'esp8266-1' } });
    expect(next.station.locationId).toBe(1_000_000_002);
    expect(again.isErasedDevice('esp8266-1')).toBe(false);
    expect(await again.assignSensorId(station.id, 'sds011')).toBeUndefined();
  });

  it('rotates the owner key', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const { station, ownerKey } = await stationIn(store);
    const rotated = await store.rotateOwnerKey(station.id);
    if (isRefusal(rotated)) throw new Error(rotated.refused);
    expect(store.isOwner(station.id, ownerKey)).toBe(false);
    expect(store.stationOfOwnerKey(rotated.ownerKey)).toBe(station.id);
  });

  it('tells listeners which station changed, only once it is on disk, until they leave', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const heard: string[] = [];
    const leave = store.onChange((stationId) => void heard.push(stationId));
    const first = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    const second = await stationIn(store);
    await store.bindDevice(second.station.id, { deviceId: 'esp8266-1', takeFrom: 'any' });
    await store.removeStation(first.station.id);
    leave();
    await store.updateStation(second.station.id, { name: 'Hof' });
    const [a, b] = [first.station.id, second.station.id];
    expect(heard).toEqual([a, b, a, b, a]);
  });
});

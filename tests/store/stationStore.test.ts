import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  isRefusal,
  StationStore,
  type StationStoreOptions,
  UNUSED_BINDING_MS,
} from '../../server/store/stationStore.ts';
import { balcony, stationIn } from '../support/balcony.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'registry-'));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function openStore(path: string, options: Partial<StationStoreOptions> = {}): Promise<StationStore> {
  const store = new StationStore({ path, clock: () => NOW, randomBytes, ...options });
  await store.open();
  let isOpen = true;
  const close = store.close.bind(store);
  store.close = async () => {
    if (isOpen) await close();
    isOpen = false;
  };
  closers.push(() => store.close());
  return store;
}

describe('the registry', () => {
  it('keeps stations, devices, keys and numbers over a restart', async () => {
    const path = join(folder(), 'registry.duckdb');
    const store = await openStore(path);
    const consent = { version: '1', acceptedAt: NOW };
    const made = await stationIn(store, { device: { deviceId: 'esp8266-1' }, heightClass: 'below-4m', consent });
    const number = await store.assignSensorId(made.station.id, 'sds011');
    store.touchDevice('esp8266-1', NOW + 5);
    await store.close();

    const again = await openStore(path);
    expect(again.stations()).toEqual([made.station]);
    expect(made.station).toMatchObject({ locationId: 1_000_000_000, createdAt: NOW, consent, heightClass: 'below-4m' });
    expect(made.station.id).toMatch(/^[a-z0-9]{10}$/);
    expect(again.authenticateDevice('esp8266-1', made.device?.token ?? '')).toEqual({
      id: 'esp8266-1',
      stationId: made.station.id,
      boundAt: NOW,
      lastSeenAt: NOW + 5,
    });
    expect(again.isOwner(made.station.id, made.ownerKey)).toBe(true);
    expect(again.sensorIdOf(made.station.id, 'sds011')).toBe(number);
    expect(number).toBe(1_000_000_001);
  });

  it('knows a device by its token alone, however it was typed, and by no other', async () => {
    const store = await openStore(join(folder(), 'r.duckdb'));
    const { device, station } = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    const token = device?.token ?? '';
    expect(store.deviceByToken(token.toLowerCase())?.stationId).toBe(station.id);
    expect(store.deviceByToken(`${token.slice(0, 13)}-${token.slice(13)}`)?.id).toBe('esp8266-1');
    expect(store.deviceByToken('00000000000000000000000000')).toBeUndefined();
    expect(store.authenticateDevice('esp8266-1', '00000000000000000000000000')).toBeUndefined();
    expect(store.authenticateDevice('esp8266-2', token)).toBeUndefined();
    expect(store.authenticateDevice('esp8266-1', '')).toBeUndefined();
  });

  it('gives no key away: neither in memory of the entities nor in the file', async () => {
    const path = join(folder(), 'r.duckdb');
    const store = await openStore(path);
    const made = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    const [credential] = [...store.credentials()];
    const text = JSON.stringify([store.stations(), store.devicesOf(made.station.id), credential]);
    expect(text).not.toContain(made.ownerKey);
    expect(text).not.toContain(made.device?.token);
    expect(credential?.mosquittoHash).toMatch(/^\$7\$101\$/);
    await store.close();
    const bytes = readFileSync(path);
    expect(bytes.includes(made.station.id)).toBe(true);
    expect(bytes.includes(made.ownerKey) || bytes.includes(made.device?.token ?? '')).toBe(false);
  });

  it('answers device-taken for a device that stands elsewhere, and adds nothing', async () => {
    const store = await openStore(join(folder(), 'r.duckdb'));
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
    const store = await openStore(join(folder(), 'r.duckdb'), { clock: () => now });
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
    const path = join(folder(), 'r.duckdb');
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
    const path = join(folder(), 'r.duckdb');
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
    const store = await openStore(join(folder(), 'r.duckdb'));
    const { device, station } = await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    expect(await store.revokeDevice('esp8266-1')).toMatchObject({ id: 'esp8266-1', stationId: station.id });
    expect(store.deviceByToken(device?.token ?? '')).toBeUndefined();
    expect(await store.revokeDevice('esp8266-1')).toEqual({ refused: 'no-such-device' });
    expect(await store.rotateDevice('esp8266-1')).toEqual({ refused: 'no-such-device' });
  });

  it('changes and approves stations; undefined removes an optional field', async () => {
    const path = join(folder(), 'r.duckdb');
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
    const store = await openStore(join(folder(), 'r.duckdb'));
    const { station } = await stationIn(store, { status: 'excluded', statusReason: 'over a kitchen vent' });
    expect(await store.approveStation(station.id)).toMatchObject({ status: 'excluded' });
  });

  it('forgets a deleted station but refuses it and its devices later, also after a restart', async () => {
    const path = join(folder(), 'r.duckdb');
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
    const path = join(folder(), 'registry.duckdb');
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
    const path = join(folder(), 'r.duckdb');
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
    const store = await openStore(join(folder(), 'r.duckdb'));
    const { station, ownerKey } = await stationIn(store);
    const rotated = await store.rotateOwnerKey(station.id);
    if (isRefusal(rotated)) throw new Error(rotated.refused);
    expect(store.isOwner(station.id, ownerKey)).toBe(false);
    expect(store.stationOfOwnerKey(rotated.ownerKey)).toBe(station.id);
  });

  it('tells listeners which station changed, only once it is on disk, until they leave', async () => {
    const store = await openStore(join(folder(), 'r.duckdb'));
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

  it('lets only one of many simultaneous claims have a device', async () => {
    const store = await openStore(join(folder(), 'r.duckdb'));
    const claims = Array.from({ length: 8 }, () => store.addStation(balcony({ device: { deviceId: 'esp8266-1' } })));
    const results = await Promise.all(claims);
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(store.stations()).toHaveLength(1);
  });

  it('changes nothing when the disk refuses, and says so', async () => {
    const store = await openStore(join(folder(), 'r.duckdb'));
    const { station } = await stationIn(store);
    await store.close();
    await expect(store.updateStation(station.id, { name: 'Hof' })).rejects.toThrow('registry');
    expect(store.station(station.id)?.name).toBe('Balkon');
  });

  it('writes what touchDevice noted by itself', async () => {
    const path = join(folder(), 'r.duckdb');
    const store = await openStore(path, { flushIntervalMs: 20 });
    await stationIn(store, { device: { deviceId: 'esp8266-1' } });
    store.touchDevice('esp8266-1', NOW + 7);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await store.expireUnusedBindings(NOW + 2 * UNUSED_BINDING_MS)).toEqual([]);
    await store.close();
    expect((await openStore(path)).device('esp8266-1')?.lastSeenAt).toBe(NOW + 7);
  });

  it('has a station on disk before its keys are handed out: a copy of the files at that moment holds it', async () => {
    const dir = folder();
    const store = await openStore(join(dir, 'r.duckdb'));
    const { station, ownerKey } = await stationIn(store);
    // What a kill would leave behind: the file and its log, not closed.
    for (const name of ['r.duckdb', 'r.duckdb.wal']) copyFileSync(join(dir, name), join(dir, `killed-${name}`));
    const survivor = await openStore(join(dir, 'killed-r.duckdb'));
    expect(survivor.stations()).toEqual([station]);
    expect(survivor.isOwner(station.id, ownerKey)).toBe(true);
  });

  it('refuses the file of a newer release, and one that is no database, in one clear line', async () => {
    const path = join(folder(), 'r.duckdb');
    await (await openStore(path)).close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("UPDATE meta SET value = '99' WHERE key = 'schemaVersion'");
    connection.closeSync();
    instance.closeSync();
    const newer = new StationStore({ path, clock: () => NOW, randomBytes });
    await expect(newer.open()).rejects.toThrow(/version 99, this program knows 1: start the newer release/);
    await newer.close();
    const broken = join(folder(), 'broken.duckdb');
    writeFileSync(broken, 'no database'.repeat(1000));
    const store = new StationStore({ path: broken, clock: () => NOW, randomBytes });
    await expect(store.open()).rejects.toThrow(`The registry ${broken} cannot be opened`);
  });

  it('loads 15,000 stations with their devices', async () => {
    const path = join(folder(), 'r.duckdb');
    const store = await openStore(path);
    const inputs = Array.from({ length: 15_000 }, (_, index) =>
      balcony({ name: `Station ${index}`, device: { deviceId: `esp8266-${1000 + index}` } }),
    );
    await store.addStations(inputs);
    await store.close();
    const again = await openStore(path);
    expect(again.stations()).toHaveLength(15_000);
    expect(new Set(again.stations().map(({ locationId }) => locationId)).size).toBe(15_000);
    expect(again.device('esp8266-15999')?.stationId).toBe(again.stations()[14_999]?.id);
  });
});

import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from '@jest/globals';
import { StationStore } from '../../../server/store/registry/stationStore.ts';
import { balcony, stationIn } from '../../support/balcony.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { NOW, openStore } from './registryHouse.ts';

describe('the registry’s file', () => {
  it('keeps stations, devices, keys and numbers over a restart', async () => {
    const path = join(temporaryFolder(), 'registry.duckdb');
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

  it('gives no key away: neither in memory of the entities nor in the file', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
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

  it('changes nothing when the disk refuses, and says so', async () => {
    const store = await openStore(join(temporaryFolder(), 'r.duckdb'));
    const { station } = await stationIn(store);
    await store.close();
    await expect(store.updateStation(station.id, { name: 'Hof' })).rejects.toThrow('registry');
    expect(store.station(station.id)?.name).toBe('Balkon');
  });

  it('has a station on disk before its keys are handed out: a copy of the files at that moment holds it', async () => {
    const dir = temporaryFolder();
    const store = await openStore(join(dir, 'r.duckdb'));
    const { station, ownerKey } = await stationIn(store);
    // What a kill would leave behind: the file and its log, not closed.
    for (const name of ['r.duckdb', 'r.duckdb.wal']) copyFileSync(join(dir, name), join(dir, `killed-${name}`));
    const survivor = await openStore(join(dir, 'killed-r.duckdb'));
    expect(survivor.stations()).toEqual([station]);
    expect(survivor.isOwner(station.id, ownerKey)).toBe(true);
  });

  it('refuses the file of a newer release, and one that is no database, in one clear line', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
    await (await openStore(path)).close();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("UPDATE meta SET value = '99' WHERE key = 'schemaVersion'");
    connection.closeSync();
    instance.closeSync();
    const newer = new StationStore({ path, clock: () => NOW, randomBytes });
    await expect(newer.open()).rejects.toThrow(/version 99, this program knows 1: start the newer release/);
    await newer.close();
    const broken = join(temporaryFolder(), 'broken.duckdb');
    writeFileSync(broken, 'no database'.repeat(1000));
    const store = new StationStore({ path: broken, clock: () => NOW, randomBytes });
    await expect(store.open()).rejects.toThrow(`The registry ${broken} cannot be opened`);
  });

  it('loads 15,000 stations with their devices', async () => {
    const path = join(temporaryFolder(), 'r.duckdb');
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

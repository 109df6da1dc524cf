import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { isRefusal, StationStore } from '../../server/store/registry/stationStore.ts';
import type { DeviceAccount } from './mqttDevice.ts';

/** A registered station with its device's credentials. */
export interface SeededStation {
  stationId: string;
  deviceId: string;
  token: string;
}

/** Registers `count` stations over Germany, each with one device, in a fresh data folder. */
export async function seedStations(
  dataDir: string,
  count: number,
  deviceIdOf = (index: number) => `esp8266-${10_000_000 + index}`,
): Promise<SeededStation[]> {
  const registry = new StationStore({
    path: join(dataDir, 'registry.duckdb'),
    clock: Date.now,
    randomBytes: (size) => randomBytes(size),
  });
  await registry.open();
  const issued = await registry.addStations(
    Array.from({ length: count }, (_, index) => newStation(index, deviceIdOf(index))),
  );
  await registry.close();
  return issued.map((station) => {
    if (isRefusal(station) || station.device === undefined) throw new Error('seeding failed');
    return { stationId: station.station.id, deviceId: station.device.deviceId, token: station.device.token };
  });
}

function newStation(index: number, deviceId: string) {
  return {
    name: `Station ${index}`,
    position: { lat: 47.5 + ((index * 7919) % 7000) / 1000, lon: 6.5 + ((index * 104_729) % 8000) / 1000 },
    isIndoor: false,
    sensorModels: ['sds011', 'bme280'],
    status: 'active' as const,
    source: 'direct' as const,
    licence: 'ODbL-1.0',
    device: { deviceId },
  };
}

/** MQTT accounts of seeded stations at a broker. */
export function accountsOf(stations: readonly SeededStation[], port: number): DeviceAccount[] {
  return stations.map(({ deviceId, token }) => ({
    host: '127.0.0.1',
    port,
    clientId: deviceId,
    username: deviceId,
    password: token,
    topic: `buergerluft/${deviceId}/airrohr`,
  }));
}

/**
 * Writes history straight into the store's tables, every 145 s up to `until`, distinct values: what only its size matters of.
 */
export async function seedReadings(
  dataDir: string,
  stations: readonly SeededStation[],
  span: { days: number; until: number },
): Promise<number> {
  const path = join(dataDir, 'readings.duckdb');
  const store = new DuckDbReadingStore({ path });
  await store.open();
  await store.close();
  const instance = await DuckDBInstance.create(path, { threads: '2', memory_limit: '2GB' });
  const connection = await instance.connect();
  const ids = stations.map(({ stationId }, index) => `(${index + 1}, '${stationId}', 'sds011')`);
  for (let i = 0; i < ids.length; i += 1000)
    await connection.run(`INSERT INTO series VALUES ${ids.slice(i, i + 1000).join(',')}`);
  const steps = Math.floor((span.days * 86_400) / 145);
  await connection.run(`INSERT INTO readings (series, time, pm25, pm10, flags)
    SELECT s.id, ${span.until}::BIGINT - (${steps} - n.step) * 145000 + s.id % 1000,
      round(4 + 3 * sin(n.step / 97.0) + (s.id * 31 + n.step * 17) % 700 / 100.0, 2),
      round(8 + 5 * sin(n.step / 97.0) + (s.id * 37 + n.step * 13) % 900 / 100.0, 2), 0
    FROM range(${steps}) n(step), series s WHERE s.sensor = 'sds011' ORDER BY n.step`);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  return steps * stations.length;
}

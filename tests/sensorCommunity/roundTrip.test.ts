import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createSensorCommunityRouter } from '../../server/api/sensorCommunity.ts';
import { CompatibleApi } from '../../server/sensorCommunity/compatibleApi.ts';
import { fixture, openHouse } from '../archive/archiveHouse.ts';
import { startTestServer } from '../support/testServer.ts';
import { numbersOf, type ServedRecord } from './records.ts';

const WINDOW_MS = 300_000;
const SDS011 = 'files/2024-07-11_sds011_sensor_82312.csv';
const BME280 = 'files/2024-07-12_bme280_sensor_82313.csv';

/** An archive file by its own header: each row's numbers by column, keyed by sensor and time. */
function archiveRows(path: string): Map<string, { row: Record<string, string>; numbers: Record<string, number> }> {
  const [header = '', ...lines] = readFileSync(fixture(path), 'utf8').trim().split(/\r?\n/);
  const names = header.split(';');
  return new Map(
    lines.map((line) => {
      const row = Object.fromEntries(line.split(';').map((cell, index) => [names[index] ?? '', cell]));
      const measured = Object.entries(row).filter(([name, cell]) => names.indexOf(name) > 5 && cell !== '');
      const numbers = Object.fromEntries(measured.map(([name, cell]) => [name, Number(cell)]));
      return [`${row.sensor_id} ${row.timestamp?.replace('T', ' ')}`, { row, numbers }];
    }),
  );
}

/** Serves a store at a time of one's choice, as a server started then would. */
async function serve(house: Awaited<ReturnType<typeof openHouse>>) {
  let now = 0;
  const make = () =>
    new CompatibleApi({
      stationStore: house.registry,
      aggregator: { eachInstrumentMeans: () => undefined },
      country: 'DE',
      epoch: 'test',
      onError: (error) => {
        throw error;
      },
    });
  const deps = { records: make(), clock: () => now };
  const server = await startTestServer({
    routers: [{ path: '/', router: createSensorCommunityRouter(deps), comesFirst: true }],
  });
  const at = async (time: number): Promise<ServedRecord[]> => {
    now = time;
    deps.records = make();
    await deps.records.warm(house.store, time);
    return JSON.parse((await server.send('GET', '/static/v1/data.json')).text) as ServedRecord[];
  };
  return { at };
}

it.each([SDS011, BME280])('every number of an archive day comes back as it was: %s', async (path) => {
  const house = await openHouse();
  const expected = archiveRows(path);
  await house.import([fixture(path)], { isJoining: true });
  const { at } = await serve(house);
  const times = [...expected.values()].map(({ row }) => Date.parse(`${row.timestamp}Z`));
  const seen = new Map<string, ServedRecord>();
  for (let time = Math.min(...times); time < Math.max(...times) + WINDOW_MS; time += WINDOW_MS) {
    for (const record of await at(time)) seen.set(`${record.sensor.id} ${record.timestamp}`, record);
  }
  expect([...seen.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [key, { row, numbers }] of expected) {
    const record = seen.get(key)!;
    expect({ key, ...numbersOf(record) }).toEqual({ key, ...numbers });
    expect(record.sensor.sensor_type.name).toBe(row.sensor_type);
    expect(record.location.id).toBe(Number(row.location));
    // The grid's nodes are 0.001 degrees of latitude apart, its columns 100 m.
    expect(Math.abs(Number(record.location.latitude) - Number(row.lat))).toBeLessThanOrEqual(0.0005);
    expect(Math.abs(Number(record.location.longitude) - Number(row.lon))).toBeLessThanOrEqual(0.001);
  }
});

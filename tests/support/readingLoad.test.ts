import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Aedes } from 'aedes';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { closeAfterTest } from './closing.ts';
import { MAX_OPEN, ReadingLoad } from './readingLoad.ts';
import { expectStoredOnce } from './storedNumbers.ts';
import { temporaryFolder } from './temporaryFolder.ts';
import { until } from './until.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const DEVICES = ['esp8266-1', 'esp8266-2'].map((deviceId) => ({ deviceId, token: 'none', stationId: deviceId }));

/** A broker that takes everything, or acknowledges nothing; with the bodies that came. */
async function startBroker({ acknowledges = true } = {}) {
  const aedes = await Aedes.createBroker();
  const server = createServer((socket) => aedes.handle(socket));
  closeAfterTest(() => aedes.close(() => server.close()));
  const bodies: { timestamp?: string }[] = [];
  aedes.authorizePublish = (_client, packet, done) => {
    bodies.push(JSON.parse(packet.payload.toString()));
    if (acknowledges) done(null);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { mqttPort: (server.address() as AddressInfo).port, bodies };
}

function startLoad(mqttPort: number): ReadingLoad {
  const load = new ReadingLoad({ devices: DEVICES, mqttPort, everyMs: 1, isAnonymous: true, clock: () => NOW });
  load.start();
  return load;
}

async function openStore(): Promise<DuckDbReadingStore> {
  const store = new DuckDbReadingStore({ path: join(temporaryFolder(), 'readings.duckdb') });
  await store.open();
  closeAfterTest(() => store.close());
  return store;
}

async function storeNumber(
  store: DuckDbReadingStore,
  stationId: string,
  { number, at }: { number: number; at: number },
) {
  const reading = { stationId, sensor: 'sds011', measuredAt: at, values: { pm10: number / 100 }, flags: 0 };
  await store.append([{ stationId, measuredAt: at, receivedAt: at, health: {}, readings: [reading] }]);
}

describe('a load of readings', () => {
  it('gives each stamped message of a device a time of its own, also when two fall into one millisecond', async () => {
    const { mqttPort, bodies } = await startBroker();
    const load = startLoad(mqttPort);
    await until('some messages are sent', () => load.sent > 40);
    load.stop();
    await load.settled();
    const stamps = bodies.flatMap(({ timestamp }) => (timestamp === undefined ? [] : [Date.parse(timestamp)]));
    expect(stamps.length).toBeGreaterThan(10);
    expect(stamps.toSorted((a, b) => a - b)).toEqual(stamps.map((_, index) => NOW + index));
  });

  it('keeps no more messages than a device has room for while nothing is acknowledged', async () => {
    const { mqttPort } = await startBroker({ acknowledges: false });
    const load = startLoad(mqttPort);
    await until('both devices are full', () => load.sent === DEVICES.length * MAX_OPEN);
    await wait(50);
    expect(load.unacknowledged).toBe(DEVICES.length * MAX_OPEN);
  });

  it('tells of a message that is lost or stored twice what became of it', async () => {
    const { mqttPort } = await startBroker();
    const load = startLoad(mqttPort);
    await until('some messages are sent', () => load.sent > 3);
    load.stop();
    await load.settled();
    load.noteEvent('the server was killed');
    const store = await openStore();
    const [first, lost, twice, ...others] = load.messages.values();
    for (const [index, message] of [first!, twice!, twice!, ...others].entries()) {
      await storeNumber(store, message.stationId, { number: message.number, at: NOW + 10_000 + index });
    }
    const judged = expectStoredOnce(store, load);
    await expect(judged).rejects.toThrow(`1 lost and 1 stored twice of ${load.sent} messages.`);
    await expect(judged).rejects.toThrow(
      /lost: #2 of esp8266-2, unstamped, sent .*, acknowledged .*, stored at no time/,
    );
    await expect(judged).rejects.toThrow(/twice: #3 of esp8266-1, stamped .* at 12:00:10.001 and 12:00:10.002/);
    await expect(judged).rejects.toThrow(/Meanwhile:\n {2}\S+ the server was killed/);
    await storeNumber(store, lost!.stationId, { number: 2, at: NOW });
    await expect(expectStoredOnce(store, load)).rejects.toThrow('0 lost and 1 stored twice');
  });
});

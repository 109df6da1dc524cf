import { describe, expect, it } from '@jest/globals';
import { isRejection, type Rejection } from '../../server/domain/reading.ts';
import type { Arrival, Settled } from '../../server/ingest/arrival.ts';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';
import { addStation, airrohrBody, type IngestHost, openIngestHost, storedReadings } from '../support/ingestHost.ts';

const DEVICE = 'esp8266-1001';

function arrivalOf(body: string, more: Partial<Arrival> = {}): Arrival {
  const topic = { format: 'airrohr', deviceId: DEVICE } as const;
  const payload = Buffer.from(body);
  return { topic, payload, deviceId: DEVICE, receivedAt: Date.now(), isStampedByBridge: false, ...more };
}

/** What the sender is told: the outcome's kind, a rejection's reason, or `not stored`. */
function send(host: IngestHost, arrival: Arrival): Promise<string> {
  return new Promise((resolve) => {
    host.accept(arrival, (error, outcome) => resolve(error ? 'not stored' : wordFor(outcome)));
  });
}

function wordFor(outcome: Settled | undefined): string {
  if (isRejection(outcome)) return (outcome as Rejection).reason;
  return outcome?.kind ?? 'nothing';
}

const reasons = (host: IngestHost) => host.seen.rejections.map(({ reason }) => reason);

describe('pipeline', () => {
  it('takes a message to disk and then to what needs history', async () => {
    const host = await openIngestHost();
    const { stationId } = await addStation(host.stations, DEVICE);
    expect(await send(host, arrivalOf(airrohrBody(1)))).toBe('stored');
    const stored = await storedReadings(host.store);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({ stationId, sensor: 'sds011', values: { pm10: 12.4, pm25: 7.5 }, flags: 0 });
    expect(host.seen.folded).toEqual(stored);
  });

  it.each([
    ['over 16 KiB', ' '.repeat(16 * 1024 + 1), 'too-large'],
    ['not the format', 'pm25=7', 'unreadable'],
    ['nested without end', `{"a":${'['.repeat(5_000)}`, 'too-deep'],
    ['without a value', '{"sensordatavalues":[{"value_type":"signal","value":"-60"}]}', 'no-values'],
    [
      'naming another device',
      '{"esp8266id":"4711","sensordatavalues":[{"value_type":"SDS_P1","value":"1"}]}',
      'wrong-identity',
    ],
    [
      'from 1970',
      '{"timestamp":"1970-01-01T00:00:00Z","sensordatavalues":[{"value_type":"SDS_P1","value":"1"}]}',
      'time-too-old',
    ],
  ])('refuses a message %s with a reason, and folds nothing', async (_what, body, reason) => {
    const host = await openIngestHost();
    await addStation(host.stations, DEVICE);
    expect(await send(host, arrivalOf(body))).toBe(reason);
    expect(reasons(host).at(-1)).toBe(reason);
    expect(await storedReadings(host.store)).toEqual([]);
    expect(host.seen.folded).toEqual([]);
  });

  it('keeps messages of unknown devices apart', async () => {
    const host = await openIngestHost();
    expect(await send(host, arrivalOf(airrohrBody(1)))).toBe('unknown-device');
  });

  it('takes nothing more for a deleted station', async () => {
    const host = await openIngestHost();
    const { stationId } = await addStation(host.stations, DEVICE);
    await host.stations.removeStation(stationId);
    expect(await send(host, arrivalOf(airrohrBody(1)))).toBe('station-deleted');
  });

  it('refuses a bad field and keeps the rest', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, DEVICE);
    const body = '{"sensordatavalues":[{"value_type":"SDS_P1","value":"nan"},{"value_type":"SDS_P2","value":"7.5"}]}';
    expect(await send(host, arrivalOf(body))).toBe('stored');
    expect(reasons(host)).toEqual(['not-a-number']);
    expect((await storedReadings(host.store))[0]?.values).toEqual({ pm25: 7.5 });
  });

  it('stores the same unstamped bytes once, and folds them once', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, DEVICE);
    const results = await Promise.all([1, 2, 3].map(() => send(host, arrivalOf(airrohrBody(1)))));
    expect(results.sort()).toEqual(['duplicate', 'duplicate', 'stored']);
    expect(await send(host, arrivalOf(airrohrBody(1)))).toBe('duplicate');
    expect(host.seen).toMatchObject({ repeats: 3, rejections: [] });
    expect(host.seen.folded).toHaveLength(1);
  });

  it('acknowledges a repeat in flight only if its first copy is stored', async () => {
    let isAway = true;
    const host = await openIngestHost({
      wrapStore: (store) => ({
        append: (messages) => (isAway ? Promise.reject(new StoreUnavailableError('away')) : store.append(messages)),
      }),
    });
    await addStation(host.stations, DEVICE);
    expect(await Promise.all([1, 2].map(() => send(host, arrivalOf(airrohrBody(1)))))).toEqual([
      'not stored',
      'not stored',
    ]);
    isAway = false;
    expect(await send(host, arrivalOf(airrohrBody(1)))).toBe('stored');
    expect(await storedReadings(host.store)).toHaveLength(1);
  });

  it('recognises redelivered bytes after a restart', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, DEVICE);
    await send(host, arrivalOf(airrohrBody(1)));
    const restarted = await openIngestHost();
    await addStation(restarted.stations, DEVICE);
    const [first] = await storedReadings(host.store);
    const stationId = restarted.stations.device(DEVICE)?.stationId ?? '';
    for await (const page of host.store.fingerprints(0)) {
      restarted.stamper.restore(
        page.map((entry) => ({ ...entry, stationId })),
        Date.now(),
      );
    }
    expect(first?.measuredAt).toBeGreaterThan(0);
    expect(await send(restarted, arrivalOf(airrohrBody(1)))).toBe('duplicate');
  });

  it('recognises each part of a cycle that is redelivered after a restart', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, 'esphome-balkon');
    const parts = { pm_1_0: '3.0', pm_2_5: '7.1', pm_10_0: '12.5' };
    const sendCycle = (to: IngestHost) =>
      Promise.all(
        Object.entries(parts).map(([object, value]) => {
          const topic = { format: 'esphome', deviceId: 'esphome-balkon', object } as const;
          return send(to, arrivalOf(value, { topic, deviceId: 'esphome-balkon' }));
        }),
      );
    expect(await sendCycle(host)).toEqual(['stored', 'stored', 'stored']);
    const restarted = await openIngestHost();
    await addStation(restarted.stations, 'esphome-balkon');
    const stationId = restarted.stations.device('esphome-balkon')?.stationId ?? '';
    for await (const page of host.store.fingerprints(0)) {
      restarted.stamper.restore(
        page.map((entry) => ({ ...entry, stationId })),
        Date.now(),
      );
    }
    expect(await sendCycle(restarted)).toEqual(['duplicate', 'duplicate', 'duplicate']);
  });

  it('stores a stamped message once however often it comes, and counts a different value as a conflict', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, DEVICE);
    const timestamp = new Date(Date.now() - 3_600_000).toISOString();
    const stamped = (pm25: number) => JSON.stringify({ timestamp, ...JSON.parse(airrohrBody(1, pm25)) });
    expect(await send(host, arrivalOf(stamped(7.5)))).toBe('stored');
    expect(await send(host, arrivalOf(stamped(7.5)))).toBe('duplicate');
    await send(host, arrivalOf(stamped(8.5)));
    const readings = await storedReadings(host.store);
    expect(readings.map(({ values }) => values.pm25)).toEqual([7.5]);
  });

  it('never puts two messages on one key, also when the clock went back beyond what it remembers', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, DEVICE);
    const at = Date.now() - 60 * 86_400_000;
    await send(host, arrivalOf(airrohrBody(1, 5), { receivedAt: at }));
    await send(host, arrivalOf(airrohrBody(2, 6), { receivedAt: at + 86_400_000 }));
    // Back by a day, to the very millisecond of the first reading.
    expect(await send(host, arrivalOf(airrohrBody(3, 7), { receivedAt: at }))).toBe('stored');
    expect(await send(host, arrivalOf(airrohrBody(4, 5), { receivedAt: at }))).toBe('stored');
    const readings = await storedReadings(host.store);
    expect(readings.map(({ values }) => values.pm25).sort()).toEqual([5, 5, 6, 7]);
    expect(new Set(readings.map(({ measuredAt }) => measuredAt)).size).toBe(4);
  });

  it('stores each field once of a message whose key is taken by another with some of the same fields', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, DEVICE);
    const receivedAt = Date.now();
    const other = [{ value_type: 'SDS_P2', value: '99.00' }];
    const stamped = { timestamp: new Date(receivedAt).toISOString(), sensordatavalues: other };
    expect(await send(host, arrivalOf(JSON.stringify(stamped), { receivedAt }))).toBe('stored');
    expect(await send(host, arrivalOf(airrohrBody(1, 7.5), { receivedAt }))).toBe('stored');
    expect(await send(host, arrivalOf(airrohrBody(1, 7.5), { receivedAt: receivedAt + 10 }))).toBe('duplicate');
    const readings = await storedReadings(host.store);
    expect(readings.map(({ measuredAt, values }) => ({ measuredAt, values }))).toEqual([
      { measuredAt: receivedAt, values: { pm25: 99, pm10: 12.4 } },
      { measuredAt: receivedAt + 1, values: { pm25: 7.5 } },
    ]);
    expect(host.seen.folded.map(({ values }) => values)).toEqual([{ pm25: 99 }, { pm10: 12.4 }, { pm25: 7.5 }]);
  });

  it('joins the parts of an ESPHome cycle in one reading', async () => {
    const host = await openIngestHost();
    await addStation(host.stations, 'esphome-balkon');
    const receivedAt = Date.now();
    const state = (object: string, value: string, later: number) => {
      const topic = { format: 'esphome', deviceId: 'esphome-balkon', object } as const;
      return send(host, arrivalOf(value, { topic, deviceId: 'esphome-balkon', receivedAt: receivedAt + later }));
    };
    await state('pm_2_5', '7.3', 0);
    await state('pm_10', '7.3', 40);
    const readings = await storedReadings(host.store);
    expect(readings).toEqual([expect.objectContaining({ measuredAt: receivedAt, values: { pm25: 7.3, pm10: 7.3 } })]);
  });
});

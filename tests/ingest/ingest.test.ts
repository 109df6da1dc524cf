import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../server/config.ts';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { Ingest, type IngestParts } from '../../server/ingest/ingest.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';
import { StationStore } from '../../server/store/registry/stationStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const DEVICE = 'esp8266-1001';
type IngestStore = IngestParts['store'];

/** The store of an instance, its registry, and how to begin a run on them at a given time. */
async function openInstance() {
  const dataDir = temporaryFolder();
  const stationStore = new StationStore({ path: join(dataDir, 'registry.duckdb'), clock: Date.now, randomBytes });
  await stationStore.open();
  closeAfterTest(() => stationStore.close());
  const store = new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
  await store.open();
  closeAfterTest(() => store.close());
  await addStation(stationStore, DEVICE);
  const start = async (now: number, from: IngestStore = withoutBackground(store)) => {
    const metrics = createMetrics();
    const ingest = new Ingest({
      ...{ config: loadConfig({ DATA_DIR: dataDir, MQTT_PORT: '0' }), stationStore, metrics, log: createLog('error') },
      store: from,
      clock: () => now,
      onStored: () => undefined,
      onConnected: () => undefined,
      onboarding: { isOnboarding: () => false, onboardingStep: () => undefined },
    });
    await ingest.open();
    closeAfterTest(() => ingest.close());
    return ingest;
  };
  return { store, start };
}

/** The store as it is while only the first question for fingerprints is answered: what the doors open with. */
function withoutBackground(store: DuckDbReadingStore) {
  let questions = 0;
  return {
    append: store.append.bind(store),
    span: store.span.bind(store),
    fingerprints: async function* (from: number) {
      if (questions++ === 0) yield* store.fingerprints(from);
    },
  };
}

/** The same while the database behind it is away: what waits on disk for it is told, then comes the failure. */
function away(store: DuckDbReadingStore): IngestStore {
  const { append, fingerprints } = withoutBackground(store);
  const unavailable = () => new StoreUnavailableError('The database is away');
  return {
    append,
    span: () => Promise.reject(unavailable()),
    fingerprints: async function* (from: number) {
      yield* fingerprints(from);
      throw unavailable();
    },
  };
}

function send(ingest: Ingest, body: string, receivedAt: number): Promise<string> {
  const topic = { format: 'airrohr', deviceId: DEVICE } as const;
  const arrival = { topic, payload: Buffer.from(body), deviceId: DEVICE, receivedAt, isStampedByBridge: false };
  return new Promise((resolve, reject) => {
    ingest.accept(arrival, (error, outcome) => {
      if (error || outcome === undefined || !('kind' in outcome)) reject(error ?? new Error('refused'));
      else resolve(outcome.kind);
    });
  });
}

describe('ingest', () => {
  it.each([0.1, 5, 20])(
    'knows what a broker redelivers after an outage of %d h as stored, once the doors open',
    async (hours) => {
      const { store, start } = await openInstance();
      const now = Date.now();
      const before = now - hours * HOUR_MS;
      expect(await send(await start(before), airrohrBody(1), before)).toBe('stored');
      expect(await send(await start(now), airrohrBody(1), now)).toBe('duplicate');
      expect(await storedReadings(store)).toHaveLength(1);
    },
  );

  it('knows what waits for a store that is away as stored, once the doors open', async () => {
    const { store, start } = await openInstance();
    const now = Date.now();
    const before = now - 60_000;
    expect(await send(await start(before), airrohrBody(1), before)).toBe('stored');
    expect(await send(await start(now, away(store)), airrohrBody(1), now)).toBe('duplicate');
    expect(await storedReadings(store)).toHaveLength(1);
  });
});

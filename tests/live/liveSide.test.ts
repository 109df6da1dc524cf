import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { LiveSide } from '../../server/live/liveSide.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { type ReadingStore, StoreUnavailableError } from '../../server/store/readingStore.ts';
import type { StationStore } from '../../server/store/registry/stationStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, openIngestHost } from '../support/ingestHost.ts';
import { until } from '../support/until.ts';

const NOW = Date.UTC(2026, 0, 5, 12, 2);

interface Given {
  store: ReadingStore;
  stations: StationStore;
  /** Collects what is logged. */
  logged?: string[];
}

function liveSideOf({ store, stations, logged = [] }: Given): LiveSide {
  const live = new LiveSide({
    config: {
      ...{ DAY_OFFSET: '+01:00', COUNTRY: 'DE', INSTANCE_NAME: 'Test', HOME_ASSISTANT: false },
      ...{ TRUST_PROXY: false, ADDRESS_LIMIT: { connections: 500, burst: 1000, perSecond: 50 } },
    },
    stationStore: stations,
    store,
    rollups: { rows: async () => [], upToDate: async () => true, markDirty: async () => undefined },
    httpServer: createServer(),
    publish: () => undefined,
    settled: () => Promise.resolve(),
    metrics: createMetrics(),
    log: createLog('warn', { write: (line) => void logged.push(line) }),
    clock: () => NOW,
    version: '0.1.0',
    warmRetryMs: 20,
  });
  closeAfterTest(() => live.close());
  return live;
}

describe('the history a start loads', () => {
  it('is asked for again when the store fails after the last hour', async () => {
    const { store, stations } = await openIngestHost({ clock: () => NOW });
    const { stationId } = await addStation(stations, 'esp8266-1001');
    for (const measuredAt of [NOW - 20 * HOUR_MS, NOW - HOUR_MS / 2]) {
      const readings = [{ stationId, sensor: 'sds011', measuredAt, values: { pm25: 7 }, flags: 0 }];
      await store.append([{ stationId, measuredAt, receivedAt: measuredAt, health: {}, readings }]);
    }
    let asked = 0;
    const failing: Pick<ReadingStore, 'cells' | 'scan'> = {
      cells: (from, to) => {
        if (++asked === 2) throw new StoreUnavailableError('the store went away');
        return store.cells(from, to);
      },
      scan: (query) => store.scan(query),
    };
    const live = liveSideOf({ store: failing as ReadingStore, stations });
    await live.warm();
    expect(live.problems()).toEqual([]);
    await until('the whole day is loaded', () => live.isDayLoaded);
    expect(live.aggregator.aggregate(stationId, 'pm25', '24h')?.count).toBe(2);
  });
});

describe('a store that is away at the start', () => {
  it('is told of once, however often it is asked, and again when it fails in another way', async () => {
    const { store, stations } = await openIngestHost({ clock: () => NOW });
    let asked = 0;
    const away: Pick<ReadingStore, 'cells' | 'scan'> = {
      cells: (from, to) => {
        asked++;
        if (asked <= 5) throw new StoreUnavailableError('the store is away');
        if (asked <= 8) throw new StoreUnavailableError('the store refuses the password');
        return store.cells(from, to);
      },
      scan: (query) => store.scan(query),
    };
    const logged: string[] = [];
    const live = liveSideOf({ store: away as ReadingStore, stations, logged });
    await live.warm();
    await until('the whole day is loaded', () => live.isDayLoaded);
    const told = logged.map((line) => (JSON.parse(line) as { err: { message: string } }).err.message);
    expect(told).toEqual(['the store is away', 'the store refuses the password']);
  });
});

describe('a station without a reading in the last day', () => {
  const messageAt = (stationId: string, measuredAt: number) => {
    const readings = [{ stationId, sensor: 'sds011', measuredAt, values: { pm25: 7 }, flags: 0 }];
    return { stationId, measuredAt, receivedAt: measuredAt, health: {}, readings };
  };

  it('is told to have been seen when it measured last, and nothing of it is of now', async () => {
    const { store, stations } = await openIngestHost({ clock: () => NOW });
    const { stationId } = await addStation(stations, 'esp8266-1001');
    const other = await addStation(stations, 'esp8266-1002');
    const silentSince = NOW - 400 * DAY_MS;
    await store.append([messageAt(stationId, silentSince), messageAt(stationId, silentSince - HOUR_MS)]);
    const live = liveSideOf({ store, stations });
    await live.warm();
    await until('the last readings are known', () => live.facts(stationId).lastSeenAt !== undefined);
    const facts = { latest: {}, healthClass: 'unknown', coverage24h: 0 };
    expect(live.facts(stationId)).toEqual({ ...facts, lastSeenAt: silentSince });
    expect(live.facts(other.stationId)).toEqual(facts);
    const before = live.revisionOf(other.stationId);
    const imported = [messageAt(other.stationId, silentSince + HOUR_MS)];
    live.onImported(imported, await store.append(imported));
    expect(live.facts(other.stationId)).toEqual({ ...facts, lastSeenAt: silentSince + HOUR_MS });
    expect(live.revisionOf(other.stationId)).not.toBe(before);
    live.removeStation(stationId);
    expect(live.facts(stationId)).toEqual(facts);
  });
});

import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { LiveSide } from '../../server/live/liveSide.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { type ReadingStore, StoreUnavailableError } from '../../server/store/readingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { addStation, openIngestHost } from '../support/ingestHost.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 5, 12, 2);

describe('the history a start loads', () => {
  it('is asked for again when the store fails after the last hour', async () => {
    const { store, stations } = await openIngestHost({ clock: () => NOW });
    const { stationId } = await addStation(stations, 'esp8266-1001');
    for (const measuredAt of [NOW - 20 * HOUR, NOW - HOUR / 2]) {
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
    const live = new LiveSide({
      config: {
        ...{ DAY_OFFSET: '+01:00', COUNTRY: 'DE', INSTANCE_NAME: 'Test', HOME_ASSISTANT: false },
        ...{ TRUST_PROXY: false, ADDRESS_LIMIT: { connections: 500, burst: 1000, perSecond: 50 } },
      },
      stationStore: stations,
      store: failing as ReadingStore,
      rollups: { rows: async () => [], markDirty: async () => undefined },
      httpServer: createServer(),
      publish: () => undefined,
      settled: () => Promise.resolve(),
      metrics: createMetrics(),
      log: createLog('silent'),
      clock: () => NOW,
      version: '0.1.0',
      warmRetryMs: 20,
    });
    closeAfterTest(() => live.close());
    await live.warm();
    expect(live.problems()).toEqual([]);
    await until('the whole day is loaded', () => live.isDayLoaded);
    expect(live.aggregator.aggregate(stationId, 'pm25', '24h')?.count).toBe(2);
  });
});

import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { Values } from '../../server/domain/reading.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { collect, message, OTHER_STATION, STATION, T0 } from './storeMessages.ts';

const HEALTH = {
  signal: -61,
  samples: 812_345,
  minMicro: 26,
  maxMicro: 1_020_304,
  interval: 145_000,
  firmware: 'NRZ-2024-135',
};

/** What is stored once per message. */
export function describeHealth(underTest: () => StoreUnderTest): void {
  const health = (from: number, to: number, limit?: number) => {
    return underTest().store.health({ stationId: STATION, from, to, ...(limit && { limit }) });
  };

  describe('messages', () => {
    it('keep device health and the time of arrival', async () => {
      const arrived = message(T0, { values: { pm25: 7.5 }, health: HEALTH, receivedAt: T0 + 321 });
      await underTest().store.append([arrived, message(T0, { stationId: OTHER_STATION, health: { signal: -1 } })]);
      expect(await health(T0, T0 + 1)).toEqual([{ measuredAt: T0, receivedAt: T0 + 321, ...HEALTH }]);
    });

    it('keep firmware text of any characters', async () => {
      const firmware = `O'Brien "7" \\ = , é ☂`;
      await underTest().store.append([message(T0, { health: { firmware } })]);
      expect((await health(T0, T0 + 1))[0]?.firmware).toBe(firmware);
    });

    it('are stored once per station and time; a later part adds what the first lacked', async () => {
      await underTest().store.append([
        message(T0, { values: { pm25: 1 }, health: { signal: -61 }, receivedAt: T0 + 1 }),
      ]);
      const later = { health: { signal: -99, firmware: 'later' }, receivedAt: T0 + 2 };
      await underTest().store.append([message(T0, { values: { pm10: 2 }, ...later })]);
      expect(await health(T0, T0 + 1)).toEqual([
        { measuredAt: T0, receivedAt: T0 + 1, signal: -61, firmware: 'later' },
      ]);
    });

    it('come in time order from a half-open window, at most as many as asked for', async () => {
      const times = [T0 + 2 * MINUTE_MS, T0, T0 + MINUTE_MS];
      await underTest().store.append(times.map((time) => message(time, { health: { signal: -60 } })));
      expect((await health(T0, T0 + 2 * MINUTE_MS)).map((row) => row.measuredAt)).toEqual([T0, T0 + MINUTE_MS]);
      expect((await health(T0, T0 + HOUR_MS, 1)).map((row) => row.measuredAt)).toEqual([T0]);
    });

    it('keep fingerprints of unstamped messages, all 64 bits', async () => {
      const fingerprint = { hi: 0xffff_ffff, lo: 0x8000_0001 };
      await underTest().store.append([
        message(T0, { fingerprint }),
        message(T0 + MINUTE_MS, { values: { pm25: 1 } }),
        message(T0 + 2 * MINUTE_MS, { stationId: OTHER_STATION, fingerprint: { hi: 0, lo: 0 } }),
        message(T0 - 3 * HOUR_MS, { fingerprint: { hi: 5, lo: 6 } }),
      ]);
      await underTest().reopen();
      const found = await collect(underTest().store.fingerprints(T0));
      expect(found.toSorted((a, b) => a.measuredAt - b.measuredAt)).toEqual([
        { stationId: STATION, measuredAt: T0, hi: 0xffff_ffff, lo: 0x8000_0001 },
        { stationId: OTHER_STATION, measuredAt: T0 + 2 * MINUTE_MS, hi: 0, lo: 0 },
      ]);
      expect(await collect(underTest().store.fingerprints(T0 - 3 * HOUR_MS))).toHaveLength(3);
    });

    it('keep the fingerprint of each part of a cycle, and of none twice', async () => {
      const part = (lo: number, values: Values) => message(T0, { values, fingerprint: { hi: lo + 1, lo } });
      const parts = [part(1, { pm25: 1 }), part(2, { pm10: 2 }), part(3, { pm1: 3 }), part(4, { pm4: 4 })] as const;
      const [first, second, third, fourth] = parts;
      const known = async () => (await collect(underTest().store.fingerprints(T0))).map(({ hi, lo }) => [hi, lo]);
      await underTest().store.append([first]);
      await underTest().store.append([second, third]);
      await underTest().reopen();
      await underTest().store.append([second]);
      expect((await known()).sort()).toEqual([
        [2, 1],
        [3, 2],
        [4, 3],
      ]);
      await underTest().store.append([fourth, first]);
      expect((await known()).map(([, lo]) => lo).sort()).toEqual([1, 2, 3, 4]);
      expect(await collect(underTest().store.scan({ from: T0, to: T0 + 1 }))).toMatchObject([
        { values: { pm1: 3, pm25: 1, pm4: 4, pm10: 2 } },
      ]);
    });
  });
}

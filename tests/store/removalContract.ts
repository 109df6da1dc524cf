import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { collect, message, OTHER_STATION, STATION, T0 } from './storeMessages.ts';

const EVERYTHING = { from: 0, to: T0 + 1000 * DAY_MS };

/** Deletion and retention. */
export function describeRemoval(underTest: () => StoreUnderTest): void {
  const store = () => underTest().store;
  const rich = (time: number, stationId = STATION, sensor = 'sds011') => {
    const fingerprint = { hi: 1, lo: time % 1000 };
    return message(time, {
      stationId,
      sensor,
      values: { pm25: 5 },
      extra: { n05: 1 },
      health: { signal: -60 },
      fingerprint,
    });
  };
  const keys = async () => {
    const readings = await collect(store().scan(EVERYTHING));
    return readings
      .map((reading) => `${reading.stationId} ${reading.sensor} ${(reading.measuredAt - T0) / HOUR_MS}`)
      .toSorted();
  };

  describe('remove', () => {
    it('takes all of a station and nothing of another', async () => {
      await store().append([rich(T0), rich(T0, OTHER_STATION), rich(T0 + HOUR_MS, STATION, 'pms5003')]);
      await store().remove({ stationId: STATION });
      expect(await keys()).toEqual([`${OTHER_STATION} sds011 0`]);
      expect(await store().seriesOf(STATION)).toEqual([]);
      expect(await store().health({ stationId: STATION, ...EVERYTHING })).toEqual([]);
      expect(await collect(store().fingerprints(0))).toMatchObject([{ stationId: OTHER_STATION }]);
    });

    it('takes only a sensor, leaving the health of the messages', async () => {
      await store().append([rich(T0), rich(T0, STATION, 'pms5003')]);
      await store().remove({ stationId: STATION, sensor: 'pms5003' });
      expect(await keys()).toEqual([`${STATION} sds011 0`]);
      expect(await store().health({ stationId: STATION, ...EVERYTHING })).toHaveLength(1);
    });

    it('takes only a half-open window', async () => {
      await store().append([rich(T0), rich(T0 + HOUR_MS), rich(T0 + 2 * HOUR_MS)]);
      await store().remove({ stationId: STATION, from: T0 + HOUR_MS, to: T0 + 2 * HOUR_MS });
      expect(await keys()).toEqual([`${STATION} sds011 0`, `${STATION} sds011 2`]);
      expect(await store().health({ stationId: STATION, ...EVERYTHING })).toHaveLength(2);
    });

    it('lasts over a reopening', async () => {
      await store().append([rich(T0), rich(T0 + HOUR_MS)]);
      await store().remove({ stationId: STATION, to: T0 + HOUR_MS });
      await underTest().reopen();
      expect(await keys()).toEqual([`${STATION} sds011 1`]);
    });

    it('makes room: the same key can be stored again, with another value', async () => {
      await store().append([rich(T0), rich(T0 + HOUR_MS)]);
      await store().remove({ stationId: STATION });
      const again = message(T0, { values: { pm25: 6 } });
      expect(await store().append([again])).toEqual([{ result: 'stored', conflicts: [], stored: again.readings }]);
      expect(await collect(store().scan(EVERYTHING))).toEqual(again.readings);
    });

    it('of a station never heard of does nothing', async () => {
      await store().append([rich(T0)]);
      await store().remove({ stationId: 'zzzzzzzzz9' });
      expect(await keys()).toHaveLength(1);
    });
  });

  describe('prune', () => {
    it('takes everything measured before, of all stations', async () => {
      await store().append([rich(T0), rich(T0 + HOUR_MS), rich(T0, OTHER_STATION), rich(T0 + HOUR_MS, OTHER_STATION)]);
      await store().prune(T0 + HOUR_MS);
      expect(await keys()).toEqual([`${STATION} sds011 1`, `${OTHER_STATION} sds011 1`]);
      expect(await store().health({ stationId: STATION, ...EVERYTHING })).toHaveLength(1);
      expect(await collect(store().fingerprints(0))).toHaveLength(2);
    });

    it('leaves out the stations it is told to, says before what it would take, and remembers', async () => {
      await store().append([rich(T0), rich(T0 + HOUR_MS), rich(T0, OTHER_STATION), rich(T0 + HOUR_MS, OTHER_STATION)]);
      expect(await store().prunedUntil()).toBeUndefined();
      expect(await store().prunable(T0 + HOUR_MS)).toEqual({ readings: 2, stations: 2 });
      expect(await store().prunable(T0 + HOUR_MS, [OTHER_STATION])).toEqual({ readings: 1, stations: 1 });
      expect(await store().prunable(T0)).toEqual({ readings: 0, stations: 0 });
      await store().prune(T0 + HOUR_MS, [OTHER_STATION]);
      expect(await keys()).toEqual([`${STATION} sds011 1`, `${OTHER_STATION} sds011 0`, `${OTHER_STATION} sds011 1`]);
      await store().prune(T0);
      await underTest().reopen();
      expect(await store().prunedUntil()).toBe(T0 + HOUR_MS);
    });
  });
}

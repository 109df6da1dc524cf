import { describe, expect, it } from '@jest/globals';
import { flagBit, invalidMask } from '../../server/domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { collect, message, messageOf, STATION, T0 } from './storeMessages.ts';

const ALL_TIME = { from: 0, to: T0 + 1000 * DAY_MS };
const PM25 = { stationId: STATION, sensor: 'sds011', quantity: 'pm25', ...ALL_TIME } as const;

/** Keys, first value wins, outcomes. */
export function describeAppend(underTest: () => StoreUnderTest): void {
  const append = (...messages: ReturnType<typeof message>[]) => underTest().store.append(messages);
  const scan = () => collect(underTest().store.scan(ALL_TIME));

  describe('append', () => {
    it('stores a batch and tells each message what became of it', async () => {
      const first = message(T0, { values: { pm25: 7.5, pm10: 12 } });
      const second = message(T0 + MINUTE_MS, { values: { pm25: 8 } });
      const outcomes = await append(first, second);
      expect(outcomes).toEqual([
        { result: 'stored', conflicts: [], stored: first.readings },
        { result: 'stored', conflicts: [], stored: second.readings },
      ]);
      expect(await scan()).toEqual([...first.readings, ...second.readings]);
    });

    it('takes an empty batch', async () => {
      expect(await append()).toEqual([]);
    });

    it('stores a duplicate once', async () => {
      const once = message(T0, { values: { pm25: 7.5 }, health: { signal: -61 } });
      await append(once);
      expect(await append(once)).toEqual([{ result: 'duplicate', conflicts: [], stored: [] }]);
      expect(await underTest().store.raw(PM25)).toEqual([{ measuredAt: T0, value: 7.5, flags: 0 }]);
    });

    it('stores a duplicate within a batch once', async () => {
      const twice = message(T0, { values: { pm25: 7.5 } });
      const outcomes = await append(twice, twice);
      expect(outcomes.map((outcome) => outcome.result)).toEqual(['stored', 'duplicate']);
      expect(await underTest().store.raw(PM25)).toHaveLength(1);
    });

    it('joins partial points of one time', async () => {
      await append(message(T0, { values: { pm25: 7.5 } }));
      const [outcome] = await append(message(T0, { values: { pm10: 12 } }));
      expect(outcome?.result).toBe('stored');
      expect(outcome?.stored.map((reading) => reading.values)).toEqual([{ pm10: 12 }]);
      expect((await scan()).map((reading) => reading.values)).toEqual([{ pm25: 7.5, pm10: 12 }]);
    });

    it('joins partial points of one time in one batch', async () => {
      const parts = [{ pm1: 3 }, { pm25: 7.5 }, { pm10: 12 }].map((values) => message(T0, { values }));
      const outcomes = await append(...parts);
      expect(outcomes.map((outcome) => outcome.result)).toEqual(['stored', 'stored', 'stored']);
      expect((await scan()).map((reading) => reading.values)).toEqual([{ pm1: 3, pm25: 7.5, pm10: 12 }]);
    });

    it('keeps the first value of a conflicting repeat and names the field', async () => {
      await append(message(T0, { values: { pm25: 7.5 } }));
      expect(await append(message(T0, { values: { pm25: 9 } }))).toEqual([
        { result: 'duplicate', conflicts: ['sds011.pm25'], stored: [] },
      ]);
      expect(await underTest().store.raw(PM25)).toEqual([{ measuredAt: T0, value: 7.5, flags: 0 }]);
    });

    it('keeps the first value when the conflicting repeat is in the same batch', async () => {
      const outcomes = await append(message(T0, { values: { pm25: 7.5 } }), message(T0, { values: { pm25: 9 } }));
      expect(outcomes.map((outcome) => outcome.conflicts)).toEqual([[], ['sds011.pm25']]);
      expect(await underTest().store.raw(PM25)).toEqual([{ measuredAt: T0, value: 7.5, flags: 0 }]);
    });

    it('stores the new fields of a message whose other fields conflict or repeat', async () => {
      await append(message(T0, { values: { pm1: 3, pm25: 7.5 } }));
      const [outcome] = await append(message(T0, { values: { pm1: 3, pm25: 9, pm10: 12 } }));
      expect(outcome).toMatchObject({ result: 'stored', conflicts: ['sds011.pm25'] });
      expect(outcome?.stored.map((reading) => reading.values)).toEqual([{ pm10: 12 }]);
      expect((await scan()).map((reading) => reading.values)).toEqual([{ pm1: 3, pm25: 7.5, pm10: 12 }]);
    });

    it('lets calls that overlap take turns', async () => {
      const calls = [7.5, 9].map((pm25) => append(message(T0, { values: { pm25 } })));
      const outcomes = (await Promise.all(calls)).flat();
      expect(outcomes.map(({ result, conflicts }) => ({ result, conflicts }))).toEqual([
        { result: 'stored', conflicts: [] },
        { result: 'duplicate', conflicts: ['sds011.pm25'] },
      ]);
      expect(await underTest().store.raw(PM25)).toEqual([{ measuredAt: T0, value: 7.5, flags: 0 }]);
    });

    it('keeps the sensors of one message apart', async () => {
      await append(messageOf(T0, { bme280: { temperature: 20 }, 'bme280-2': { temperature: 21 } }));
      const [outcome] = await append(messageOf(T0, { bme280: { temperature: 20 }, 'bme280-2': { temperature: 22 } }));
      expect(outcome).toEqual({ result: 'duplicate', conflicts: ['bme280-2.temperature'], stored: [] });
      expect((await scan()).map((reading) => reading.values.temperature).toSorted()).toEqual([20, 21]);
    });

    it('stores late and out-of-order readings, each once, in time order', async () => {
      const times = [T0 + HOUR_MS, T0, T0 + 2 * MINUTE_MS, T0 - 6 * DAY_MS, T0 + MINUTE_MS];
      await append(...times.map((time, index) => message(time, { values: { pm25: index } })));
      const again = await append(...times.map((time, index) => message(time, { values: { pm25: index } })));
      expect(again.every((outcome) => outcome.result === 'duplicate')).toBe(true);
      const values = await underTest().store.raw(PM25);
      expect(values.map((raw) => raw.measuredAt)).toEqual(times.toSorted((a, b) => a - b));
    });

    it('knows after reopening what it stored before', async () => {
      const before = message(T0, { values: { pm25: 7.5 }, health: { signal: -61 } });
      const late = message(T0 - HOUR_MS, { values: { pm25: 6 } });
      await append(before);
      await underTest().reopen();
      const outcomes = await append(before, message(T0, { values: { pm25: 1 } }), late);
      expect(outcomes.map((outcome) => outcome.result)).toEqual(['duplicate', 'duplicate', 'stored']);
      expect(outcomes[1]?.conflicts).toEqual(['sds011.pm25']);
      expect((await underTest().store.raw(PM25)).map((raw) => raw.value)).toEqual([6, 7.5]);
    });

    it('keeps unknown quantities, first value wins', async () => {
      await append(message(T0, { values: { pm25: 7.5 }, extra: { n05: 12.5 } }));
      const [outcome] = await append(message(T0, { values: { pm25: 7.5 }, extra: { n05: 13, co2: 415 } }));
      expect(outcome).toMatchObject({ result: 'stored', conflicts: ['sds011.n05'] });
      expect(outcome?.stored).toMatchObject([{ values: {}, extra: { co2: 415 } }]);
      expect(await scan()).toMatchObject([{ values: { pm25: 7.5 }, extra: { n05: 12.5, co2: 415 } }]);
    });

    it('stores a reading of unknown quantities only', async () => {
      const only = message(T0, { sensor: 'scd30', extra: { co2: 415 } });
      await append(only);
      expect(await scan()).toEqual(only.readings);
      expect(await append(only)).toMatchObject([{ result: 'duplicate' }]);
    });

    it('keeps every bit of a float64', async () => {
      const values = {
        pm1: 0.1 + 0.2,
        pm25: 1e-7,
        pm4: 123_456_789.123_456_79,
        pm10: 5e-324,
        temperature: -40.07,
        humidity: 0,
      };
      await append(message(T0, { values }));
      expect((await scan())[0]?.values).toEqual(values);
    });

    it('keeps a mask of 52 bits', async () => {
      const flags = 2 ** 51 + flagBit('claimed');
      await append(message(T0, { values: { pm25: 7.5 }, flags }));
      expect(await underTest().store.raw(PM25)).toEqual([{ measuredAt: T0, value: 7.5, flags }]);
    });

    it('does not let the flags of a refused value fall on the stored one', async () => {
      await append(message(T0, { values: { pm25: 7.5 } }));
      const flags = invalidMask('pm25') + flagBit('saturated', 'pm10') + flagBit('claimed');
      await append(message(T0, { values: { pm25: 1999.9, pm10: 1999.9 }, flags }));
      expect(await underTest().store.raw(PM25)).toMatchObject([{ value: 7.5 }]);
      expect(await underTest().store.buckets({ ...PM25, bucketMs: 3_600_000 })).toMatchObject([
        { count: 1, mean: 7.5 },
      ]);
      expect((await scan())[0]?.flags).toBe(flagBit('saturated', 'pm10'));
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import type { Reading } from '../../../server/domain/reading.ts';
import type { MessageRow } from '../../../server/store/admissionMerge.ts';
import { blocksOf } from '../../../server/store/influx/influxLineBlock.ts';
import { blocksOfRows, type LineRows } from '../../../server/store/influx/influxLines.ts';
import { InfluxLineWriter } from '../../../server/store/influx/influxLineWriter.ts';
import { randomNumbers } from '../../support/randomNumbers.ts';

const STATION = 'abcdefghij';
const T = 1_795_715_481_806;

function reading(more: Partial<Reading> = {}): Reading {
  return { stationId: STATION, sensor: 'sds011', measuredAt: T, values: { pm10: 12.4, pm25: 7 }, flags: 0, ...more };
}

function messageRow(more: Partial<MessageRow> = {}): MessageRow {
  return { stationId: STATION, measuredAt: T, receivedAt: T + 1, health: {}, ...more };
}

function blocks(rows: Partial<LineRows>, writer = new InfluxLineWriter()) {
  return [...blocksOfRows(writer, { readings: [], messages: [], ...rows })];
}

describe('numbers in lines', () => {
  const written = (value: number) => {
    const writer = new InfluxLineWriter();
    writer.number(value);
    return writer.take();
  };

  it.each([
    ...[0, -0, 5, -5, 10, 99, 100, 0.1, 0.01, 0.05, -0.5, 12.35, 99_999.99, 1.005, 0.001, 1e-7, -1e-7, 1 / 3, T],
    ...[999_999_999, 1e9, 1e9 + 1, 9_999_999_999_999, 1e13, 2 ** 52, 2 ** 53, 1e15, 1e21, 1.5e300, -1e9, 4_294_967_295],
    ...[Number.NaN, Number.POSITIVE_INFINITY],
  ])('%d is written as String has it', (value) => {
    expect(written(value)).toBe(String(value));
  });

  it('any number is', () => {
    const random = randomNumbers(3);
    for (let n = 0; n < 50_000; n++) {
      const digits = Math.floor(random() * 8);
      const value = Number(((random() - 0.3) * 10 ** Math.floor(random() * 16)).toFixed(digits));
      if (written(value) !== String(value)) throw new Error(`${value} became ${written(value)}`);
    }
  });
});

describe('rows as lines', () => {
  it('have their tags in order, invalid values apart and unknown quantities on a line of their own', () => {
    const flags = flagBit('saturated', 'pm10');
    const [block] = blocks({
      readings: [reading({ flags }), reading({ sensor: 'bme280-2', values: {}, extra: { n05: 3.25, co2: 400 } })],
      messages: [messageRow()],
    });
    expect(block?.text.split('\n')).toEqual([
      `reading,sensor=sds011,station=${STATION} flags=${flags},pm10_x=12.4,pm25=7 ${T}`,
      `reading,sensor=bme280-2,station=${STATION} flags=0 ${T}`,
      `extra,sensor=bme280-2,station=${STATION} x_n05=3.25,x_co2=400 ${T}`,
      `message,station=${STATION} received=${T + 1} ${T}`,
    ]);
    expect(block?.count).toBe(4);
    expect(block?.lines()).toEqual(block?.text.split('\n'));
  });

  it('carry health, fingerprint and any text as firmware', () => {
    const firmware = 'NRZ "2024"\\135\nä€😀';
    const health = { signal: -63, samples: 5_000_001, minMicro: 30, maxMicro: 20_111.5, interval: 145_000, firmware };
    const [block] = blocks({ messages: [messageRow({ fingerprint: { hi: 4_294_967_295, lo: 0 }, health })] });
    const fields = 'fp_hi=4294967295,fp_lo=0,signal=-63,samples=5000001,min_micro=30,max_micro=20111.5';
    const line = `message,station=${STATION} received=${T + 1},${fields},interval_ms=145000,firmware="NRZ \\"2024\\"\\\\135\nä€😀" ${T}`;
    expect(block?.text).toBe(line);
    expect(block?.lines()).toEqual([line]);
    expect(block?.count).toBe(1);
  });

  it('come in requests that together are all of them, in order', () => {
    const readings = Array.from({ length: 30_000 }, (_, n) => reading({ measuredAt: T + n, extra: { n: 1 } }));
    const messages = Array.from({ length: 30_000 }, (_, n) => messageRow({ measuredAt: T + n }));
    const all = blocks({ readings, messages });
    expect(all.map(({ count }) => count)).toEqual([20_000, 20_000, 20_000, 20_000, 10_000]);
    const lines = all.flatMap(({ text }) => text.split('\n'));
    expect(all.flatMap((block) => block.lines())).toEqual(lines);
    expect(new Set(lines).size).toBe(90_000);
    expect([...blocksOf(lines)].map(({ text }) => text)).toEqual(all.map(({ text }) => text));
  });

  it('are no larger a request than a server takes', () => {
    const extra = { ['n'.repeat(6_000)]: 1, ['m'.repeat(6_000)]: 2 };
    const all = blocks({ readings: Array.from({ length: 2_000 }, (_, n) => reading({ measuredAt: T + n, extra })) });
    expect(all.length).toBeGreaterThan(3);
    expect(Math.max(...all.map(({ text }) => text.length))).toBeLessThan(6_000_000);
    expect([...blocksOf(all.flatMap((block) => block.lines()))].length).toBe(all.length);
  });

  it('refuse names that could be anything else, and nothing of them is left behind', () => {
    const writer = new InfluxLineWriter();
    expect(() => blocks({ readings: [reading(), reading({ stationId: 'a b' })] }, writer)).toThrow(/not a station id/);
    expect(() => blocks({ readings: [reading({ sensor: 'a,b=1' })] }, writer)).toThrow(/not a sensor/);
    expect(() => blocks({ readings: [reading({ extra: { 'a b': 1 } })] }, writer)).toThrow(/name of a field/);
    expect(blocks({ messages: [messageRow()] }, writer)).toMatchObject([{ count: 1 }]);
    expect(blocks({}, writer)).toEqual([]);
  });
});

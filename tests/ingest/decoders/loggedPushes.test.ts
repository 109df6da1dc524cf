import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Quantity } from '../../../server/domain/quantity.ts';
import { isRejection, type Reading } from '../../../server/domain/reading.ts';
import { decodeAirrohr } from '../../../server/ingest/decoders/airrohr.ts';
import { type Validated, validate } from '../../../server/ingest/validate.ts';
import { bodiesOf, loggedPushes } from './wireCases.ts';

const CONTEXT = { stationId: 'abcdefghij', measuredAt: 1_495_058_407_000, sensorModels: [], isClaimed: false };

function accept(body: Uint8Array): Validated {
  const message = decodeAirrohr(body, { format: 'airrohr' });
  if (isRejection(message)) throw new Error(message.detail);
  const judged = validate(message, CONTEXT);
  if (isRejection(judged)) throw new Error(judged.detail);
  return judged;
}

/** Count and sum of a value type, read with a pattern and nothing of ours. */
function totalInText(text: string, valueType: string): { count: number; sum: number } {
  const numbers = [...text.matchAll(new RegExp(`"value_type":"${valueType}","value":"(-?[0-9.]+)"`, 'g'))];
  return { count: numbers.length, sum: numbers.reduce((sum, match) => sum + Number(match[1]), 0) };
}

function totalOf(readings: readonly Reading[], sensor: string, quantity: Quantity): { count: number; sum: number } {
  const values = readings
    .filter((reading) => reading.sensor === sensor)
    .map((reading) => reading.values[quantity])
    .filter((value) => value !== undefined);
  return { count: values.length, sum: values.reduce((sum, value) => sum + value, 0) };
}

describe('2,225 pushes logged by one node in May 2017', () => {
  const logs = loggedPushes();
  const text = logs.map((log) => log.text).join('');
  const judged = logs.flatMap((log) => bodiesOf(log.text)).map(accept);
  const readings = judged.flatMap((message) => message.readings);

  it('are all taken, the one without a DHT22 included', () => {
    expect(judged).toHaveLength(2225);
    expect(readings).toHaveLength(2225 + 2224);
    expect(judged.flatMap(({ refused }) => refused)).toEqual([]);
  });

  it.each([
    ['SDS_P1', 'sds011', 'pm10'],
    ['SDS_P2', 'sds011', 'pm25'],
    ['temperature', 'dht22', 'temperature'],
    ['humidity', 'dht22', 'humidity'],
  ] as const)('carry the same %s as the text', (valueType, sensor, quantity) => {
    const expected = totalInText(text, valueType);
    const actual = totalOf(readings, sensor, quantity);
    expect(actual.count).toBe(expected.count);
    expect(actual.sum).toBeCloseTo(expected.sum, 6);
    expect(actual.sum / actual.count).toBeCloseTo(expected.sum / expected.count, 9);
  });

  it('keep the signal of the years when it read "-73 dBm"', () => {
    const expected = [...text.matchAll(/"value":"(-\d+) dBm"/g)].map((match) => Number(match[1]));
    const signals = logs
      .flatMap((log) => bodiesOf(log.text))
      .map((body) => decodeAirrohr(body, { format: 'airrohr' }))
      .map((message) => (isRejection(message) ? undefined : message.health.signal));
    expect(signals).toEqual(expected);
    expect(signals).toHaveLength(2225);
  });

  it('include the later firmware that names its chip', () => {
    const file = new URL('../../fixtures/wire/polygontwist/feinstaub-nrz-2017-089.json', import.meta.url);
    const { daten } = JSON.parse(readFileSync(file, 'utf8')) as { daten: unknown };
    expect(decodeAirrohr(Buffer.from(JSON.stringify(daten)), { format: 'airrohr' })).toMatchObject({
      claimedDeviceId: '99999',
      sensors: [
        { sensor: 'sds011', values: { pm10: 14.93, pm25: 5 } },
        { sensor: 'dht22', values: { temperature: 18.1, humidity: 71.1 } },
      ],
    });
  });
});

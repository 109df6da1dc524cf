import { expect, it } from '@jest/globals';
import { sensorTypeOf } from '../../server/sensorCommunity/sensorTypes.ts';
import { CAPTURES, captured } from './records.ts';

/** Of `data.dust.min.json` on 2018-12-30 11:47:02, sensor 107, as a public script keeps it for its tests. */
const PPD42NS = { id: 1, name: 'PPD42NS', manufacturer: 'Shinyei' };

it('every type of the captures has the number, name, maker and pin it has there', () => {
  const seen = new Map(
    CAPTURES.flatMap(captured).map(({ sensor }) => [
      sensor.sensor_type.name,
      { ...sensor.sensor_type, pin: sensor.pin },
    ]),
  );
  expect([...seen.keys()].sort()).toEqual(['BME280', 'BMP180', 'BMP280', 'DHT22', 'SDS011']);
  for (const [name, theirs] of seen) expect(sensorTypeOf(name.toLowerCase())).toEqual(theirs);
  expect(sensorTypeOf('ppd42ns')).toEqual({ ...PPD42NS, pin: '5' });
});

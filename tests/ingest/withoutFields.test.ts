import { expect, it } from '@jest/globals';
import type { Reading } from '../../server/domain/reading.ts';
import { withoutFields } from '../../server/ingest/withoutFields.ts';

type Fields = Pick<Reading, 'values' | 'extra'>;

const readingOf = (fields: Fields): Reading => ({
  ...{ stationId: 'aaaaaaaaa1', sensor: 'sds011', measuredAt: 1, flags: 0 },
  ...fields,
});

it.each<[string, Fields, Fields, Fields | undefined]>([
  ['one value', { values: { pm25: 1, pm10: 2 } }, { values: { pm25: 1 } }, { values: { pm10: 2 } }],
  ['one value, whatever it was', { values: { pm25: 1, pm10: 2 } }, { values: { pm25: 9 } }, { values: { pm10: 2 } }],
  ['nothing in common', { values: { pm25: 1 } }, { values: { humidity: 50 } }, { values: { pm25: 1 } }],
  [
    'a value and an extra field',
    { values: { pm25: 1, pm10: 2 }, extra: { lux: 3, uv: 4 } },
    { values: { pm25: 1 }, extra: { lux: 3 } },
    { values: { pm10: 2 }, extra: { uv: 4 } },
  ],
  [
    'every value, but an extra field',
    { values: { pm25: 1 }, extra: { lux: 3 } },
    { values: { pm25: 1 } },
    { values: {}, extra: { lux: 3 } },
  ],
  [
    'every extra field',
    { values: { pm25: 1, pm10: 2 }, extra: { lux: 3 } },
    { values: { pm25: 1 }, extra: { lux: 3 } },
    { values: { pm10: 2 } },
  ],
  ['all of it', { values: { pm25: 1 }, extra: { lux: 3 } }, { values: { pm25: 1 }, extra: { lux: 3 } }, undefined],
])('of a reading without a part that has %s the rest is left', (_what, whole, part, left) => {
  expect(withoutFields(readingOf(whole), readingOf(part))).toEqual(left && readingOf(left));
});

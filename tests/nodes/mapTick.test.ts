import { describe, expect, it } from '@jest/globals';
import { decodeState } from '../../server/nodes/mapTick.ts';

const STATE = {
  ...{
    epoch: 'first',
    seq: 7,
    quantity: 'pm25',
    average: '1h',
    unit: 'µg/m³',
    scale: 10,
    at: '2026-11-26T12:00:00.000Z',
  },
  ...{ id: ['s000000001'], name: ['Hof'], lat: [514_500], lon: [70_100], value: [null], coverage: [0], count: [0] },
  ...{ state: ['none'], age: [null], doubtful: [0], indoor: [0], kind: ['citizen'] },
};

describe('a layer that a web node fetches', () => {
  it('is taken as it is', () => {
    expect(decodeState(STATE)).toEqual(STATE);
  });

  it.each([
    ['nothing', null],
    ['a problem', { status: 503 }],
    ['a column too few', { ...STATE, value: undefined }],
    ['columns of unequal length', { ...STATE, value: [1, 2] }],
    ['a word nobody knows', { ...STATE, state: ['fine'] }],
  ])('is none when it is %s', (_what, body) => {
    expect(decodeState(body)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { BROKEN_FOR_MS, HumidityHistory } from '../../../server/domain/assessment/humidityHistory.ts';
import { HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';

const START = Date.UTC(2025, 0, 1);

/** A history of readings, as minutes after a full hour and %. */
function historyOf(...readings: (readonly [minutes: number, humidity: number])[]): HumidityHistory {
  const history = new HumidityHistory();
  for (const [minutes, humidity] of readings) history.add(START + minutes * MINUTE_MS, humidity);
  return history;
}

/** Wet readings, one every `every` minutes of the hours named; they vary, so that no run of equal ones is the proof. */
function wet(fromHour: number, hours: number, every = 60): [number, number][] {
  return Array.from({ length: (hours * 60) / every }, (_, at) => [fromHour * 60 + at * every, at % 2 ? 99.9 : 100]);
}

/** A step there and back, two flips; the reading before is half an hour away. */
const twoFlips = (hour: number, step = 30.1, minutes = 10): [number, number][] => [
  [hour * 60 + 29, 50],
  [hour * 60 + 29 + minutes, 50 + step],
  [hour * 60 + 29 + 2 * minutes, 50],
];
const oneFlip = (minutes: number): [number, number][] => [
  [minutes, 60],
  [minutes + 10, 95],
];

describe('flips', () => {
  it('three within two days are a proof, two are not', () => {
    expect(historyOf(...twoFlips(0)).isBroken).toBe(false);
    expect(historyOf(...twoFlips(0), ...oneFlip(120)).isBroken).toBe(true);
  });

  it('are steps of more than 30 percentage points within ten minutes', () => {
    expect(historyOf(...twoFlips(0, 30), ...twoFlips(2, 30)).isBroken).toBe(false);
    expect(historyOf(...twoFlips(0, 40, 11), ...twoFlips(2, 40, 11)).isBroken).toBe(false);
  });

  it.each([
    ['within 48 clock hours', 47 * 60 + 40, true],
    ['in the 49th, at its very start', 48 * 60 - 10, false],
    ['after three days of silence', 95 * 60, false],
  ])('count %s', (_, minutes, isBroken) => {
    expect(historyOf(...twoFlips(0), ...oneFlip(minutes)).isBroken).toBe(isBroken);
  });

  it('a dry end is one as well, at 1 %', () => {
    expect(historyOf([0, 30], [60, 1], [120, 20], [180, 1], [240, 20], [300, 1]).isBroken).toBe(true);
    expect(historyOf([0, 30], [60, 1.1], [120, 20], [180, 1.1], [240, 20], [300, 1.1]).isBroken).toBe(false);
  });
});

describe('always wet', () => {
  it('is a proof when 36 hours of the window hold readings', () => {
    expect(historyOf(...wet(0, 35, 10)).isBroken).toBe(false);
    expect(historyOf(...wet(0, 36)).isBroken).toBe(true);
  });

  it('hours that have left the window do not count', () => {
    expect(historyOf(...wet(0, 30), ...wet(80, 30)).isBroken).toBe(false);
    expect(historyOf(...wet(0, 30), ...wet(80, 36)).isBroken).toBe(true);
  });

  it('is no proof as long as the window holds another reading', () => {
    const mixed = [...wet(0, 10, 10), [10 * 60, 99] as [number, number]];
    expect(historyOf(...mixed, ...wet(11, 47)).isBroken).toBe(false);
    expect(historyOf(...mixed, ...wet(11, 48)).isBroken).toBe(true);
  });
});

it('one value for 48 hours is a proof', () => {
  const flat = (minutes: number) =>
    historyOf([0, 60], ...Array.from({ length: 48 }, (_, at) => [60 + at * 60, 63] as const), [60 + minutes, 63]);
  expect(flat(48 * 60 - 1).isBroken).toBe(false);
  expect(flat(48 * 60).isBroken).toBe(true);
});

it('the same value before and after a silence is none', () => {
  const paused = historyOf([0, 60], [60, 99.9], [60 + 3 * 24 * 60, 99.9], [120 + 3 * 24 * 60, 99.9]);
  expect(paused.isBroken).toBe(false);
});

it('it is trusted again more than two weeks after the last proof, wherever that was seen', () => {
  const history = historyOf([0, 50]);
  history.noteProof(START - HOUR_MS);
  history.noteProof(START - 2 * HOUR_MS);
  expect(history.provedAt).toBe(START - HOUR_MS);
  history.add(START - HOUR_MS + BROKEN_FOR_MS, 60);
  expect(history.isBroken).toBe(true);
  history.add(START - HOUR_MS + BROKEN_FOR_MS + 1, 61);
  expect(history.isBroken).toBe(false);
});

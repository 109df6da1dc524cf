import { expect, it } from '@jest/globals';
import { MINUTE_MS } from '../../server/domain/durations.ts';
import { PinWatch } from '../../server/mirror/pinWatch.ts';

const KNOWN = { lat: 51.044, lon: 13.746 };
const THERE = { lat: 51.047, lon: 13.746 };

it('a pin is followed once it has stayed where it was put for an hour', () => {
  const watch = new PinWatch();
  const look = (minute: number, ...said: { lat: number; lon: number }[]) =>
    watch.look('a', KNOWN, { said, now: minute * MINUTE_MS });
  expect([look(0, THERE), look(30, THERE, THERE), look(59, THERE)]).toEqual([undefined, undefined, undefined]);
  expect(look(60, THERE)).toEqual(THERE);
});

it('a pin that jumps, comes back, or is said to be in two places is not', () => {
  const watch = new PinWatch();
  const look = (minute: number, ...said: { lat: number; lon: number }[]) =>
    watch.look('a', KNOWN, { said, now: minute * MINUTE_MS });
  for (let step = 0; step < 100; step++)
    expect(look(step * 5, { lat: 51.04 + (step % 7) / 1000, lon: 13.75 })).toBeUndefined();
  expect([look(600, THERE), look(630, KNOWN), look(665, THERE)]).toEqual([undefined, undefined, undefined]);
  const both = new PinWatch();
  for (const minute of [0, 70, 140]) {
    expect(both.look('a', KNOWN, { said: [KNOWN, THERE], now: minute * MINUTE_MS })).toBeUndefined();
  }
});

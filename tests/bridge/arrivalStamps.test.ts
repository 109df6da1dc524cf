import { expect, it } from '@jest/globals';
import { ArrivalStamps } from '../../firmware-bridge/arrivalStamps.ts';

it('arrival times of a device increase strictly, those of others are their own', () => {
  const stamps = new ArrivalStamps();
  expect([100, 100, 100, 101, 200].map((now) => stamps.next('a', now))).toEqual([100, 101, 102, 103, 200]);
  expect(stamps.next('b', 100)).toBe(100);
});

it('a clock that was corrected a little keeps the order, one that was set back is believed', () => {
  const stamps = new ArrivalStamps();
  expect([5_000_000, 4_990_000, 1_000].map((now) => stamps.next('a', now))).toEqual([5_000_000, 5_000_001, 1_000]);
});

it('of too many devices the one silent longest is forgotten', () => {
  const stamps = new ArrivalStamps();
  for (const device of ['busy', 'silent', 'busy']) stamps.next(device, 100);
  for (let i = 0; i < 19_999; i++) stamps.next(`device ${i}`, 100);
  expect(['busy', 'silent'].map((device) => stamps.next(device, 100))).toEqual([102, 100]);
});

it('devices that are silent are forgotten when there are too many', () => {
  const stamps = new ArrivalStamps();
  stamps.next('first', 100);
  for (let i = 0; i < 20_000; i++) stamps.next(`device ${i}`, 100);
  expect(stamps.next('first', 100)).toBe(100);
});

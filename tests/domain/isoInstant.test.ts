import { expect, it } from '@jest/globals';
import { isoInstant } from '../../server/domain/isoInstant.ts';

it.each([
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2026-02-28T23:59:59.999Z', Date.UTC(2026, 2, 1) - 1],
  ['2026-12-31T24:00:00Z', Date.UTC(2027, 0, 1)],
  ['2026-03-31T00:00:00+02:00', Date.UTC(2026, 2, 30, 22)],
])('%s is a time', (text, at) => {
  expect(isoInstant(text)).toBe(at);
});

it.each([
  '2026-02-29',
  '2026-02-30T00:00:00Z',
  '2026-04-31T00:00:00+02:00',
  '2026-00-10',
  '2026-13-01',
  '2026-01-00',
  'today',
  '',
])('%j is none', (text) => {
  expect(isoInstant(text)).toBeNaN();
});

import { describe, expect, it } from '@jest/globals';
import { isSouthern } from '../../../server/api/pages/instance.ts';
import { type QuickPeriod, quickPeriod } from '../../../server/domain/report/quickPeriods.ts';
import { stationOf } from '../../support/stations.ts';

describe('where winter is in the middle of the year', () => {
  it.each([
    ['the map looks at Melbourne', { center: { lat: -37.8, lon: 145 } }, true],
    ['the map looks at Essen', { center: { lat: 51.5, lon: 7 } }, false],
    ['the districts lie in Chile', { extent: { west: -71, south: -34, east: -70, north: -33 } }, true],
    ['nothing is said, and there is no station', {}, false],
    ['nothing is said, and most stations are in Chile', {}, true, [-33.4, -33.5, 51.5]],
    ['nothing is said, and most stations are in Essen', {}, false, [51.5, 51.4, -33.4]],
    ['the map looks at Essen, the stations are in Chile', { center: { lat: 51.5, lon: 7 } }, false, [-33.4]],
  ])('follows from where the instance is: %s', (_what, instance, expected, latitudes: number[] = []) => {
    const stations = latitudes.map((lat) => stationOf(`station${lat}`, { position: { lat, lon: 7 } }));
    expect(isSouthern(instance, stations)).toBe(expected);
  });
});

describe('a period asked for by name', () => {
  it.each<[QuickPeriod, string, string, string]>([
    ['last-7-days', '2026-11-26', '2026-11-20', '2026-11-26'],
    ['last-7-days', '2026-03-03', '2026-02-25', '2026-03-03'],
    ['last-month', '2026-11-26', '2026-10-01', '2026-10-31'],
    // On the last day of a month yesterday is the last but one; on the next day the month is over.
    ['last-month', '2026-11-29', '2026-10-01', '2026-10-31'],
    ['last-month', '2026-11-30', '2026-11-01', '2026-11-30'],
    ['last-month', '2026-01-15', '2025-12-01', '2025-12-31'],
    ['last-month', '2024-02-29', '2024-02-01', '2024-02-29'],
    ['this-year', '2026-11-26', '2026-01-01', '2026-11-26'],
    ['this-year', '2026-12-31', '2026-01-01', '2026-12-31'],
    ['last-year', '2026-11-26', '2025-01-01', '2025-12-31'],
    ['last-winter', '2026-11-26', '2025-10-01', '2026-03-31'],
    ['last-winter', '2026-03-30', '2024-10-01', '2025-03-31'],
    ['last-winter', '2026-03-31', '2025-10-01', '2026-03-31'],
  ])('%s after %s is %s to %s', (name, lastClosed, from, to) => {
    expect(quickPeriod(name, lastClosed, false)).toEqual({ from, to });
  });

  it.each([
    ['2026-11-26', '2026-04-01', '2026-09-30'],
    ['2026-09-30', '2026-04-01', '2026-09-30'],
    ['2026-09-29', '2025-04-01', '2025-09-30'],
    ['2026-01-15', '2025-04-01', '2025-09-30'],
  ])('south of the equator the last winter after %s is %s to %s', (lastClosed, from, to) => {
    expect(quickPeriod('last-winter', lastClosed, true)).toEqual({ from, to });
  });
});

import { describe, expect, it } from '@jest/globals';
import { RecentReadings } from '../../server/sensorCommunity/recentReadings.ts';

const T0 = Date.UTC(2026, 10, 26, 12);

function readingAt(ms: number, pm25: number) {
  return { stationId: 'abcdefghij', sensor: 'sds011', measuredAt: T0 + ms, values: { pm25 }, flags: 0 };
}

function keptOf(recent: RecentReadings): (readonly [number, number | undefined])[] {
  const [sensor] = recent.of('abcdefghij', T0 - 300_000);
  return sensor?.readings.map(({ measuredAt, values }) => [measuredAt - T0, values.pm25] as const) ?? [];
}

describe('the last five minutes of an instrument', () => {
  it('hold every reading of the quickest firmware', () => {
    const recent = new RecentReadings();
    for (let n = 0; n < 60; n++) recent.note(readingAt(n * 5_000, n));
    expect(keptOf(recent)).toEqual(Array.from({ length: 60 }, (_, n) => [n * 5_000, n]));
  });

  it('of one that sends twenty times a second hold its newest and one each 2.5 s, over the whole time', () => {
    const recent = new RecentReadings();
    for (let ms = 0; ms <= 20_010; ms += 50) recent.note(readingAt(ms, ms));
    const times = keptOf(recent).map(([at]) => at);
    expect(times).toEqual([0, 2_500, 5_000, 7_500, 10_000, 12_500, 15_000, 17_500, 20_000]);
  });

  it('take a late reading to its place', () => {
    const recent = new RecentReadings();
    for (const ms of [0, 5_000, 10_000, 2_000]) recent.note(readingAt(ms, ms));
    expect(keptOf(recent).map(([at]) => at)).toEqual([0, 2_000, 5_000, 10_000]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../server/domain/durations.ts';
import { SensorCadence } from '../../server/live/sensorCadence.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const TODAY = Math.floor(NOW / DAY_MS);
const DEFAULT_MS = 149_000;

/** A cadence followed over so many equal gaps a day: `[day, gapMs, how many]`. */
function followed(...days: [day: number, gapMs: number, count: number][]): SensorCadence {
  const cadence = new SensorCadence();
  for (const [day, gapMs, count] of days) for (let gap = 0; gap < count; gap++) cadence.noteGap(gapMs, day);
  return cadence;
}

describe('the cadence of an instrument', () => {
  it('is the interval its device sends, for a day', () => {
    const cadence = followed([TODAY, 300_000, 20]);
    cadence.noteInterval(60_000, NOW);
    expect(cadence.at(NOW + DAY_MS)).toBe(64_000);
    expect(cadence.at(NOW + DAY_MS + 1)).toBe(300_000);
  });

  it('is the interval sent last, whatever comes late', () => {
    const cadence = new SensorCadence();
    cadence.noteInterval(60_000, NOW);
    cadence.noteInterval(30_000, NOW - DAY_MS);
    expect(cadence.at(NOW + DAY_MS)).toBe(64_000);
    cadence.noteInterval(120_000, NOW + DAY_MS);
    expect(cadence.at(NOW + DAY_MS)).toBe(124_000);
  });

  it.each<[string, [number, number, number][], number]>([
    ['the default before there are enough gaps', [[TODAY, 60_000, 4]], DEFAULT_MS],
    ['that of the gaps so far on the first day', [[TODAY, 60_000, 5]], 60_000],
    [
      'that of the day before, whatever today brings',
      [
        [TODAY - 1, 60_000, 20],
        [TODAY, 300_000, 100],
      ],
      60_000,
    ],
    [
      'that of the last day before with enough gaps, and of no other',
      [
        [TODAY - 3, 600_000, 60],
        [TODAY - 2, 60_000, 20],
        [TODAY - 1, 300_000, 4],
        [TODAY, 300_000, 100],
      ],
      60_000,
    ],
  ])('is %s', (_what, days, cadenceMs) => {
    expect(followed(...days).at(NOW)).toBe(cadenceMs);
  });

  it('is what stored cells say until there are enough gaps', () => {
    const cadence = followed([TODAY, 60_000, 4]);
    cadence.seed(300_000);
    expect(cadence.at(NOW)).toBe(300_000);
    cadence.noteGap(60_000, TODAY);
    expect(cadence.at(NOW)).toBe(60_000);
  });
});

import { BROKEN_FOR_MS } from '../domain/assessment/humidityHistory.ts';
import { DAY_MS } from '../domain/durations.ts';
import { dayStart } from './dayStart.ts';
import { joined, type Stretch } from './dirtyStations.ts';

/** Where days are looked for; epoch ms. */
export interface AffectedWithin {
  firstReading: number;
  /** Before it rows stay as they are: what they rest on was pruned. */
  fixedUntil: number;
  closedUntil: number;
  dayOffsetMs: number;
}

/** Whole days whose rows may rest on something in the stretches: a humidity sensor proved broken is disbelieved two weeks around. */
export function affectedDays(
  stretches: readonly Stretch[],
  { firstReading, fixedUntil, closedUntil, dayOffsetMs }: AffectedWithin,
): Stretch[] {
  const earliest = dayStart(fixedUntil - 1, dayOffsetMs) + DAY_MS;
  const latest = dayStart(closedUntil - 1, dayOffsetMs) + DAY_MS;
  const wide = stretches.map(({ from, to }) => ({
    from: Math.max(earliest, dayStart(Math.max(from, firstReading) - BROKEN_FOR_MS, dayOffsetMs)),
    to: Math.min(latest, dayStart(Math.min(to, latest) - 1 + BROKEN_FOR_MS, dayOffsetMs) + DAY_MS),
  }));
  return joined(wide.filter(({ from, to }) => from < to));
}

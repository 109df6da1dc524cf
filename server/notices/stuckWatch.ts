import { assessStation } from '../domain/assessment/stationAssessment.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { Reading } from '../domain/reading.ts';
import type { ReadingStore } from '../store/readingStore.ts';

/** How far back is looked, ms: the longest run that proves a stuck sensor, and an hour. */
const REACH_MS = 13 * HOUR_MS;
/** Nothing newer than this says nothing about now, ms. */
const FRESH_MS = 2 * HOUR_MS;
/** Quantities by which a particle sensor is judged. */
const PARTICULATES = ['pm25', 'pm10'] as const;

/**
 * Whether particle sensors repeat themselves, read from the store by the same rules as every other figure: a restart
 * forgets nothing. Looked up now and then, asked often.
 */
export class StuckWatch {
  readonly #store: Pick<ReadingStore, 'scan'>;
  #isStuck = new Map<string, boolean>();

  constructor(store: Pick<ReadingStore, 'scan'>) {
    this.#store = store;
  }

  /** As of the last look; undefined when there is nothing to judge by. */
  isStuck(stationId: string): boolean | undefined {
    return this.#isStuck.get(stationId);
  }

  /** Looks at these stations, one after the other, and forgets all others. */
  async look(stationIds: readonly string[], now: number): Promise<void> {
    const found = new Map<string, boolean>();
    for (const stationId of stationIds) {
      const readings: Reading[] = [];
      for await (const page of this.#store.scan({ stationId, from: now - REACH_MS, to: now + 1 }))
        readings.push(...page);
      const stuck = stuckNow(readings, now);
      if (stuck !== undefined) found.set(stationId, stuck);
    }
    this.#isStuck = found;
  }
}

/** Whether the newest particulate reading is part of a stuck run; undefined without a fresh one. */
function stuckNow(readings: readonly Reading[], now: number): boolean | undefined {
  const ordered = [...readings].sort((a, b) => a.measuredAt - b.measuredAt);
  const flags = assessStation(ordered);
  for (let at = ordered.length - 1; at >= 0; at--) {
    const { measuredAt, values } = ordered[at]!;
    if (measuredAt < now - FRESH_MS) return undefined;
    const measured = PARTICULATES.filter((quantity) => values[quantity] !== undefined);
    if (measured.length > 0) return measured.some((quantity) => flags[at]![quantity]?.includes('stuck'));
  }
  return undefined;
}

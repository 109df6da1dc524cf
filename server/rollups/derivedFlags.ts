import type { DerivedFlag } from '../domain/assessment/assessment.ts';
import { assessCourses, READING_FLAGS } from '../domain/assessment/courseAssessment.ts';
import { BROKEN_FOR_MS } from '../domain/assessment/humidityHistory.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { ReadingStore } from '../store/readingStore.ts';

/** Readings before and after that flags may rest on: what proves a humidity sensor broken, and how far that reaches. */
const CONTEXT_MS = BROKEN_FOR_MS + 3 * DAY_MS;

/** Values whose flags are asked for. */
export interface DerivedFlagsQuery {
  stationId: string;
  sensor: string;
  quantity: Quantity;
  /** Epoch ms, half-open. */
  from: number;
  to: number;
  now: number;
}

/** Derived flags by the time of the reading, epoch ms; readings without any are absent. */
export async function derivedFlags(
  store: Pick<ReadingStore, 'courses'>,
  { stationId, sensor, quantity, from, to, now }: DerivedFlagsQuery,
): Promise<Map<number, readonly DerivedFlag[]>> {
  const window = { from: from - CONTEXT_MS, to: Math.min(to + CONTEXT_MS, now) };
  const courses = await store.courses({ stationIds: [stationId], ...window });
  const index = courses.findIndex((course) => course.sensor === sensor);
  const found = new Map<number, readonly DerivedFlag[]>();
  const bits = index === -1 ? undefined : assessCourses(courses)[index]![quantity];
  if (bits === undefined) return found;
  const { times } = courses[index]!;
  for (let at = 0; at < times.length; at++) {
    if (bits[at] === 0 || times[at]! < from || times[at]! >= to) continue;
    found.set(times[at]!, wordsOf(bits[at]!));
  }
  return found;
}

function wordsOf(bits: number): DerivedFlag[] {
  return READING_FLAGS.filter((_, bit) => (bits >> bit) & 1);
}

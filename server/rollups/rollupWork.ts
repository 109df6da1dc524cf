import { humidityCourses } from '../domain/assessment/courseAssessment.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { SensorCourse } from '../domain/means/course.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Intervals } from './courseCadences.ts';
import { type StationRows, stationRows } from './stationRows.ts';
import { StoredRows } from './storedRows.ts';
import { humidityOf, type WorkCourses, workCourses } from './workCourses.ts';

/** Rows to be made of some stations. */
export interface RollupWork {
  stationIds: readonly string[];
  /** Whole days, `[from, to)`, epoch ms. */
  from: number;
  to: number;
  now: number;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  /** How much before and after the readings are looked at for flags and cadences. */
  contextBeforeMs: number;
  contextAfterMs: number;
  /** Of what lies before it only humidity is looked at, where that is enough; see `WorkWindow`. */
  recentFrom?: number;
  /** Periods that a station's host has explained. */
  annotationsOf?: (stationId: string) => readonly { from: number; to: number }[];
  /** Readings before it were judged before; epoch ms. */
  newFrom?: number;
  /** When a humidity sensor was proved broken last before that context, as far as known. */
  provedAt?: (stationId: string, sensor: string) => number | undefined;
}

/** What rows are made from. */
export interface RollupMaterial extends WorkCourses {
  intervals: ReadonlyMap<string, Intervals>;
  /** The rows there are. */
  stored: StoredRows;
}

/** What was made of one station. */
export interface MadeRows extends StationRows {
  stationId: string;
  courses: readonly SensorCourse[];
  humidity: ReturnType<typeof humidityCourses>;
}

/** Reads what the rows are made from, and which rows are stored from `storedFrom` on: none when it is left out. */
export async function materialFor(store: ReadingStore, work: RollupWork, storedFrom?: number): Promise<RollupMaterial> {
  const { stationIds, from, to, contextBeforeMs, contextAfterMs } = work;
  const window = { stationIds, from: from - contextBeforeMs, to: Math.min(to + contextAfterMs, work.now) };
  const isCompared = storedFrom !== undefined;
  const stored = isCompared ? await StoredRows.of(store, { stationIds, from: storedFrom, to }) : new StoredRows([], []);
  const intervals = await store.intervalsOf({ ...window, from: from - 2 * DAY_MS });
  return { stored, intervals, ...(await workCourses(store, { ...work, ...window }, intervals)) };
}

/** Makes the rows of each station from its readings, one station at a time. */
export function* madeRows(work: RollupWork, material: RollupMaterial): Generator<MadeRows> {
  const { intervals, stored } = material;
  for (const stationId of work.stationIds) {
    const [own, before] = [material.courses, material.humidityBefore].map((courses) =>
      courses.filter((course) => course.stationId === stationId),
    ) as [SensorCourse[], SensorCourse[]];
    const humidity = humidityCourses(humidityOf(own, before), (sensor) => work.provedAt?.(stationId, sensor));
    const kept = stored.daysOf(stationId, work.dayOffsetMs);
    if (own.length === 0 && kept.length === 0) continue;
    const annotations = work.annotationsOf?.(stationId) ?? [];
    const input = {
      ...work,
      courses: own,
      humidity,
      intervals: intervals.get(stationId) ?? [],
      kept,
      annotations,
    };
    yield { stationId, courses: own, humidity, ...stationRows(input) };
  }
}

import type { SensorCourse } from '../domain/course.ts';
import { humidityCourses } from '../domain/courseAssessment.ts';
import { type RollupRow, revised } from '../domain/rollup.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { RollupWindow } from '../store/rollupStore.ts';
import { type StationRows, stationRows } from './stationRows.ts';

const DAY_MS = 86_400_000;

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
  /** Periods that a station's host has explained. */
  annotationsOf?: (stationId: string) => readonly { from: number; to: number }[];
  /** Readings before it were judged before; epoch ms. */
  newFrom?: number;
  /** When a humidity sensor was proved broken last before that context, as far as known. */
  provedAt?: (stationId: string, sensor: string) => number | undefined;
}

/** What was made of one station. */
export interface MadeRows extends StationRows {
  stationId: string;
  courses: readonly SensorCourse[];
  humidity: ReturnType<typeof humidityCourses>;
}

/** Start of the day that holds `at`. */
export function dayStart(at: number, dayOffsetMs: number): number {
  return Math.floor((at + dayOffsetMs) / DAY_MS) * DAY_MS - dayOffsetMs;
}

/** Makes the rows of each station from its readings, one station at a time. `stored`: the rows there are. */
export async function* madeRows(
  store: ReadingStore,
  work: RollupWork,
  stored: StoredRows = new StoredRows([], []),
): AsyncGenerator<MadeRows> {
  const { stationIds, from, to, contextBeforeMs, contextAfterMs } = work;
  const window = { stationIds, from: from - contextBeforeMs, to: Math.min(to + contextAfterMs, work.now) };
  // One after the other: the store answers two questions at once, and the second place is for whoever waits for a page.
  const courses = await store.courses(window);
  const intervals = await store.intervalsOf({ ...window, from: from - 2 * DAY_MS });
  for (const stationId of stationIds) {
    const own = courses.filter((course) => course.stationId === stationId);
    const humidity = humidityCourses(own, (sensor) => work.provedAt?.(stationId, sensor));
    const keptDays = stored.daysOf(stationId, work.dayOffsetMs);
    if (own.length === 0 && keptDays.length === 0) continue;
    const annotations = work.annotationsOf?.(stationId) ?? [];
    const input = {
      ...work,
      courses: own,
      humidity,
      intervals: intervals.get(stationId) ?? [],
      keptDays,
      annotations,
    };
    yield { stationId, courses: own, humidity, ...stationRows(input) };
  }
}

/** The rows a store holds over a stretch, by series. */
export class StoredRows {
  readonly #rows: Readonly<Record<RollupWindow, ReadonlyMap<string, ReadonlyMap<number, RollupRow>>>>;

  constructor(hours: readonly RollupRow[], days: readonly RollupRow[]) {
    this.#rows = { hour: bySeries(hours), day: bySeries(days) };
  }

  /** Reads them. */
  static async of(store: ReadingStore, { stationIds, from, to }: RollupWork): Promise<StoredRows> {
    const query = { stationIds, from, to };
    const hours = await store.rollups.read({ ...query, window: 'hour' });
    return new StoredRows(hours, await store.rollups.read({ ...query, window: 'day' }));
  }

  /** Of the rows made, those that say something new, as successors of what is stored. */
  changed(window: RollupWindow, made: readonly RollupRow[]): RollupRow[] {
    const rows = this.#rows[window];
    if (rows.size === 0) return [...made];
    const found: RollupRow[] = [];
    for (const row of made) {
      const stored = rows.get(keyOf(row))?.get(row.start);
      const next = revised(stored, row);
      if (next !== stored) found.push(next);
    }
    return found;
  }

  /** Days of a station that have rows, one entry a series. */
  daysOf(stationId: string, dayOffsetMs: number) {
    const days = new Map<string, Pick<RollupRow, 'stationId' | 'sensor' | 'quantity' | 'start'>>();
    for (const rowsOfSeries of this.#rows.hour.values()) {
      for (const { stationId: own, sensor, quantity, start } of rowsOfSeries.values()) {
        if (own !== stationId) break;
        const day = dayStart(start, dayOffsetMs);
        days.set(`${sensor}/${quantity}/${day}`, { stationId, sensor, quantity, start: day });
      }
    }
    return [...days.values()];
  }
}

function bySeries(rows: readonly RollupRow[]): Map<string, Map<number, RollupRow>> {
  const found = new Map<string, Map<number, RollupRow>>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = found.get(key);
    if (known === undefined) found.set(key, new Map([[row.start, row]]));
    else known.set(row.start, row);
  }
  return found;
}

function keyOf({ stationId, sensor, quantity }: RollupRow): string {
  return `${stationId}/${sensor}/${quantity}`;
}

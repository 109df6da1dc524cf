import { nearestMeasuring, OFFICIAL_SENSORS } from '../domain/correction/referenceMeans.ts';
import { distanceMetres } from '../domain/distance.ts';
import { HOUR_MS } from '../domain/durations.ts';
import { calendarWindows, type TimeWindow } from '../domain/means/calendarWindows.ts';
import type { Quantity } from '../domain/quantity.ts';
import { isComparedWith, publicPosition, type Station } from '../domain/station.ts';
import type { ReadingStore } from '../store/readingStore.ts';

/** A reference station farther away breathes other air, metres. Our choice. */
const REFERENCE_METRES = 15_000;

/** The official stations near a station, by public positions, the nearest first. */
export function nearReferences(station: Station, stations: readonly Station[]): Station[] {
  const here = publicPosition(station);
  return stations
    .filter((other) => isComparedWith(other))
    .map((other) => ({ other, metres: distanceMetres(here, publicPosition(other)) }))
    .filter(({ metres }) => metres <= REFERENCE_METRES)
    .sort((a, b) => a.metres - b.metres)
    .map(({ other }) => other);
}

/** A calendar month, or some in a row, with the official station that stands for a place in it. */
export interface ReferenceMonth extends TimeWindow {
  /** Undefined where none near has hourly means of the month. */
  reference: Station | undefined;
}

/**
 * Of official stations near a place, the nearest first, the one that stands for it in each calendar month of a window:
 * the nearest with hourly means of the quantity in that month, and at least half as many as any other near. A month, so
 * that neither a gap of some hours nor the window that somebody asks about makes another station of it.
 */
export type FindReferences = (near: readonly Station[], window: TimeWindow) => Promise<ReferenceMonth[]>;

/** Looks each month of each station up once. `dayOffsetMs`: where days begin, ms east of UTC. */
export function referencesByMonth(
  store: Pick<ReadingStore, 'raw'>,
  { quantity, dayOffsetMs }: { quantity: Quantity; dayOffsetMs: number },
): FindReferences {
  const known = new Map<string, number>();
  const hoursOf = async ({ id: stationId }: Station, { start: from, end: to }: TimeWindow) => {
    const key = `${stationId}/${from}`;
    if (!known.has(key)) {
      const hours = await store.raw({ stationId, sensor: OFFICIAL_SENSORS['1h'], quantity, from, to });
      known.set(key, hours.length);
    }
    return known.get(key)!;
  };
  const referenceIn = async (near: readonly Station[], month: TimeWindow) => {
    const counts: number[] = [];
    for (const reference of near) {
      counts.push(await hoursOf(reference, month));
      // Of half the month's hours nobody has more than twice as many: the farther ones need not be read.
      if (2 * counts[0]! * HOUR_MS >= month.end - month.start) break;
    }
    const found = nearestMeasuring(counts);
    return found === undefined ? undefined : near[found];
  };
  return async (near, window) => {
    const found: ReferenceMonth[] = [];
    for (const month of calendarWindows('1mo', { offsetMs: dayOffsetMs }, window)) {
      const reference = await referenceIn(near, month);
      const last = found.at(-1);
      if (last !== undefined && last.reference === reference) last.end = month.end;
      else found.push({ ...month, reference });
    }
    return found;
  };
}

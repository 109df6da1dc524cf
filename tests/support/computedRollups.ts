import { DAY_MS } from '../../server/domain/durations.ts';
import { rowsOf } from '../../server/domain/means/rollupColumns.ts';
import type { Station } from '../../server/domain/station.ts';
import { dayStart } from '../../server/rollups/dayStart.ts';
import type { Rollups, RollupsQuery, UncertainRow } from '../../server/rollups/rollups.ts';
import { madeRows, materialFor } from '../../server/rollups/rollupWork.ts';
import { withUncertainty } from '../../server/rollups/rowUncertainty.ts';
import { daysOfSpeakers, sharedDays, spokenRows } from '../../server/rollups/speakingRows.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';

/** Readings looked at before and after: the memory of a broken humidity sensor, and its proof. */
const CONTEXT_MS = 17 * DAY_MS;

/** What it needs. */
export interface ComputedRollupsDeps {
  store: ReadingStore;
  station: (stationId: string) => Pick<Station, 'sensorModels' | 'annotations'> | undefined;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  clock: () => number;
}

/** Rows made from the readings whenever they are asked for: what kept rows are held against, and where a test keeps none. */
export class ComputedRollups implements Rollups {
  readonly #deps: ComputedRollupsDeps;

  constructor(deps: ComputedRollupsDeps) {
    this.#deps = deps;
  }

  async upToDate(): Promise<boolean> {
    return true;
  }

  async rows(query: RollupsQuery): Promise<UncertainRow[]> {
    const { store, dayOffsetMs, clock, station } = this.#deps;
    const now = clock();
    const span = await store.span();
    const start = Math.max(query.from, span?.first ?? now);
    const end = Math.min(query.to, now);
    if (end <= start) return [];
    const work = {
      stationIds: query.stationIds,
      from: dayStart(start, dayOffsetMs),
      to: dayStart(end - 1, dayOffsetMs) + DAY_MS,
      now,
      dayOffsetMs,
      annotationsOf: (stationId: string) => station(stationId)?.annotations ?? [],
      contextBeforeMs: CONTEXT_MS,
      contextAfterMs: CONTEXT_MS,
    };
    const found: UncertainRow[] = [];
    for (const { stationId, hours, days } of madeRows(work, await materialFor(store, work))) {
      const declared = station(stationId)?.sensorModels;
      const rows = (query.window === 'hour' ? hours : days).flatMap(rowsOf);
      const spoken = spokenRows(rows, query, declared);
      const ofQuantity = rows.filter(({ quantity }) => quantity === query.quantity);
      const shared = query.window === 'day' && query.sensor === undefined ? sharedDays(ofQuantity, spoken) : [];
      const everyHour = { ...query, window: 'hour', from: work.from, to: work.to, isBare: true } as const;
      const made = daysOfSpeakers(
        shared,
        shared.length === 0 ? [] : spokenRows(hours.flatMap(rowsOf), everyHour, declared),
      );
      const dayByStart = new Map(made.map((day) => [day.start, query.isBare ? day : withUncertainty(day)]));
      found.push(...spoken.map((row) => dayByStart.get(row.start) ?? row));
    }
    return found;
  }

  /** Nothing is kept, so nothing can be out of date. */
  async markDirty(): Promise<void> {}
}

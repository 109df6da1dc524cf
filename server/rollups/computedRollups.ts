import type { Station } from '../domain/station.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Rollups, RollupsQuery, UncertainRow } from './rollups.ts';
import { speakingRows, withUncertainty } from './speakingRows.ts';
import { stationRows } from './stationRows.ts';

/** What it needs. */
export interface ComputedRollupsDeps {
  store: ReadingStore;
  station: (stationId: string) => Station | undefined;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  clock: () => number;
}

/** Rows made from the readings whenever they are asked for. */
export class ComputedRollups implements Rollups {
  readonly #deps: ComputedRollupsDeps;

  constructor(deps: ComputedRollupsDeps) {
    this.#deps = deps;
  }

  async rows(query: RollupsQuery): Promise<UncertainRow[]> {
    const found: UncertainRow[] = [];
    for (const stationId of query.stationIds) found.push(...(await this.#rowsOf(stationId, query)));
    return found;
  }

  /** Nothing is kept, so nothing can be out of date. */
  async markDirty(): Promise<void> {}

  async #rowsOf(stationId: string, { quantity, window, from, to, sensor }: RollupsQuery): Promise<UncertainRow[]> {
    const { store, station, dayOffsetMs, clock } = this.#deps;
    const now = clock();
    const range = { stationId, start: from, end: Math.min(to, now), dayOffsetMs, now };
    if (range.end <= range.start) return [];
    const { hours, days } = await stationRows(store, range);
    const rows = (window === 'hour' ? hours : days).filter(
      (row) =>
        row.quantity === quantity &&
        row.start >= from &&
        row.start < to &&
        (sensor === undefined || row.sensor === sensor),
    );
    return speakingRows(rows, quantity, station(stationId)?.sensorModels ?? []).map(withUncertainty);
  }
}

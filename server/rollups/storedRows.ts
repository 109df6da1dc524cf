import { type RollupColumns, seriesText } from '../domain/means/rollupColumns.ts';
import { successorsOf } from '../domain/means/rollupSuccessors.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { RollupWindow } from '../store/rollupStore.ts';
import { dayStart } from './dayStart.ts';
import type { KeptDays } from './stationRows.ts';

/** The rows a store holds over a stretch, by series. */
export class StoredRows {
  readonly #rows: Readonly<Record<RollupWindow, ReadonlyMap<string, RollupColumns>>>;

  constructor(hours: readonly RollupColumns[], days: readonly RollupColumns[]) {
    this.#rows = { hour: bySeries(hours), day: bySeries(days) };
  }

  /** Reads them; epoch ms, half-open. */
  static async of(
    store: Pick<ReadingStore, 'rollups'>,
    { stationIds, from, to }: { stationIds: readonly string[]; from: number; to: number },
  ): Promise<StoredRows> {
    const query = { stationIds, from, to };
    const hours = await store.rollups.columns({ ...query, window: 'hour' });
    return new StoredRows(hours, await store.rollups.columns({ ...query, window: 'day' }));
  }

  /** Of the rows made, those that say something new, as successors of what is stored. */
  changed(window: RollupWindow, made: readonly RollupColumns[]): RollupColumns[] {
    const stored = this.#rows[window];
    return made.flatMap((columns) => successorsOf(columns, stored.get(seriesText(columns))) ?? []);
  }

  /** Days of a station that have rows. */
  daysOf(stationId: string, dayOffsetMs: number): KeptDays[] {
    const ofStation = [...this.#rows.hour.values()].filter((columns) => columns.stationId === stationId);
    return ofStation.map(({ sensor, quantity, start }) => {
      const days = new Set<number>();
      for (const hour of start) days.add(dayStart(hour, dayOffsetMs));
      return { series: { stationId, sensor, quantity }, days };
    });
  }
}

function bySeries(rows: readonly RollupColumns[]): Map<string, RollupColumns> {
  return new Map(rows.map((columns) => [seriesText(columns), columns]));
}

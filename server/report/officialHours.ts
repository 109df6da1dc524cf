import { offsetMs } from '../config.ts';
import { OFFICIAL_SENSORS } from '../domain/correction/referenceMeans.ts';
import type { Question, ReportQuantity } from '../domain/report/question.ts';
import type { Station } from '../domain/station.ts';
import { type FindReferences, nearReferences, referencesByMonth } from '../rollups/referenceMonths.ts';
import type { ReadingStore } from '../store/readingStore.ts';

/** Official stations as reports use them. */
export interface OfficialSources {
  /** Those within the reach of the correction, the nearest first. */
  near(station: Station): readonly Station[];
  /** Which of them stands for a place month by month, by the question's days. */
  byMonth(question: Pick<Question, 'quantity' | 'dayOffset'>): FindReferences;
  /** Residents' stations that may stand in the group near a reference. */
  stations(): readonly Station[];
  /** Hourly means it published, by the start of the hour, epoch ms. */
  hours(query: OfficialHoursQuery): Promise<ReadonlyMap<number, number>>;
}

/** Which hours: those that begin in `[from, to)`, epoch ms. */
export interface OfficialHoursQuery {
  stationId: string;
  quantity: ReportQuantity;
  from: number;
  to: number;
}

/** Official stations of the registry with their values in the store. */
export function officialSources(store: Pick<ReadingStore, 'raw'>, stations: () => readonly Station[]): OfficialSources {
  return {
    stations,
    near: (station) => nearReferences(station, stations()),
    byMonth: ({ quantity, dayOffset }) => referencesByMonth(store, { quantity, dayOffsetMs: offsetMs(dayOffset) }),
    hours: async (query) => {
      const values = await store.raw({ ...query, sensor: OFFICIAL_SENSORS['1h'] });
      return new Map(values.map(({ measuredAt, value }) => [measuredAt, value]));
    },
  };
}

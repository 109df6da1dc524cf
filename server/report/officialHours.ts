import { OFFICIAL_SENSORS } from '../domain/correction/referenceMeans.ts';
import type { ReportQuantity } from '../domain/report/question.ts';
import type { Station } from '../domain/station.ts';
import { nearestReference } from '../rollups/corrections.ts';
import type { ReadingStore } from '../store/readingStore.ts';

/** Official stations as reports use them. */
export interface OfficialSources {
  /** The one nearest to a station, within the reach of the correction; undefined when none is near. */
  nearest(station: Station): Station | undefined;
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
    nearest: (station) => nearestReference(station, stations()),
    hours: async (query) => {
      const values = await store.raw({ ...query, sensor: OFFICIAL_SENSORS['1h'] });
      return new Map(values.map(({ measuredAt, value }) => [measuredAt, value]));
    },
  };
}

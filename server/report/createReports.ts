import type { AreaDirectory } from '../areas/areaDirectory.ts';
import { officialNeighbours } from '../areas/officialComparison.ts';
import { presentIds } from '../domain/formerIds.ts';
import type { OfficialComparisons } from '../rollups/officialComparisons.ts';
import type { Rollups } from '../rollups/rollups.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';
import { officialSources } from './officialHours.ts';
import { Reports } from './reports.ts';

/** What answers to questions about days and periods rest on. */
export interface ReportsParts {
  store: Pick<ReadingStore, 'raw'>;
  stationStore: Pick<Registry, 'station' | 'stations' | 'onChange'>;
  areas: AreaDirectory;
  rollups: Rollups;
  comparisons?: OfficialComparisons;
  clock: () => number;
}

/** The reports of a process, whoever keeps its registry: what changes there changes answers at once. */
export function createReports({ store, stationStore, ...parts }: ReportsParts): Reports {
  const stations = () => stationStore.stations();
  const reports = new Reports({
    ...parts,
    official: (query) => officialNeighbours(store, { ...query, all: stations() }),
    officialHours: officialSources(store, stations),
    station: (stationId) => stationStore.station(stationId),
    presentId: (stationId) => presentIds(stations()).get(stationId) ?? stationId,
  });
  stationStore.onChange(() => reports.forget());
  return reports;
}

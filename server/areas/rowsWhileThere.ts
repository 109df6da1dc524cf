import type { Station } from '../domain/station.ts';
import type { Rollups } from '../rollups/rollups.ts';
import type { AreaDirectory } from './areaDirectory.ts';

/**
 * Rows of these stations only from while they stood in the area: one that was moved counts in each district for its time
 * there, and an hour or day within which it was moved counts in neither.
 */
export function rowsWhileThere(
  rollups: Pick<Rollups, 'rows'>,
  areas: Pick<AreaDirectory, 'stoodIn'>,
  { areaId, stations }: { areaId: string; stations: readonly Station[] },
): Pick<Rollups, 'rows'> {
  const moved = new Map(stations.filter(({ formerPlaces }) => formerPlaces?.length).map((each) => [each.id, each]));
  if (moved.size === 0) return rollups;
  return {
    rows: async (query) =>
      (await rollups.rows(query)).filter((row) => {
        const station = moved.get(row.stationId);
        return station === undefined || areas.stoodIn(areaId, station, row);
      }),
  };
}

import type { Station } from '../../domain/station.ts';
import { isRefusal, type Registry, type StationChange } from '../../store/registry/stationStore.ts';
import { isProblem, NOT_FOUND, type Problem } from '../http/problem.ts';

/** What becomes of a station as it is then, or why it stays as it is. */
export type JudgedEdit = (station: Station, now: number) => StationChange | Problem;

/**
 * Changes a station by what it is in the turn of the write: judged earlier, one that its owner hides at the same moment could be
 * shown again by somebody else. Resolves to the station as it is now, or to why it was not changed.
 */
export async function changeJudged(
  stationStore: Pick<Registry, 'updateStation'>,
  stationId: string,
  { edit, isCorrection = false }: { edit: JudgedEdit; isCorrection?: boolean },
): Promise<Station | Problem> {
  let problem: Problem | undefined;
  const changed = await stationStore.updateStation(
    stationId,
    (station, now) => {
      const change = edit(station, now);
      if (!isProblem(change)) return change;
      problem = change;
      return { refused: 'no-such-station' };
    },
    { isCorrection },
  );
  return problem ?? (isRefusal(changed) ? NOT_FOUND : changed);
}

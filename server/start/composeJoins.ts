import { randomBytes } from 'node:crypto';
import { Joins } from '../mirror/joins.ts';
import type { Answers } from './composeAnswers.ts';
import type { Flow } from './composeFlow.ts';
import type { Upkeep } from './composeUpkeep.ts';
import type { Ground } from './ground.ts';

/** How two stations that are one device are joined, and taken apart again. */
export function composeJoins(
  { stationStore, store, clock }: Ground,
  { live, onImported }: Flow,
  { citations, notices }: Answers,
  { erase }: Upkeep,
): Joins {
  return new Joins({
    ...{ stationStore, store, citations, erase, randomBytes, clock },
    onStored: onImported,
    stationJoined: (formerId, into) => notices.areaWatches.stationJoined(formerId, into),
    refold: (stationId) => live.aggregator.refold(store, stationId),
  });
}

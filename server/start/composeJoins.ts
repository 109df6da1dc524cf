import { randomBytes } from 'node:crypto';
import type { AdminJoinsDeps } from '../api/adminJoins.ts';
import { type MergeDeps, mergeStations } from '../mirror/mergeStations.ts';
import { splitStation } from '../mirror/splitStation.ts';
import type { Answers } from './composeAnswers.ts';
import type { Flow } from './composeFlow.ts';
import type { Upkeep } from './composeUpkeep.ts';
import type { Ground } from './ground.ts';

/** How two stations that are one device are joined, and taken apart again. */
export function composeJoins(
  { stationStore, store, clock }: Ground,
  { live, node }: Flow,
  { citations, notices }: Answers,
  { erase }: Upkeep,
): { merging: MergeDeps } & Pick<AdminJoinsDeps, 'join' | 'split'> {
  const onStored: MergeDeps['onStored'] = (messages, outcomes) => {
    live.onImported(messages, outcomes);
    node?.announce(messages, outcomes);
  };
  const stationJoined = (formerId: string, into: string) => notices.areaWatches.stationJoined(formerId, into);
  const merging = { stationStore, store, citations, stationJoined, erase, onStored, clock };
  const refold = (stationId: string) => live.aggregator.refold(store, stationId);
  return {
    merging,
    join: (other, into) => mergeStations(merging, other, into),
    split: (stationId, joinedId) =>
      splitStation({ stationStore, store, onStored, refold, randomBytes, clock }, stationId, joinedId),
  };
}

import type { Backups } from '../backup/backups.ts';
import type { Citations } from '../citation/citations.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveSide } from '../live/liveSide.ts';
import type { AggregatorNode } from '../nodes/aggregatorNode.ts';
import type { Notices } from '../notices/notices.ts';
import type { RollupKeeper } from '../rollups/rollupKeeper.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { type StationTally, tallyOf } from './tally.ts';

/** Everything that holds something of a station besides the registry. */
export interface ErasureParts {
  store: ReadingStore;
  node: Pick<AggregatorNode, 'forgotten'> | undefined;
  ingest: Pick<Ingest, 'settled'>;
  keeper: Pick<RollupKeeper, 'forget'>;
  citations: Pick<Citations, 'withdraw'>;
  live: Pick<LiveSide, 'removeStation'>;
  backups: Pick<Backups, 'noteErasure'>;
  notices: Pick<Notices, 'forgetStation'>;
}

/** How a station is erased whose devices the registry no longer knows. The answer resolves to what was there. */
export function createErasure(parts: ErasureParts): (stationId: string) => Promise<StationTally> {
  const { store, node, ingest, keeper, citations, live, backups, notices } = parts;
  return async (stationId) => {
    // First nothing more of it can come, then what is there goes.
    await node?.forgotten();
    await ingest.settled();
    await keeper.forget(stationId);
    const tally = await tallyOf(store, stationId);
    await store.remove({ stationId });
    await citations.withdraw(stationId);
    live.removeStation(stationId);
    await backups.noteErasure();
    await notices.forgetStation(stationId);
    return tally;
  };
}

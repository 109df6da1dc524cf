import type { AcceptedMessage } from '../domain/reading.ts';
import type { LiveSide } from '../live/liveSide.ts';
import type { Logger } from '../log.ts';
import type { AggregatorNode } from '../nodes/aggregatorNode.ts';
import type { RollupKeeper } from '../rollups/rollupKeeper.ts';
import type { AppendOutcome, ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';

/** Who hears of what was imported. */
export interface ImportedParts {
  stationStore: Pick<StationStore, 'isErased'>;
  store: Pick<ReadingStore, 'remove'>;
  keeper: Pick<RollupKeeper, 'forget'>;
  live: Pick<LiveSide, 'onImported'>;
  node: Pick<AggregatorNode, 'announce'> | undefined;
  log: Pick<Logger, 'info' | 'error'>;
}

/** Takes stored messages with what became of them; same order, same length. */
export type TakeImported = (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;

/**
 * Takes what came another way than through a device's door: imported, mirrored, handed from station to station. A deletion does
 * not wait for those: what they stored of a station that was deleted meanwhile is erased again, and nobody hears of it.
 */
export function createTakeImported({ stationStore, live, node, ...parts }: ImportedParts): TakeImported {
  return (messages, outcomes) => {
    const erased = new Set<string>();
    for (const { stationId } of messages) if (stationStore.isErased(stationId)) erased.add(stationId);
    for (const stationId of erased) void eraseAgain(parts, stationId);
    const isThere = (_: unknown, at: number) => !erased.has(messages[at]?.stationId ?? '');
    const [left, theirs] =
      erased.size === 0 ? [messages, outcomes] : [messages.filter(isThere), outcomes.filter(isThere)];
    live.onImported(left, theirs);
    node?.announce(left, theirs);
  };
}

async function eraseAgain({ store, keeper, log }: Pick<ImportedParts, 'store' | 'keeper' | 'log'>, stationId: string) {
  try {
    await keeper.forget(stationId);
    await store.remove({ stationId });
    log.info({ stationId }, 'readings of a station that was deleted while they were imported are erased');
  } catch (error) {
    // Found again at the next start.
    log.error({ err: error, stationId }, 'readings of a deleted station are still stored');
  }
}

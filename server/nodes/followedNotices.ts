import { ShardCopy } from '../../firmware-bridge/shardCopy.ts';
import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import { noticesIn, type PublicNotice } from '../domain/operator/publicNotice.ts';
import { NOTICES_SUBSCRIPTION, parseNoticesTopic } from '../domain/topics.ts';
import type { PublicNotices } from '../notices/publicNotices.ts';
import type { NodeBus } from './nodeBus.ts';
import { decodeNotices } from './noticeShards.ts';

/** What the followed notices need. */
export interface FollowedNoticesParts {
  bus: NodeBus;
  /** File of the last complete copy. */
  path: string;
  onError: (error: unknown) => void;
}

/** The operator's dated notices as the aggregator publishes them. Read from memory, never written. */
export class FollowedNotices implements Pick<PublicNotices, 'in'> {
  readonly #byShard = new Map<string, PublicNotice[]>();
  readonly #copy: ShardCopy;

  constructor({ bus, path, onError }: FollowedNoticesParts) {
    this.#copy = new ShardCopy({ path, onError, apply: (shard, payload) => this.#apply(shard, payload) });
    bus.follow(NOTICES_SUBSCRIPTION, (topic, payload, isKept) => {
      const name = parseNoticesTopic(topic);
      if (name !== undefined) this.#copy.receive(name, payload.toString(), isKept);
    });
    bus.onDisconnected(() => this.#copy.disconnected());
  }

  /** Reads the copy of an earlier run. Call it before the bus starts, whose parts are newer. */
  open(): Promise<void> {
    return this.#copy.open();
  }

  /** Writes what is not on disk yet. */
  close(): Promise<void> {
    return this.#copy.close();
  }

  in(window?: TimeWindow): PublicNotice[] {
    return noticesIn([...this.#byShard.values()].flat(), window);
  }

  #apply(shard: string, payload: string): boolean {
    const notices = decodeNotices(payload);
    if (notices === undefined) return false;
    this.#byShard.set(shard, notices);
    return true;
  }
}

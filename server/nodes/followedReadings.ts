import { setTimeout as wait } from 'node:timers/promises';
import { CELL_MS } from '../domain/aggregate.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import type { AcceptedMessage, Reading } from '../domain/reading.ts';
import type { Logger } from '../log.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { NodeBus } from './nodeBus.ts';
import { OnceFilter } from './onceFilter.ts';
import { StoredFollower } from './storedFollower.ts';

/** What a node that is gone had begun to write is there after this, ms. */
const SETTLE_MS = 500;
/** A node tells what it stored within this, ms: read back from so long before it was last heard. */
const MARGIN_MS = 10_000;
const RETRY_MS = 2_000;
/** Longest wait for the broker at the start, ms: history is shown without it too. */
const CONNECT_MS = 3_000;
/** Devices may be this much ahead of us, ms. */
const AHEAD_MS = 10 * MINUTE_MS;

/** What follows the readings of other nodes. */
export interface FollowedReadingsParts {
  bus: NodeBus;
  store: Pick<ReadingStore, 'scan'>;
  clock: () => number;
  log: Logger;
  /** Where hours begin, ms east of UTC. */
  dayOffsetMs: number;
  /** Told once of each reading another node stored. */
  onStored: (messages: readonly AcceptedMessage[]) => void;
  /** Told of readings that nobody told of: they are in the cells read back already. */
  onFound: (messages: readonly AcceptedMessage[]) => Promise<void>;
  /** Reads the cells since `from`, epoch ms, back from the store. */
  readCells: (from: number) => Promise<void>;
  /** False while history is loaded: what is stored by now comes with it. */
  isLoaded: () => boolean;
  onSeen?: (deviceId: string, at: number) => void;
}

/**
 * Everything the other nodes store, each reading once: as they tell it, and what they could not tell any more, or what
 * did not come through, read back from the store.
 */
export class FollowedReadings {
  readonly follower: StoredFollower;
  /** Readings others told of, readings nobody told of, and how often those had to be looked for. */
  readonly counts = { told: 0, found: 0, readBacks: 0 };
  readonly #parts: FollowedReadingsParts;
  readonly #once: OnceFilter;
  #missedSince: number | undefined;
  #reading: Promise<void> | undefined;
  #lostAt: number;
  #isClosing = false;

  constructor(parts: FollowedReadingsParts) {
    this.#parts = parts;
    this.#lostAt = parts.clock();
    this.#once = new OnceFilter(parts.clock);
    this.follower = new StoredFollower({
      ...parts,
      onStored: (messages) => {
        const fresh = this.#once.fresh(messages);
        if (fresh.length === 0) return;
        for (const { readings } of fresh) this.counts.told += readings.length;
        parts.onStored(fresh);
      },
      onMissed: (since) => this.#missed(since),
    });
    parts.bus.onDisconnected(() => {
      this.#lostAt = parts.clock();
    });
    // Nodes that were never heard of show no gap.
    parts.bus.onConnected(() => this.#missed(this.#lostAt));
  }

  /** This process stored it itself. */
  noteReading(reading: Reading): void {
    this.#once.note(reading);
  }

  /** Resolves when it is known who else is there, or the broker is not: from then on `settled` waits for all of them. */
  async open(): Promise<void> {
    await this.#parts.bus.ready(CONNECT_MS);
    await this.follower.meet();
  }

  /** Ends reading back. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#reading;
  }

  #missed(since: number): void {
    this.#missedSince = Math.min(since, this.#missedSince ?? since);
    this.#reading ??= this.#readBack().finally(() => {
      this.#reading = undefined;
    });
  }

  async #readBack(): Promise<void> {
    await wait(SETTLE_MS, undefined, { ref: false });
    while (this.#missedSince !== undefined && !this.#isClosing) {
      while (!this.#parts.isLoaded() && !this.#isClosing) await wait(SETTLE_MS, undefined, { ref: false });
      const since = this.#missedSince;
      this.#missedSince = undefined;
      if (since === undefined || this.#isClosing) return;
      try {
        await this.#readSince(since);
        this.counts.readBacks++;
      } catch (error) {
        if (this.#isClosing) return;
        this.#parts.log.warn({ err: error }, 'what other nodes stored is not read back yet');
        this.#missedSince = Math.min(since, this.#missedSince ?? since);
        await wait(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** Nodes store only what was measured in the hour that runs: nothing older was missed. */
  async #readSince(since: number): Promise<void> {
    const { clock, dayOffsetMs, store, readCells, onFound } = this.#parts;
    const hour = Math.floor((since - MARGIN_MS + dayOffsetMs) / HOUR_MS) * HOUR_MS - dayOffsetMs;
    await readCells(Math.floor(hour / CELL_MS) * CELL_MS);
    for await (const page of store.scan({ from: hour, to: clock() + AHEAD_MS })) {
      const found = page.filter((reading) => this.#once.note(reading));
      // What was stored before this process began came with its history.
      const news = found.filter(({ measuredAt }) => measuredAt >= since - MARGIN_MS);
      this.counts.found += news.length;
      if (news.length > 0) await onFound(news.map(messageOf));
    }
  }
}

function messageOf(reading: Reading): AcceptedMessage {
  const { stationId, measuredAt } = reading;
  return { stationId, measuredAt, receivedAt: measuredAt, health: {}, readings: [reading] };
}

import type { AcceptedMessage } from '../domain/reading.ts';
import { SYNC_TOPIC, storedTopic } from '../domain/topics.ts';
import type { AppendOutcome } from '../store/readingStore.ts';
import type { NodeBus } from './nodeBus.ts';
import { bundles, encodeGone, encodeStored } from './storedMessage.ts';
import { decodeSync, type Sync } from './syncMessage.ts';

/** A node says so often that it is there, ms; a gap in what it told shows within this. */
const HEARTBEAT_MS = 1_000;

/** What the announcer needs. */
export interface StoredAnnouncerParts {
  bus: NodeBus;
  /** Resolves when everything taken before is stored and announced. */
  settled: (sync: Sync) => Promise<void>;
}

/**
 * Tells the other nodes what this one stored, in order, numbered. What could not be sent keeps its number, so that those
 * who follow see the gap and read it back from the store.
 */
export class StoredAnnouncer {
  readonly #parts: StoredAnnouncerParts;
  #seq = 0;
  #seen = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: StoredAnnouncerParts) {
    this.#parts = parts;
    parts.bus.follow(SYNC_TOPIC, (_topic, payload) => void this.#answer(decodeSync(payload)));
    parts.bus.onConnected(() => this.#tell([]));
  }

  /** Begins to tell that this node is there. */
  start(): void {
    this.#timer = setInterval(() => this.#tell([]), HEARTBEAT_MS).unref();
  }

  /** Tells what a commit stored. */
  announce(messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]): void {
    const told: AcceptedMessage[] = [];
    for (const [at, { stored }] of outcomes.entries()) {
      const message = messages[at];
      if (message !== undefined && stored.length > 0) told.push({ ...message, readings: stored });
    }
    for (const bundle of bundles(told)) this.#tell(bundle);
  }

  /** A device sent something: told with the next notice. */
  seen(deviceId: string, at: number): void {
    this.#seen.set(deviceId, at);
  }

  /** Says goodbye; everything stored has been announced. */
  close(): void {
    clearInterval(this.#timer);
    const { bus } = this.#parts;
    this.#tell([]);
    bus.send(storedTopic(bus.nodeId), encodeGone(bus.nodeId, bus.run, true));
  }

  async #answer(sync: Sync | undefined): Promise<void> {
    if (sync === undefined) return;
    await this.#parts.settled(sync);
    this.#tell([], [sync.token]);
  }

  #tell(messages: readonly string[], answers: string[] = []): void {
    const { bus } = this.#parts;
    this.#seq++;
    const head = { node: bus.nodeId, run: bus.run, seq: this.#seq, seen: [...this.#seen], answers };
    if (bus.send(storedTopic(bus.nodeId), encodeStored(head, messages))) this.#seen.clear();
  }
}

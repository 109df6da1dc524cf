import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DoorReport } from '../../firmware-bridge/seenAtDoor.ts';
import { type Config, offsetMs } from '../config.ts';
import { refusedTopic } from '../domain/topics.ts';
import { Ingest } from '../ingest/ingest.ts';
import type { Onboarding } from '../ingest/ingestObserver.ts';
import { UNIQUE_BYTES_MS } from '../ingest/stamp.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { PatientAppend } from '../store/patientAppend.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { AnsweredUntil, readBackFrom } from './answeredUntil.ts';
import { followedRegistry } from './followedRegistry.ts';
import type { FollowedStations } from './followedStations.ts';
import { LateMessages } from './lateMessages.ts';
import type { NodeBus } from './nodeBus.ts';
import { StoredAnnouncer } from './storedAnnouncer.ts';
import { StoredFollower } from './storedFollower.ts';

/** What a node that is gone had begun to write is there after this, ms. */
const SETTLE_MS = 500;
/** Read again from so long before something may have been missed, ms. */
const MARGIN_MS = 15_000;

/** What an ingest node is made from. */
export interface IngestNodeParts {
  config: Config;
  bus: NodeBus;
  stations: FollowedStations;
  store: ReadingStore;
  onboarding: Onboarding;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
}

/**
 * One of several processes that take device messages in turns: decodes, stores, acknowledges, and tells the others. It
 * holds no history but the fingerprints of the last day, which it learns from the store and from what the others tell.
 */
export class IngestNode {
  readonly ingest: Ingest;
  readonly #parts: IngestNodeParts;
  readonly #announcer: StoredAnnouncer;
  readonly #append: PatientAppend;
  readonly #answered: AnsweredUntil;
  #isOpen = false;
  /** While the broker is away: since when, epoch ms, and how to go on. */
  #lost: { at: number; goOn: () => void } | undefined;

  constructor(parts: IngestNodeParts) {
    const { bus, stations, config, clock, metrics } = parts;
    this.#parts = parts;
    const late = new LateMessages({
      ...{ bus, clock, dayOffsetMs: offsetMs(config.DAY_OFFSET) },
      knowsAll: () => stations.isComplete,
    });
    metrics.gauge('late_underway', 'Messages handed to the aggregator', () => late.underway);
    metrics.gauge('bus_dropped', 'Notices to other nodes that were not sent', () => bus.dropped);
    // Owners ask the aggregator what became of their device's messages.
    const refusals = new DoorReport((payload) => bus.send(refusedTopic(bus.nodeId), payload));
    this.#announcer = new StoredAnnouncer({
      bus,
      settled: async ({ closedUntil }) => {
        if (closedUntil !== undefined) late.closeUntil(closedUntil);
        await this.ingest.settled();
      },
    });
    this.#append = new PatientAppend({
      fingerprints: (from) => parts.store.fingerprints(from),
      span: () => parts.store.span(),
      append: async (messages) => {
        // What had to wait for the store until its hour was over is marked with the readings, for whoever makes means.
        await parts.store.rollups.closeUntil(late.openSince());
        return parts.store.append(messages);
      },
    });
    this.ingest = new Ingest({
      ...parts,
      store: this.#append,
      stationStore: followedRegistry(stations, (deviceId, at) => this.#announcer.seen(deviceId, at)),
      elsewhere: late,
      onStored: (messages, outcomes) => {
        this.#announcer.announce(messages, outcomes);
        metrics.readingsStored.inc(outcomes.reduce((sum, { stored }) => sum + stored.length, 0));
      },
      onConnected: () => this.#noteConnected(),
      onDisconnected: () => this.#noteLost(),
      onboarding: parts.onboarding,
      onRefused: (deviceId, rejection) => refusals.add(deviceId, rejection),
    });
    this.#answered = new AnsweredUntil({
      path: join(config.DATA_DIR, 'answered-until'),
      clock,
      settled: () => this.ingest.settled(),
      isOpen: () => this.ingest.isLettingIn,
      onError: (error) => parts.log.warn({ err: error }, 'the note of what is answered'),
    });
    // What the others stored, so that their repeats are repeats here.
    new StoredFollower({
      bus,
      clock,
      onStored: (messages) => this.ingest.learn(messages),
      onMissed: (since) => void this.#missed(since),
    });
  }

  /** Begins to take messages, once it is known whose they are. */
  async open(): Promise<void> {
    await this.#parts.stations.known();
    const now = this.#parts.clock();
    const dayAgo = now - UNIQUE_BYTES_MS;
    const from = readBackFrom(await this.#answered.read(), now);
    // Also while the store is away: nothing can be stored then, and what comes may be there already.
    const learnt = this.ingest.learnAgain(from);
    this.ingest.holdBack(learnt);
    await this.ingest.open(true);
    this.#isOpen = true;
    this.#announcer.start();
    void learnt.then(() => {
      this.#answered.start();
      // The rest of the day, beside the work: a device, too, may send again what it sent hours ago.
      if (from > dayAgo) void this.ingest.learnAgain(dayAgo);
    });
  }

  /** Why messages cannot be taken now; empty when they can. */
  problems(): string[] {
    const { stations, bus } = this.#parts;
    const problems = this.ingest.problems();
    if (!bus.isConnected) problems.push('The other nodes cannot be reached.');
    if (!stations.isComplete) problems.push('The registry has not come over the broker yet.');
    return problems;
  }

  /** Stores and tells what is on its way. */
  async close(): Promise<void> {
    this.#append.close();
    await this.#answered.close();
    await this.ingest.close();
    this.#announcer.close();
  }

  /** A connection that ended may have cut senders off too: what they send again may be stored elsewhere. */
  #noteLost(): void {
    if (this.#lost !== undefined || !this.#isOpen) return;
    const over = new Promise<void>((goOn) => {
      this.#lost = { at: this.#parts.clock(), goOn };
    });
    this.ingest.holdBack(over);
  }

  #noteConnected(): void {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost === undefined) return;
    void this.#missed(lost.at).then(lost.goOn);
  }

  async #missed(since: number): Promise<void> {
    const learnt = wait(SETTLE_MS, undefined, { ref: false }).then(() => this.ingest.learnAgain(since - MARGIN_MS));
    this.ingest.holdBack(learnt);
    await learnt;
  }
}

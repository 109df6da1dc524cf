import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AcceptedMessage } from '../domain/reading.ts';
import { STORED_SUBSCRIPTION, SYNC_TOPIC } from '../domain/topics.ts';
import type { NodeBus } from './nodeBus.ts';
import { decodeStored, type GoneNotice, isGone, type StoredNotice } from './storedMessage.ts';
import { encodeSync } from './syncMessage.ts';

/** A node that has been silent for so long is not waited for, ms. */
const SILENT_MS = 5_000;
/** Nodes that are there answer a question within this, ms. */
const MEET_MS = 700;
/** Longest wait for answers, ms: a commit takes less. */
const ANSWER_MS = 5_000;

/** What the follower needs. */
export interface StoredFollowerParts {
  bus: NodeBus;
  clock: () => number;
  /** What another node stored; the readings are those that were new. */
  onStored: (messages: readonly AcceptedMessage[]) => void;
  onSeen?: (deviceId: string, at: number) => void;
  /** Something a node stored after `since`, epoch ms, may not have been told. */
  onMissed: (since: number) => void;
}

interface Known {
  run: string;
  seq: number;
  heardAt: number;
  isGone: boolean;
}

interface Waiting {
  nodes: Set<string>;
  done: () => void;
}

/** Hears what the other nodes stored, and notices when it did not hear everything. */
export class StoredFollower {
  readonly #parts: StoredFollowerParts;
  readonly #knownByNode = new Map<string, Known>();
  readonly #waitingByToken = new Map<string, Waiting>();

  constructor(parts: StoredFollowerParts) {
    this.#parts = parts;
    parts.bus.follow(STORED_SUBSCRIPTION, (_topic, payload) => this.#receive(payload));
  }

  /** Nodes that are there now, this one left out. */
  get nodes(): string[] {
    const since = this.#parts.clock() - SILENT_MS;
    return [...this.#knownByNode].filter(([, { isGone, heardAt }]) => !isGone && heardAt >= since).map(([id]) => id);
  }

  /** Asks who is there: resolves when the others, known or not, have had time to answer. */
  async meet(): Promise<void> {
    if (this.#parts.bus.send(SYNC_TOPIC, encodeSync({ token: randomUUID() }))) await wait(MEET_MS);
  }

  /**
   * Resolves when everything the other nodes stored by now has been told here, to true; to false when one of them did
   * not answer in time. With `closedUntil` they leave what was measured before to the aggregator from then on.
   */
  async settled(closedUntil?: number): Promise<boolean> {
    const nodes = new Set(this.nodes);
    if (nodes.size === 0) return true;
    const token = randomUUID();
    const sync = closedUntil === undefined ? { token } : { token, closedUntil };
    return new Promise((resolve) => {
      const end = (isComplete: boolean) => {
        clearTimeout(timer);
        this.#waitingByToken.delete(token);
        resolve(isComplete);
      };
      const timer = setTimeout(() => end(false), ANSWER_MS);
      this.#waitingByToken.set(token, { nodes, done: () => end(true) });
      if (!this.#parts.bus.send(SYNC_TOPIC, encodeSync(sync))) end(false);
    });
  }

  #receive(payload: Buffer): void {
    const notice = decodeStored(payload);
    if (notice === undefined || notice.node === this.#parts.bus.nodeId) return;
    if (isGone(notice)) this.#noteGone(notice);
    else this.#take(notice);
  }

  #take(notice: StoredNotice): void {
    const { node, run, seq } = notice;
    const known = this.#knownByNode.get(node);
    // Sent again because its confirmation was lost: known already.
    if (known?.run === run && seq <= known.seq) return;
    const isNext = known === undefined || (known.run === run && seq === known.seq + 1);
    if (!isNext && !(known.isGone && known.run !== run)) this.#parts.onMissed(known.heardAt);
    this.#knownByNode.set(node, { run, seq, heardAt: this.#parts.clock(), isGone: false });
    for (const [deviceId, at] of notice.seen) this.#parts.onSeen?.(deviceId, at);
    if (notice.messages.length > 0) this.#parts.onStored(notice.messages);
    for (const token of notice.answers) this.#noteAnswer(node, token);
  }

  /** A last will comes when the broker has given the connection up: the process may be alive and come back. */
  #noteGone({ node, run, isClean }: GoneNotice): void {
    const known = this.#knownByNode.get(node);
    if (known === undefined || known.run !== run || known.isGone) return;
    known.isGone = true;
    for (const token of [...this.#waitingByToken.keys()]) this.#noteAnswer(node, token);
    if (!isClean) this.#parts.onMissed(known.heardAt);
  }

  #noteAnswer(node: string, token: string): void {
    const waiting = this.#waitingByToken.get(token);
    if (waiting === undefined) return;
    waiting.nodes.delete(node);
    if (waiting.nodes.size === 0) waiting.done();
  }
}

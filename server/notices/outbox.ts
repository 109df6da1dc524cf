import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import type { Delivery, Send } from './delivery.ts';
import { type Change, type Channel, drop, type Message, put } from './noticeRecords.ts';
import type { NoticeStore } from './noticeStore.ts';

/** Most messages waiting; beyond, new ones are not taken and counted. */
export const MAX_MESSAGES = 10_000;
/** Pauses after the first, second, … failed attempt, ms; the last again and again: a server that is back is found within the hour. */
const PAUSES_MS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE_MS);
/** A message that could not be delivered for so long is given up, ms. */
const PATIENCE_MS = 48 * HOUR_MS;
/** A message that waits longer, because its way is closed, is given up, ms. */
const MAX_AGE_MS = 7 * DAY_MS;
/** Messages sent at once. */
const AT_ONCE = 4;

/** What a way does that the settings do not open (any more). */
const CLOSED: Send = async () => ({ result: 'refused', reason: 'channel closed' });

/** What the outbox needs. */
export interface OutboxParts {
  store: NoticeStore;
  /** Ways that are open; a message for another way waits. */
  sends: Readonly<Partial<Record<Channel, Send>>>;
  clock: () => number;
  /** Told of a message given up; says nothing of its address or content. */
  onGivenUp: (channel: Channel, reason: string) => void;
  onError: (error: unknown) => void;
}

/** Sends what waits, again and again until it is gone or has to be given up. What waits is on disk. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #running = new Map<string, Promise<void>>();
  /** Delivered, but still on disk because a write failed: never sent again by this process. */
  readonly #delivered = new Set<string>();
  #isClosed = false;
  /** Totals since the start, by what became of messages. */
  readonly counts = { sent: 0, retried: 0, givenUp: 0, notTaken: 0 };

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Messages waiting. */
  get waiting(): number {
    return this.#parts.store.count('message');
  }

  /** The changes that put messages into the outbox, for a write of the caller's; those beyond the bound are counted. */
  take(messages: readonly Message[]): Change[] {
    const free = Math.max(0, MAX_MESSAGES - this.waiting);
    this.counts.notTaken += Math.max(0, messages.length - free);
    return messages.slice(0, free).map((message) => put('message', message));
  }

  /**
   * Sends what is due; resolves when each of them was tried, but for what another call is sending already. One address gets
   * its messages in order: while the oldest has to wait, so do those after it, or an all-clear would come before its alert.
   */
  async sendDue(): Promise<void> {
    if (this.#isClosed) return;
    const now = this.#parts.clock();
    const byAddress = new Map<string, Message[]>();
    const waiting = this.#parts.store.all('message').sort((a, b) => a.createdAt - b.createdAt);
    for (const message of waiting) {
      const { address } = message.to;
      const queue = byAddress.get(address);
      if (queue) queue.push(message);
      else byAddress.set(address, [message]);
    }
    const queues = [...byAddress.values()].filter(([oldest]) => this.#isDue(oldest!, now));
    const worker = async () => {
      for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) await this.#sendInOrder(queue);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  /** Waits for attempts under way; starts no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#running.values());
  }

  #isDue({ id, to, nextAttemptAt, createdAt }: Message, now: number): boolean {
    if (nextAttemptAt > now || this.#running.has(id)) return false;
    return this.#parts.sends[to.channel] !== undefined || createdAt < now - MAX_AGE_MS;
  }

  async #sendInOrder(queue: readonly Message[]): Promise<void> {
    for (const message of queue) {
      if (this.#isClosed || this.#running.has(message.id)) return;
      const attempt = this.#attempt(message);
      this.#running.set(message.id, attempt);
      await attempt;
      this.#running.delete(message.id);
      if (this.#parts.store.get('message', message.id) !== undefined) return;
    }
  }

  async #attempt(message: Message): Promise<void> {
    const { store, sends, onError } = this.#parts;
    // Its contact may be gone since the round began.
    if (store.get('message', message.id) === undefined) return;
    try {
      const send = sends[message.to.channel] ?? CLOSED;
      await this.#settle(message, this.#delivered.has(message.id) ? { result: 'sent' } : await send(message));
    } catch (error) {
      onError(error);
    }
  }

  async #settle(message: Message, delivery: Delivery): Promise<void> {
    const { store, clock, onGivenUp } = this.#parts;
    if (delivery.result === 'sent') {
      this.#delivered.add(message.id);
      await store.write(() => ({ answer: undefined, changes: [drop('message', message.id)] }));
      this.#delivered.delete(message.id);
      this.counts.sent++;
      return;
    }
    const nextAttemptAt = clock() + PAUSES_MS[Math.min(message.attempts, PAUSES_MS.length - 1)]!;
    if (delivery.result === 'later' && nextAttemptAt - message.createdAt <= PATIENCE_MS) {
      const again = { ...message, attempts: message.attempts + 1, nextAttemptAt };
      await store.write(() => ({
        answer: undefined,
        changes: store.get('message', message.id) ? [put('message', again)] : [],
      }));
      this.counts.retried++;
      return;
    }
    await store.write(() => ({ answer: undefined, changes: this.#givenUp(message, delivery.reason) }));
    this.counts.givenUp++;
    onGivenUp(message.to.channel, delivery.reason);
  }

  #givenUp({ id, subject }: Message, reason: string): Change[] {
    const { store, clock } = this.#parts;
    const contact = subject?.kind === 'contact' ? store.get('contact', subject.id) : undefined;
    const failed = contact && put('contact', { ...contact, lastFailure: { at: clock(), reason } });
    return [drop('message', id), ...(failed ? [failed] : [])];
  }
}

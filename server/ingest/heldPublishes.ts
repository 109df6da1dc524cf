import type { AwakeClock } from '../process/awakeClock.ts';

/** What can be closed when an acknowledgement takes too long. */
export interface HoldingConnection {
  /** Publishes of this connection that wait for their commit. */
  held: number;
  close(reason: 'held-too-long' | 'token-revoked'): void;
}

/** One publish that waits for its commit. */
export interface HeldPublish {
  connection: HoldingConnection;
  /** On the awake clock. */
  since: number;
  isReleased: boolean;
}

/** Released ones are kept until they are half as many as those that wait, and so many more. */
const MIN_RELEASED = 256;

/**
 * Publishes whose acknowledgement waits for the commit, oldest first. A hold never just waits: packets behind it, the
 * keep-alive among them, wait as well, so a connection held too long is closed and its device sends again.
 */
export class HeldPublishes {
  readonly #maxHoldMs: number;
  readonly #awake: AwakeClock;
  #queue: HeldPublish[] = [];
  #size = 0;

  constructor(maxHoldMs: number, awake: AwakeClock) {
    this.#maxHoldMs = maxHoldMs;
    this.#awake = awake;
  }

  /** Publishes waiting now. */
  get size(): number {
    return this.#size;
  }

  /** Notes one more, from `now` on. */
  hold(connection: HoldingConnection, now: number): HeldPublish {
    const held = { connection, since: this.#awake.at(now), isReleased: false };
    connection.held++;
    this.#size++;
    this.#queue.push(held);
    return held;
  }

  /** The commit is through, or failed. */
  release(held: HeldPublish): void {
    if (held.isReleased) return;
    held.isReleased = true;
    held.connection.held--;
    this.#size--;
    const released = this.#queue.length - this.#size;
    if (released > this.#size / 2 + MIN_RELEASED) this.#queue = this.#queue.filter((one) => !one.isReleased);
  }

  /** Closes every connection with a publish held longer than allowed. */
  closeOverdue(now: number): void {
    const awakeMs = this.#awake.at(now);
    for (const held of this.#queue) {
      if (held.isReleased) continue;
      // The first young one ends the old ones.
      if (awakeMs - held.since <= this.#maxHoldMs) return;
      this.release(held);
      held.connection.close('held-too-long');
    }
  }
}

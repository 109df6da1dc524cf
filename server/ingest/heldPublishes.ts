/** What can be closed when an acknowledgement takes too long. */
export interface HoldingConnection {
  /** Publishes of this connection that wait for their commit. */
  held: number;
  close(): void;
}

/** One publish that waits for its commit. */
export interface HeldPublish {
  connection: HoldingConnection;
  since: number;
}

/**
 * Publishes whose acknowledgement waits for the commit, oldest first. A hold never just waits: packets behind it, the
 * keep-alive among them, wait as well, so a connection held too long is closed and its device sends again.
 */
export class HeldPublishes {
  /** Connections closed because a publish was held too long, for the metrics. */
  closedOverdue = 0;
  readonly #maxHoldMs: number;
  readonly #held = new Set<HeldPublish>();

  constructor(maxHoldMs: number) {
    this.#maxHoldMs = maxHoldMs;
  }

  /** Publishes waiting now. */
  get size(): number {
    return this.#held.size;
  }

  /** Notes one more. */
  hold(connection: HoldingConnection, since: number): HeldPublish {
    const held = { connection, since };
    connection.held++;
    this.#held.add(held);
    return held;
  }

  /** The commit is through, or failed. */
  release(held: HeldPublish): void {
    if (this.#held.delete(held)) held.connection.held--;
  }

  /** Closes every connection with a publish held longer than allowed. */
  closeOverdue(now: number): void {
    for (const held of this.#held) {
      // A Set keeps insertion order: the first young one ends the old ones.
      if (now - held.since <= this.#maxHoldMs) return;
      this.release(held);
      this.closedOverdue++;
      held.connection.close();
    }
  }
}

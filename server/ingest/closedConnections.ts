import type { Duplex } from 'node:stream';
import { StoreUnavailableError } from '../store/readingStore.ts';

/** Why the broker ends a connection; those that the other side ends are not among them. */
const REASONS = [
  /** The store did not take a publish: what is not acknowledged is sent again. */
  'not-stored',
  /** An acknowledgement was held longer than the contract allows. */
  'held-too-long',
  /** More publishes at once than a device can have. */
  'flooding',
  'packet-too-large',
  /** It sends without reading its acknowledgements. */
  'acknowledgements-unread',
  /** The device's token was changed or revoked, or its station removed. */
  'token-revoked',
  /** The same client id signed in again: a device that came back before its old connection was known to be gone. */
  'taken-over',
  /** Silent for one and a half times its keep-alive. */
  'keep-alive',
  /** Connected and did not say CONNECT. */
  'no-connect',
  'protocol-error',
] as const;

/** Why the broker ended a connection. */
export type CloseReason = (typeof REASONS)[number];

/** Those that are no device's doing. */
const TROUBLES: ReadonlySet<CloseReason> = new Set(['not-stored', 'held-too-long']);

/** Connections closed lately, for the log: no names, no addresses. */
export interface ClosedLately {
  byReason: Partial<Record<CloseReason, number>>;
  /** Some of it is no device's doing. */
  isTrouble: boolean;
}

/** A line in the log at most so often, ms: thousands of devices may be closed at once. */
const NEWS_MS = 60_000;

/** Too many publishes of one connection at once. */
export class FloodingError extends Error {
  override name = 'FloodingError';
}

/** Ends connections, and counts each once, by the reason that came first. */
export class ClosedConnections {
  readonly #noted = new WeakSet<Duplex>();
  readonly #totals = new Map<CloseReason, number>(REASONS.map((reason) => [reason, 0]));
  readonly #lately = new Map<CloseReason, number>();
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Closed so far, by reason. */
  get totals(): ReadonlyMap<CloseReason, number> {
    return this.#totals;
  }

  /** Ends a connection. */
  close(connection: Duplex, reason: CloseReason): void {
    if (!connection.destroyed) this.note(connection, reason);
    connection.destroy();
  }

  /** Notes why a connection ends that somebody else closes. */
  note(connection: Duplex, reason: CloseReason): void {
    if (this.#noted.has(connection)) return;
    this.#noted.add(connection);
    for (const counts of [this.#totals, this.#lately]) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }

  /** What was closed since this was last told; undefined when nothing was, or when it was told within the last minute. */
  news(now: number, isLast = false): ClosedLately | undefined {
    if (this.#lately.size === 0 || (!isLast && Math.abs(now - this.#toldAt) < NEWS_MS)) return undefined;
    const byReason = Object.fromEntries(this.#lately) as ClosedLately['byReason'];
    const isTrouble = [...this.#lately.keys()].some((reason) => TROUBLES.has(reason));
    this.#lately.clear();
    this.#toldAt = now;
    return { byReason, isTrouble };
  }
}

/** Why an error ends a connection; undefined when the other side ended it, or it was never signed in. */
export function closeReasonOf(error: Error & { code?: unknown; returnCode?: unknown }): CloseReason | undefined {
  if (error instanceof StoreUnavailableError) return 'not-stored';
  if (error instanceof FloodingError) return 'flooding';
  // System errors (ECONNRESET, EPIPE) and writes after the end: it is gone. Refused sign-ins are counted as such.
  const isGone = error.code !== undefined || error.message === 'connection closed';
  return isGone || error.returnCode !== undefined ? undefined : 'protocol-error';
}

import type { Socket } from 'node:net';
import type { AwakeClock } from '../process/awakeClock.ts';
import type { ClosedConnections } from './closedConnections.ts';

/** A connection that does not say CONNECT within this is closed, ms. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Silence allowed, in keep-alives (MQTT 3.1.1, section 3.1.2.10). */
const KEEP_ALIVES = 1.5;

interface Watched {
  /** Longest silence, ms. */
  patienceMs: number;
  /** When bytes last came, on the awake clock. */
  heardAt: number;
  bytesRead: number;
  hasConnected: boolean;
}

/**
 * The connections there are, and how long each has been silent. A timer a connection, as aedes has it, fires after a halt
 * of our process before what came meanwhile is read: here a connection is silent only while we were at work.
 */
export class ConnectionWatch {
  readonly #watched = new Map<Socket, Watched>();
  readonly #awake: AwakeClock;
  readonly #closed: ClosedConnections;

  constructor(awake: AwakeClock, closed: ClosedConnections) {
    this.#awake = awake;
    this.#closed = closed;
  }

  /** A new connection, until it closes. */
  add(socket: Socket, now: number): void {
    const heardAt = this.#awake.at(now);
    this.#watched.set(socket, { patienceMs: CONNECT_TIMEOUT_MS, heardAt, bytesRead: 0, hasConnected: false });
    socket.once('close', () => this.#watched.delete(socket));
  }

  /** It said CONNECT, with its keep-alive, s; 0 is none. */
  connected(socket: unknown, keepAliveS: number): void {
    const watched = this.#watched.get(socket as Socket);
    if (watched === undefined) return;
    watched.hasConnected = true;
    watched.patienceMs = keepAliveS > 0 ? keepAliveS * 1000 * KEEP_ALIVES : Number.POSITIVE_INFINITY;
  }

  /** Closes those that were silent too long. */
  closeSilent(now: number): void {
    const awakeMs = this.#awake.at(now);
    for (const [socket, watched] of this.#watched) {
      const { bytesRead } = socket;
      // Before CONNECT bytes are no sign of life: one at a time would keep it open. What is not read yet waits for us.
      if (watched.hasConnected && (bytesRead !== watched.bytesRead || socket.readableLength > 0)) {
        watched.heardAt = awakeMs;
        watched.bytesRead = bytesRead;
      } else if (awakeMs - watched.heardAt > watched.patienceMs) {
        this.#closed.close(socket, watched.hasConnected ? 'keep-alive' : 'no-connect');
      }
    }
  }

  /** Ends all, without counting. */
  endAll(): void {
    for (const socket of this.#watched.keys()) socket.destroy();
  }
}

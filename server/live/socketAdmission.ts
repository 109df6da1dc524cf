import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';
import type { ClientAddress, IsExempt } from '../process/addressLimits.ts';
import { type Allowance, addressKey, TokenBuckets } from '../process/tokenBuckets.ts';

/** What one address may hold and ask for, and how it is told. */
export interface SocketLimits {
  /** Live connections at once, and how often new ones. */
  allowance: Allowance & { connections: number };
  /** Where a request comes from, behind whatever proxies are trusted. */
  addressOf: ClientAddress;
  isExempt: IsExempt;
  clock: () => number;
}

/**
 * Holds each address to so many live connections. The HTTP servers count connections too, but a proxy brings everybody's
 * over its own, and what socket.io answers never comes to the application's limits.
 */
export class SocketAdmission {
  readonly #limits: SocketLimits;
  readonly #buckets: TokenBuckets;
  readonly #open = new Map<string, number>();

  constructor(limits: SocketLimits) {
    this.#limits = limits;
    this.#buckets = new TokenBuckets(limits.allowance);
  }

  /** Whether another live connection may begin for a request. */
  admits(request: IncomingMessage): boolean {
    const key = this.#keyOf(request);
    if (key === undefined) return true;
    const { allowance, clock } = this.#limits;
    return (this.#open.get(key) ?? 0) < allowance.connections && this.#buckets.take(key, clock()) === 0;
  }

  /** Counts every connection that begins, until it ends. */
  watch({ engine }: Server): void {
    engine.on('connection', (socket: EngineSocket) => {
      const key = this.#keyOf(socket.request);
      if (key === undefined) return;
      this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
      socket.once('close', () => this.#left(key));
    });
  }

  #keyOf(request: IncomingMessage): string | undefined {
    const address = this.#limits.addressOf(request);
    return this.#limits.isExempt(address) ? undefined : addressKey(address);
  }

  #left(key: string): void {
    const open = (this.#open.get(key) ?? 1) - 1;
    if (open === 0) this.#open.delete(key);
    else this.#open.set(key, open);
  }
}

interface EngineSocket {
  request: IncomingMessage;
  once(event: 'close', run: () => void): void;
}

import type { IncomingMessage } from 'node:http';
import { isIP, type Server, type Socket } from 'node:net';
import express, { type Express } from 'express';
import type { Config } from '../config.ts';
import { addressKey } from './tokenBuckets.ts';

/** True for addresses that no limit per address holds: this machine, and the proxies that the settings trust. */
export type IsExempt = (address: string | undefined) => boolean;

/** Where a request comes from; undefined when that cannot be told. */
export type ClientAddress = (request: IncomingMessage) => string | undefined;

/** Whether an address is a proxy that the settings trust; `hop` 0 is the one that is connected to us. */
type IsTrusted = (address: string, hop: number) => boolean;

function trustedBy(trustProxy: Config['TRUST_PROXY']): IsTrusted {
  return express().set('trust proxy', trustProxy).get('trust proxy fn') as IsTrusted;
}

/**
 * Who a proxy speaks for when it names nobody (`unknown`, `_hidden`; RFC 7239 section 6): all of them together. Not the
 * proxy's own address, which on this machine no limit holds.
 */
const UNNAMED = 'unnamed';

/** A request's address: the last that no trusted proxy has. */
export function clientAddress(trustProxy: Config['TRUST_PROXY']): ClientAddress {
  const isTrusted = trustedBy(trustProxy);
  return ({ socket, headers }) => {
    const forwarded = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
    const chain = [socket.remoteAddress, ...forwarded.reverse().map((part) => bareAddress(part) ?? UNNAMED)];
    return chain.find((address, hop) => !isTrusted(address ?? '', hop)) ?? chain.at(-1);
  };
}

/** Makes `request.ip` of an application, which Express leaves as the proxy wrote it, the address that limits count. */
export function tellClientsApart(app: Express, trustProxy: Config['TRUST_PROXY']): void {
  const addressOf = clientAddress(trustProxy);
  app.set('trust proxy', trustProxy);
  Object.defineProperty(app.request, 'ip', {
    configurable: true,
    get(this: IncomingMessage) {
      return addressOf(this);
    },
  });
}

/** An address without the port and brackets that some proxies write; undefined for what is none. */
function bareAddress(text: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[(.+)\]|([\d.]+))(?::\d+)?$/.exec(text) ?? [];
  const address = bracketed ?? dotted ?? text;
  return isIP(address) === 0 ? undefined : address;
}

/** Who is exempt under `TRUST_PROXY`: a proxy brings everybody's connections from one address. */
export function exemptAddresses(trustProxy: Config['TRUST_PROXY']): IsExempt {
  const isTrusted = trustedBy(trustProxy);
  return (address) => {
    if (address === undefined) return true;
    if (isIP(address) === 0) return false;
    return isLoopback(address) || isTrusted(address, 0);
  };
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** Counts connections by address and turns away those above the limit. Nothing of it is kept or logged. */
export class AddressConnections {
  readonly #limit: number;
  readonly #isExempt: IsExempt;
  readonly #open = new Map<string, number>();
  #refused = 0;

  constructor(limit: number, isExempt: IsExempt) {
    this.#limit = limit;
    this.#isExempt = isExempt;
  }

  /** Connections turned away so far. */
  get refused(): number {
    return this.#refused;
  }

  /** Lets a new connection in, until it closes; false when it was ended because its address has too many. */
  admit(socket: Socket): boolean {
    const { remoteAddress } = socket;
    if (this.#isExempt(remoteAddress)) return true;
    const key = addressKey(remoteAddress);
    const open = this.#open.get(key) ?? 0;
    if (open >= this.#limit) {
      this.#refused++;
      socket.destroy();
      return false;
    }
    this.#open.set(key, open + 1);
    socket.once('close', () => this.#left(key));
    return true;
  }

  /** Holds every connection of a server to the limit. */
  watch(server: Server): void {
    server.on('connection', (socket) => void this.admit(socket));
  }

  #left(key: string): void {
    const open = (this.#open.get(key) ?? 1) - 1;
    if (open === 0) this.#open.delete(key);
    else this.#open.set(key, open);
  }
}

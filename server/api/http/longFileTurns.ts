import type { Request, Response } from 'express';
import type { Logger } from '../../log.ts';
import { exemptAddresses } from '../../process/addressLimits.ts';
import { AddressTurns } from '../../process/addressTurns.ts';
import { isLocalAdmin } from './access.ts';
import { problem, sendProblem } from './problem.ts';

/**
 * Files of one address that are made at once, and requests that wait for their turn. A file reads from the store all the
 * while, which has two readers for everybody.
 */
const LIMITS = { atOnce: 2, waiting: 10 };
/**
 * How long nothing may move towards a client for which there is something, ms. Long: over a slow line the machine's own buffer takes
 * more only now and then, a third of itself at a time.
 */
const STALL_MS = 120_000;

const TOO_MANY = problem(
  429,
  'too-many-downloads',
  'Too many long files are asked for from this address at once; ask for one after the other.',
  { headers: { 'Retry-After': '30' } },
);

/** What sending in turn needs. */
export interface LongFileTurnsOptions {
  log: Logger;
  stallMs?: number;
}

/** Sends a long file when it is its address's turn. */
export type LongFileTurns = ReturnType<typeof createLongFileTurns>;

/**
 * Sends a long file when it is its address's turn; 429 when too many of it wait already. A download whose client takes
 * nothing any more is ended: it would keep the turn from everybody behind the address. This machine waits for nobody.
 */
export function createLongFileTurns({ log, stallMs = STALL_MS }: LongFileTurnsOptions) {
  const turns = new AddressTurns(LIMITS);
  const isExempt = exemptAddresses(false);
  return async (request: Request<{ id: string }>, response: Response, send: () => Promise<void>): Promise<void> => {
    if (isLocalAdmin(request) || isExempt(request.ip)) return send();
    const sendWatched = () => {
      endWhenStalled(response, stallMs, () => log.info('a long download was ended: its client took nothing of it'));
      return send();
    };
    const isTaken = await turns.take(request.ip, () => !response.destroyed, sendWatched);
    if (!isTaken) sendProblem(response, TOO_MANY);
  };
}

/** A socket times out when nothing moves on it, be it a part of a long write. While the store is slow, nothing is there for the client. */
function endWhenStalled(response: Response, stallMs: number, onStalled: () => void): void {
  response.setTimeout(stallMs, () => {
    if (response.destroyed) return;
    if ((response.socket?.writableLength ?? 0) === 0) {
      response.setTimeout(stallMs);
      return;
    }
    onStalled();
    response.destroy();
  });
}

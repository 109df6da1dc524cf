import type { Request, Response } from 'express';
import { exemptAddresses } from '../../process/addressLimits.ts';
import { AddressTurns } from '../../process/addressTurns.ts';
import { isLocalAdmin } from '../http/access.ts';
import { problem, sendProblem } from '../http/problem.ts';

/**
 * Files of one address that are made at once, and requests that wait for their turn. A file reads from the store all the
 * while, which has two readers for everybody.
 */
const LIMITS = { atOnce: 2, waiting: 10 };

const TOO_MANY = problem(
  429,
  'too-many-downloads',
  'Too many long files are asked for from this address at once; ask for one after the other.',
  { headers: { 'Retry-After': '30' } },
);

/** Sends a long file when it is its address's turn; 429 when too many of it wait already. This machine waits for nobody. */
export function createLongFileTurns() {
  const turns = new AddressTurns(LIMITS);
  const isExempt = exemptAddresses(false);
  return async (request: Request<{ id: string }>, response: Response, send: () => Promise<void>): Promise<void> => {
    if (isLocalAdmin(request) || isExempt(request.ip)) return send();
    const isTaken = await turns.take(request.ip, () => !response.destroyed, send);
    if (!isTaken) sendProblem(response, TOO_MANY);
  };
}

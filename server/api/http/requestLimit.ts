import type { RequestHandler } from 'express';
import type { IsExempt } from '../../process/addressLimits.ts';
import { type Allowance, addressKey, TokenBuckets } from '../../process/tokenBuckets.ts';
import { isLocalAdmin } from './access.ts';
import { problem, sendProblem } from './problem.ts';

/** What the limit needs. */
export interface RequestLimitParts {
  allowance: Allowance;
  isExempt: IsExempt;
  clock: () => number;
  onRefused: () => void;
}

/** Holds each address to so many requests; the device doors have limits of their own. */
export function limitRequestsByAddress({ allowance, isExempt, clock, onRefused }: RequestLimitParts): RequestHandler {
  const buckets = new TokenBuckets(allowance);
  return (request, response, next) => {
    if (isLocalAdmin(request) || isExempt(request.ip)) return next();
    const waitMs = buckets.take(addressKey(request.ip), clock());
    if (waitMs === 0) return next();
    onRefused();
    const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) };
    return sendProblem(
      response,
      problem(429, 'too-many-requests', 'Too many requests from this address; try again later.', { headers }),
    );
  };
}

import { DAY_MS } from '../domain/durations.ts';
import { WIDE_MS } from './rowContext.ts';

/** Devices may send readings a week old: rows this young always follow them, ms. */
const LATE_MS = 8 * DAY_MS;

/**
 * Rows of hours and days before it stay as they are, epoch ms: their readings were pruned, or those around that their
 * flags rest on.
 */
export function fixedUntil(prunedUntil: number | undefined, now: number): number {
  if (prunedUntil === undefined) return Number.NEGATIVE_INFINITY;
  return Math.min(prunedUntil + WIDE_MS, Math.max(prunedUntil, now - LATE_MS));
}

import { z } from 'zod';
import { AVERAGES } from '../domain/aggregate.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import { STATION_ID } from '../domain/station.ts';

/** Schemas of everything a browser may send over the socket. Unknown fields are refused. */

const cursor = z.strictObject({ epoch: z.string().min(1).max(40), seq: z.int().min(0) });
const layer = { quantity: z.enum(QUANTITIES), average: z.enum(AVERAGES) };
const stationId = z.string().regex(STATION_ID, 'a station id has 10 characters of a-z and 0-9');

/** `map:subscribe`. */
export const mapSubscribe = z.strictObject({ ...layer, cursor: cursor.optional() });
/** `map:unsubscribe`. */
export const mapUnsubscribe = z.strictObject(layer);
/** `station:subscribe`. */
export const stationSubscribe = z.strictObject({ stationId, since: z.iso.datetime({ offset: true }).optional() });
/** `station:unsubscribe`. */
export const stationUnsubscribe = z.strictObject({ stationId });
/** `onboarding:watch`. */
export const onboardingWatch = z.strictObject({ stationId, ownerKey: z.string().min(1).max(64) });

/** One line for people from a failed parse: `average: must be one of 1h, 24h, latest`. */
export function problemOf(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`)
    .join('; ')
    .slice(0, 300);
}

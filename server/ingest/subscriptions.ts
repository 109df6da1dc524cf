import type { Role } from '../configTypes.ts';
import {
  BRIDGE_SUBSCRIPTION,
  DEVICE_SUBSCRIPTIONS,
  LATE_SUBSCRIPTION,
  SEEN_SUBSCRIPTION,
  shared,
} from '../domain/topics.ts';

const MESSAGES = [...DEVICE_SUBSCRIPTIONS, BRIDGE_SUBSCRIPTION];
/** What a process that does everything takes from the broker. */
export const EVERYTHING: readonly string[] = [...MESSAGES, SEEN_SUBSCRIPTION];
const SHARED = MESSAGES.map(shared);
const ALONE = [SEEN_SUBSCRIPTION, LATE_SUBSCRIPTION];

/** What a process with these roles takes from the broker; ingest nodes take turns. */
export function subscriptionsOf(roles: readonly Role[]): string[] {
  if (roles.includes('all')) return [...EVERYTHING];
  return [...(roles.includes('ingest') ? SHARED : []), ...(roles.includes('aggregator') ? ALONE : [])];
}

/** What it took when it had other roles: the broker remembers, and would deliver twice. */
export function otherSubscriptionsOf(roles: readonly Role[]): string[] {
  const own = subscriptionsOf(roles);
  return [...EVERYTHING, ...SHARED, LATE_SUBSCRIPTION].filter((subscription) => !own.includes(subscription));
}

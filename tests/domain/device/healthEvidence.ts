import {
  type FindingId,
  type FindingOf,
  type HealthEvidence,
  judgeDevice,
} from '../../../server/domain/device/deviceHealth.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import type { Reading, Values } from '../../../server/domain/reading.ts';

/** The moment devices are judged at, epoch ms. */
export const NOW = Date.parse('2026-01-05T12:00:00Z');
/** An airRohr's, ms. */
export const CADENCE = 150_000;

/** Readings every 150 s over the hours before now; `values` by how many hours ago. */
export function readings(
  hours: number,
  values: (hoursAgo: number, index: number) => Values,
  sensor = 'sds011',
): Reading[] {
  const count = Math.round((hours * HOUR_MS) / CADENCE);
  return Array.from({ length: count }, (_, index) => {
    const measuredAt = NOW - (count - index) * CADENCE + 60_000;
    const found = values((NOW - measuredAt) / HOUR_MS, index);
    return { stationId: 's', sensor, measuredAt, values: found, flags: 0 };
  });
}

/** A value that never stands still, µg/m³. */
export const wiggle = (index: number) => 8 + (index % 7) / 10;
/** What a working SDS011 sends. */
export const sound = (hours = 48) => readings(hours, (_, index) => ({ pm25: wiggle(index), pm10: wiggle(index) + 4 }));

/** What is known of a device that works, but for `change`. */
export function evidence(change: Partial<HealthEvidence> = {}): HealthEvidence {
  return {
    now: NOW,
    lastSeenAt: NOW - 90_000,
    readings: sound(),
    health: [],
    rejections: [],
    hours: [],
    neighbours: 0,
    ...change,
  };
}

/** The finding of that kind. */
export function find<Id extends FindingId>(id: Id, given: Partial<HealthEvidence>): FindingOf<Id> {
  return judgeDevice(evidence(given)).find((finding) => finding.id === id) as FindingOf<Id>;
}

/** A week of hours beside neighbours at 10 µg/m³. */
export const week = (own: number, others = [9, 10, 12]) =>
  Array.from({ length: 168 }, (_, index) => ({ start: NOW - (168 - index) * HOUR_MS, own, others }));

/** All of them, as they came. */
export function together(...parts: readonly Reading[][]): Reading[] {
  return parts.flat().sort((a, b) => a.measuredAt - b.measuredAt);
}

import { type DeviceMessage, isRejection, type MessageFormat } from '../../server/domain/reading.ts';
import type { Arrival } from '../../server/ingest/arrival.ts';
import type { Stamp, Stamper } from '../../server/ingest/stamp.ts';

export const NOW = Date.UTC(2026, 2, 1, 12);
export const SECOND = 1_000;
export const STATION = 'balkon0001';

export interface Sent {
  at?: number;
  bytes?: string;
  format?: MessageFormat;
  object?: string;
  deviceId?: string;
  claimedAt?: number;
  part?: string;
  samples?: number;
  health?: DeviceMessage['health'];
  isStampedByBridge?: boolean;
  isSpooled?: boolean;
}

export function send(stamper: Stamper, sent: Sent, stationId = STATION) {
  const { format = 'airrohr', deviceId = 'esp8266-1', object, at = NOW } = sent;
  const arrival: Arrival = {
    topic: object === undefined ? { format, deviceId } : { format, deviceId, object },
    payload: Buffer.from(sent.bytes ?? 'a body'),
    deviceId,
    receivedAt: at,
    isStampedByBridge: sent.isStampedByBridge ?? false,
    ...(sent.isSpooled === true && { isSpooled: true }),
  };
  const message: DeviceMessage = { format, sensors: [], health: { ...sent.health }, refusedFields: [] };
  if (sent.claimedAt !== undefined) message.claimedAt = sent.claimedAt;
  if (sent.part !== undefined) message.part = sent.part;
  if (sent.samples !== undefined) message.health.samples = sent.samples;
  return stamper.stamp(arrival, message, stationId);
}

export function timeOf(stamped: ReturnType<Stamper['stamp']>): number {
  if (stamped === 'duplicate' || isRejection(stamped)) throw new Error(`no stamp: ${JSON.stringify(stamped)}`);
  return stamped.measuredAt;
}

/** A stamp as the store gives it back. */
export function rowOf({ measuredAt, fingerprint }: Stamp) {
  return { stationId: STATION, measuredAt, hi: fingerprint?.hi ?? 0, lo: fingerprint?.lo ?? 0 };
}

export function reasonOf(stamped: ReturnType<Stamper['stamp']>): string {
  return isRejection(stamped) ? stamped.reason : 'taken';
}

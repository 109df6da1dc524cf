import type { Quantity } from './quantity.ts';

/** Values of one instrument at one time, in the units of `UNITS`. Missing stays missing: never 0, never NaN. */
export type Values = Partial<Record<Quantity, number>>;

/** Formats a device can speak. */
export type MessageFormat = 'airrohr' | 'tasmota' | 'esphome' | 'airgradient' | 'zigbee2mqtt';

/** Device health as the firmware reports it. Not air data. */
export interface DeviceHealth {
  /** Wi-Fi signal, dBm. */
  signal?: number;
  /** Loop passes since the last push. */
  samples?: number;
  /** Shortest and longest loop pass, µs. */
  minMicro?: number;
  maxMicro?: number;
  /** Configured pause between pushes, ms (the real cadence is about 4 s longer). */
  interval?: number;
  /** Firmware version text, at most 40 characters. */
  firmware?: string;
}

/** One instrument's part of a device message. */
export interface SensorValues {
  /** Instrument: lower-case model, ordinal when the device has two of a kind: `sds011`, `dht22`, `bme280-2`. */
  sensor: string;
  values: Values;
  /** Quantities we do not judge, by their own lower-case name (`n05`, `co2`, `voc`): numbers only. */
  extra?: Record<string, number>;
}

/** What a decoder makes of one message's bytes: typed, in our units, not yet judged. */
export interface DeviceMessage {
  format: MessageFormat;
  /** Time in the payload's `timestamp`, epoch ms; undefined when the device sent none (the usual case). */
  claimedAt?: number;
  /** Device id the body names, when it names one; a mismatch with the authenticated identity is a rejection. */
  claimedDeviceId?: string;
  /**
   * Set when the message is one part of a measuring cycle that arrives in several: the ESPHome object id, or `pin-<n>`
   * of a per-sensor push. The first part fixes the time of the cycle.
   */
  part?: string;
  sensors: SensorValues[];
  health: DeviceHealth;
  /** Fields that were present but unusable, each with its reason; the rest of the message stands. */
  refusedFields: { field: string; reason: RejectionReason }[];
  /** Set when a GPS receiver is all that the message tells of: where a device is stays with its owner. */
  isPositionOnly?: true;
}

/** Why something was not taken. Words are part of the metrics and of the host's page. */
export const REJECTION_REASONS = [
  'unreadable', // bytes are not the format's syntax
  'too-large', // over 16 KiB
  'too-deep', // nested beyond what any firmware sends
  'no-values', // understood, but nothing measured in it
  'not-a-number', // "nan", text where a number belongs
  'no-value-marker', // -1, GPS -200, 1970: the firmware's own "nothing"
  'out-of-bounds', // beyond any number a device can mean (|x| > 1e9)
  'unknown-device',
  'wrong-token',
  'wrong-identity', // body or topic names another device
  'foreign-topic', // a topic this device has not registered
  'wrong-path', // HTTP: the device is known, the path is no door
  'unbound-device', // known device, no station
  'retained',
  'qos2',
  'time-too-old', // more than 7 days back
  'time-in-future', // more than 2 minutes ahead
  'time-unreadable',
  'conflict', // a different value for an existing field
  'station-deleted',
  'too-often',
] as const;
/** One of `REJECTION_REASONS`. */
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** A refused message or field: a value, counted by reason, visible to operator and host. Never holds a token or position. */
export interface Rejection {
  kind: 'rejection';
  reason: RejectionReason;
  /** One English sentence for operator and host; at most 200 characters, no payload beyond the offending field. */
  detail: string;
  /** Set for what a device sends beside its readings, as its firmware does: counted, and nothing for its host to mend. */
  isBeside?: true;
}

/** Makes a rejection. */
export function reject(reason: RejectionReason, detail: string): Rejection {
  return { kind: 'rejection', reason, detail: detail.slice(0, 200) };
}

/** True for a rejection among results. */
export function isRejection(result: unknown): result is Rejection {
  return typeof result === 'object' && result !== null && (result as Rejection).kind === 'rejection';
}

/** One instrument's reading at a station: a raw row. Key: `stationId` + `sensor` + `measuredAt`. */
export interface Reading {
  stationId: string;
  sensor: string;
  /** Epoch ms UTC. */
  measuredAt: number;
  values: Values;
  extra?: Record<string, number>;
  /** Raw flags as a mask, see `flag.ts`. */
  flags: number;
}

/** One accepted message: its readings and what is stored once per message. */
export interface AcceptedMessage {
  stationId: string;
  measuredAt: number;
  receivedAt: number;
  /** 64-bit fingerprint of the bytes as two unsigned 32-bit halves; absent for stamped messages. */
  fingerprint?: { hi: number; lo: number };
  health: DeviceHealth;
  readings: Reading[];
}

import type { Quantity } from '../../domain/quantity.ts';
import {
  type DeviceHealth,
  type DeviceMessage,
  type MessageFormat,
  type Rejection,
  type RejectionReason,
  reject,
  type SensorValues,
} from '../../domain/reading.ts';
import { LARGEST_NUMBER, toNumber } from './number.ts';
import { toHectopascal } from './units.ts';

/** Most fields one message may carry; an airRohr with every sensor there is sends about 60. */
export const MAX_FIELDS = 100;
/** Most fields of one message that are kept without being understood. */
const MAX_EXTRAS = 64;
const MAX_NAME_LENGTH = 40;
/** Where fields go whose instrument we do not know: one name, so that no device can make up instruments. */
export const UNKNOWN_SENSOR = 'other';

/** Firmware versions there are, more than were ever in use at once; beyond, they are gathered anew. */
const MAX_VERSIONS = 1_000;
/** Each version text once: cut out of a message it would keep the whole message in memory. */
const versions = new Map<string, string>();

/** Where a field of a message belongs. */
export type Target =
  | { to: 'value'; sensor: string; quantity: Quantity }
  | { to: 'extra'; sensor: string; name: string }
  | { to: 'health'; name: Exclude<keyof DeviceHealth, 'firmware'> };

/** Makes the target of a judged value. */
export function valueTarget(sensor: string, quantity: Quantity): Target {
  return { to: 'value', sensor, quantity };
}

/** Makes the target of a number kept as it is. */
export function extraTarget(sensor: string, name: string): Target {
  return { to: 'extra', sensor, name };
}

/**
 * A device message while a decoder reads it: parses each number once, keeps instruments apart, refuses what cannot be
 * used without losing the rest.
 */
export class MessageDraft {
  readonly #sensors: SensorValues[] = [];
  readonly #refused: { field: string; reason: RejectionReason }[] = [];
  readonly #health: DeviceHealth = {};
  #hasPosition = false;
  /** A field came besides: a push of all sensors that has no value of them is one that its host should hear of. */
  #hasMore = false;
  #fieldCount = 0;
  #extraCount = 0;
  #current: SensorValues | undefined;

  /** Files the number in `raw` under `target`; the first of two wins. `field` is the device's own name for it. */
  put(target: Target, raw: unknown, field: string): void {
    if (++this.#fieldCount > MAX_FIELDS) return;
    this.#hasMore = true;
    const value = toNumber(raw);
    if (value === undefined) this.#note(field, 'not-a-number');
    else if (target.to === 'value') this.#putValue(target.sensor, target.quantity, value, field);
    else if (target.to === 'extra') this.#putExtra(target.sensor, target.name, value, field);
    else this.#putHealth(target.name, value, field);
  }

  /**
   * Keeps a number nobody asked for, under a lower-case name of `[a-z0-9_]`. A position is dropped without a trace:
   * where a device is stays with its owner.
   */
  putUnknown(sensor: string, name: string, raw: unknown, field = name): void {
    const extra = extraName(name);
    if (extra === undefined) this.refuse(field, 'unreadable');
    else if (isPosition(extra)) this.#hasPosition = true;
    else this.put(extraTarget(sensor, extra), raw, field);
  }

  /** Notes a field of a GPS receiver, dropped like every position; without a fix it says so. */
  putPosition(field: string, hasFix: boolean): void {
    this.#hasPosition = true;
    if (!hasFix) this.refuse(field, 'no-value-marker');
  }

  /** Notes a field that cannot be used. */
  refuse(field: string, reason: RejectionReason): void {
    if (++this.#fieldCount <= MAX_FIELDS) this.#note(field, reason);
  }

  /** Notes the firmware's version text. */
  putFirmware(version: unknown): void {
    if (typeof version === 'string' && version !== '') this.#health.firmware = keptVersion(version);
  }

  /** The message, or a rejection when it carried more fields than any device sends. `part`: see `DeviceMessage`. */
  finish(
    format: MessageFormat,
    claimed: { at?: number | undefined; deviceId?: string | undefined; part?: string | undefined } = {},
  ) {
    if (this.#fieldCount > MAX_FIELDS) return tooManyFields();
    const message: DeviceMessage = {
      format,
      sensors: this.#sensors,
      health: this.#health,
      refusedFields: this.#refused,
    };
    if (claimed.at !== undefined) message.claimedAt = claimed.at;
    if (claimed.deviceId !== undefined) message.claimedDeviceId = claimed.deviceId;
    if (claimed.part !== undefined) message.part = claimed.part;
    if (this.#hasPosition && !this.#hasMore) message.isPositionOnly = true;
    return message;
  }

  #putValue(sensor: string, quantity: Quantity, value: number, field: string): void {
    const values = this.#sensor(sensor).values;
    if (values[quantity] !== undefined) this.#note(field, 'conflict');
    else values[quantity] = quantity === 'pressure' ? toHectopascal(value) : value;
  }

  #putExtra(sensor: string, name: string, value: number, field: string): void {
    if (++this.#extraCount > MAX_EXTRAS) {
      this.#note(field, 'too-large');
      return;
    }
    const owner = this.#sensor(sensor);
    owner.extra ??= {};
    if (Object.hasOwn(owner.extra, name)) this.#note(field, 'conflict');
    else owner.extra[name] = value;
  }

  #putHealth(name: Exclude<keyof DeviceHealth, 'firmware'>, value: number, field: string): void {
    if (Math.abs(value) > LARGEST_NUMBER) this.#note(field, 'out-of-bounds');
    else if (this.#health[name] !== undefined) this.#note(field, 'conflict');
    else this.#health[name] = value;
  }

  #sensor(sensor: string): SensorValues {
    if (this.#current?.sensor === sensor) return this.#current;
    let found = this.#sensors.find((candidate) => candidate.sensor === sensor);
    if (found === undefined) {
      found = { sensor, values: {} };
      this.#sensors.push(found);
    }
    this.#current = found;
    return found;
  }

  #note(field: string, reason: RejectionReason): void {
    this.#refused.push({ field: field.slice(0, MAX_NAME_LENGTH), reason });
  }
}

function keptVersion(version: string): string {
  const known = versions.get(version);
  if (known !== undefined) return known;
  if (versions.size >= MAX_VERSIONS) versions.clear();
  const kept = Buffer.from(version.slice(0, MAX_NAME_LENGTH)).toString();
  versions.set(Buffer.from(version).toString(), kept);
  return kept;
}

/** The rejection of a message with more fields than any device sends. */
export function tooManyFields(): Rejection {
  return reject('too-large', `The message has more than ${MAX_FIELDS} values.`);
}

/** Last words of names that tell where a device is. */
const POSITION_WORDS: ReadonlySet<string> = new Set(['lat', 'lon', 'lng', 'latitude', 'longitude', 'geohash']);

function isPosition(name: string): boolean {
  return POSITION_WORDS.has(name.slice(name.lastIndexOf('_') + 1));
}

/**
 * The name an unknown field is kept under: lower case, everything but letters and digits as one `_` (`CF2.5` ->
 * `cf2_5`); undefined when nothing usable is left. Starting with a letter or digit keeps `__proto__` out.
 */
function extraName(name: string): string | undefined {
  if (name.length > MAX_NAME_LENGTH) return undefined;
  const lower = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  return /^[a-z0-9]/.test(lower) ? lower : undefined;
}

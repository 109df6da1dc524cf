import type { DeviceHealth } from '../../domain/reading.ts';
import { type AirrohrTarget, SENSOR_BY_PREFIX } from './airrohrNames.ts';
import { extraTarget, type MessageDraft, UNKNOWN_SENSOR, valueTarget } from './messageDraft.ts';
import { toNumber } from './number.ts';

/** One `value_type` of an airRohr message with what the tables know of it. */
export interface AirrohrField {
  name: string;
  raw: unknown;
  /** Undefined for a name in no table. */
  target: AirrohrTarget | undefined;
  /** All names of the message: company decides the meaning of some. */
  names: readonly unknown[];
}

/** Files one value type of a body or line in the draft. */
export function fileField(draft: MessageDraft, { name, raw, target, names }: AirrohrField): void {
  if (target === undefined) fileUnknown(draft, name, raw);
  else if (target.to === 'value' || target.to === 'extra') draft.put(target, raw, name);
  else if (target.to === 'health') fileHealth(draft, target, raw, name);
  else if (target.to === 'particles') draft.put(particles(target.name, names), raw, name);
  else draft.putPosition(name, !isNoFix(raw));
}

/** A PPD42NS sends counts as P1 and P2, beside `durP1`; without that company a bare P1 is PM10 in µg/m³, P2 PM2.5. */
function particles(name: 'P1' | 'P2', names: readonly unknown[]) {
  if (names.includes('durP1') || names.includes('durP2')) return extraTarget('ppd42ns', name.toLowerCase());
  return valueTarget('pm', name === 'P1' ? 'pm10' : 'pm25');
}

/** `min_micro` before the second loop pass (airrohr-firmware.ino). */
const NO_LOOP_YET = 1_000_000_000;

function fileHealth(
  draft: MessageDraft,
  target: { to: 'health'; name: Exclude<keyof DeviceHealth, 'firmware'> },
  raw: unknown,
  name: string,
): void {
  if (target.name === 'minMicro' && toNumber(raw) === NO_LOOP_YET) draft.refuse(name, 'no-value-marker');
  else draft.put(target, target.name === 'signal' ? withoutUnit(raw) : raw, name);
}

/** Up to NRZ-2017-080 the signal reads `-78 dBm`; a fork writes `-65dBm`. */
function withoutUnit(signal: unknown): unknown {
  return typeof signal === 'string' && signal.endsWith('dBm') ? signal.slice(0, -3).trimEnd() : signal;
}

/** What the firmware sends without a satellite fix: -200 degrees, -1000 m, an empty or 1970 time. */
function isNoFix(raw: unknown): boolean {
  if (typeof raw === 'string' && (raw === '' || raw.startsWith('1970'))) return true;
  const value = toNumber(raw);
  return value === -200 || value === -1000;
}

/** An unknown name stays with its instrument when the prefix is one we know, else with the unknown ones. */
function fileUnknown(draft: MessageDraft, name: string, raw: unknown): void {
  const prefix = name.slice(0, name.indexOf('_'));
  if (prefix === 'GPS') draft.putPosition(name, true);
  else if (Object.hasOwn(SENSOR_BY_PREFIX, prefix)) {
    draft.putUnknown(SENSOR_BY_PREFIX[prefix]!, name.slice(prefix.length + 1), raw, name);
  } else {
    draft.putUnknown(UNKNOWN_SENSOR, name, raw);
  }
}

import { DEVICE_ID } from '../../../server/domain/station.ts';
import { FIRMWARES, type Firmware } from '../../i18n/host/hostTexts.ts';

/** How each firmware's id begins. */
const PREFIX: Readonly<Record<Exclude<Firmware, 'airrohr'>, string>> = {
  tasmota: 'tasmota-',
  esphome: 'esphome-',
  airgradient: 'airgradient-',
  other: 'other-',
};

/** The firmware a device id speaks of. */
export function firmwareOf(deviceId: string | undefined): Firmware {
  if (deviceId === undefined || /^esp(8266|32)-/.test(deviceId)) return 'airrohr';
  return FIRMWARES.find((name) => name !== 'airrohr' && deviceId.startsWith(PREFIX[name])) ?? 'other';
}

/**
 * A device's id from what a host copies: the number alone, the name of its network (`airRohr-15303512`), the line of its
 * page (`ID: 15303512 (A0:20:A6)`) or the whole id. An ESP32 counts in hexadecimal, an ESP8266 in decimal digits.
 */
export function deviceIdOf(firmware: Firmware, typed: string): string | undefined {
  const text = typed
    .trim()
    .replace(/^ID:\s*/i, '')
    .replace(/\s*\(.*\)$/, '')
    .replace(/^(airrohr|feinstaubsensor)-/i, '');
  const id = DEVICE_ID.test(text) ? text : prefixOf(firmware, text) + text;
  return DEVICE_ID.test(id) ? id : undefined;
}

function prefixOf(firmware: Firmware, text: string): string {
  if (firmware !== 'airrohr') return PREFIX[firmware];
  return /^\d+$/.test(text) ? 'esp8266-' : 'esp32-';
}

import { Buffer } from 'node:buffer';
import type { Quantity } from '../../domain/quantity.ts';
import { isRejection } from '../../domain/reading.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Decode } from './decoder.ts';
import { readJson } from './json.ts';
import { MessageDraft, valueTarget } from './messageDraft.ts';

/**
 * Zigbee2MQTT's `zigbee2mqtt/<friendly_name>`.
 *
 *   {"humidity":60.99,"linkquality":98,"nox_index":1,"pm1":7.6,"pm10":8.1,"pm25":8,"pm4":8.2,"state":"OFF",
 *    "temperature":21.85,"voc_index":137}
 *
 *   -> zigbee-1a2b3c {pm1: 7.6, pm10: 8.1, pm25: 8, pm4: 8.2, temperature: 21.85, humidity: 60.99}
 *        extra {nox_index: 1, voc_index: 137}
 *
 * `"pm25": -1` means "not ready" (Koenkk/zigbee2mqtt issue 11649) and is refused when the values are judged. Switches,
 * texts and the state of the appliance are not kept.
 */
export const decodeZigbee2mqtt: Decode = (payload, topic) => {
  const parsed = readJson(payload);
  if (isRejection(parsed)) return parsed;
  const body = parsed.json;
  const draft = new MessageDraft();
  const sensor = sensorOf(topic.object ?? '');
  for (const [name, raw] of Object.entries(body)) {
    const quantity = QUANTITY_BY_NAME.get(name);
    if (quantity !== undefined) draft.put(valueTarget(sensor, quantity), raw, name);
    else if (typeof raw === 'number' && !APPLIANCE_STATE.has(name)) draft.putUnknown(sensor, name, raw);
  }
  return draft.finish('zigbee2mqtt');
};

const QUANTITY_BY_NAME: ReadonlyMap<string, Quantity> = new Map([
  ['pm1', 'pm1'],
  ['pm25', 'pm25'],
  ['pm4', 'pm4'],
  ['pm10', 'pm10'],
  ['temperature', 'temperature'],
  ['humidity', 'humidity'],
  ['pressure', 'pressure'],
]);

/** Numbers about the appliance or the radio, not the air. */
const APPLIANCE_STATE: ReadonlySet<string> = new Set([
  'linkquality',
  'battery',
  'voltage',
  'fan_speed',
  'filter_age',
  'device_age',
  'brightness',
  'color_temp',
  'last_seen',
]);

/**
 * One gateway speaks for several appliances, and their readings must not mix: each gets its own `sensor`, made from its
 * name by hashing, because `sensor` is public and a friendly name may be a person's.
 */
function sensorOf(friendlyName: string): string {
  return `zigbee-${fingerprint(Buffer.from(friendlyName)).lo.toString(36)}`;
}

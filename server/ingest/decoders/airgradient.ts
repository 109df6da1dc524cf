import type { Quantity } from '../../domain/quantity.ts';
import { isRejection } from '../../domain/reading.ts';
import type { Decode } from './decoder.ts';
import { isJsonObject, type JsonObject, readJson } from './json.ts';
import { MessageDraft, valueTarget } from './messageDraft.ts';

/**
 * AirGradient's `airgradient/readings/<serial>` (airgradienthq/arduino, docs/local-server.md).
 *
 *   {"wifi": -46, "serialno": "ecda3b1eaaaf", "rco2": 447, "pm01": 3, "pm02": 7, "pm10": 8, "atmp": 25.87,
 *    "atmpCompensated": 24.47, "rhum": 43, "rhumCompensated": 49, "firmware": "3.1.3", "model": "I-9PSL"}
 *
 *   -> airgradient {pm1: 3, pm25: 7, pm10: 8, temperature: 25.87, humidity: 43}
 *        extra {rco2: 447, atmpcompensated: 24.47, rhumcompensated: 49}
 *      health {signal: -46, firmware: '3.1.3'}, claimed device airgradient-ecda3b1eaaaf
 *
 * `pm02` is PM2.5. Values are kept as measured; what the firmware corrected is an extra. A body with two channels has
 * their mean at the top; each channel's numbers are extras `channels_1_...`.
 */
export const decodeAirgradient: Decode = (payload) => {
  const parsed = readJson(payload);
  if (isRejection(parsed)) return parsed;
  const body = parsed.json;
  const draft = new MessageDraft();
  draft.putFirmware(body.firmware);
  fileMembers(draft, body, '');
  const { serialno } = body;
  return draft.finish('airgradient', {
    deviceId: typeof serialno === 'string' ? `airgradient-${serialno}` : undefined,
  });
};

const SENSOR = 'airgradient';
const QUANTITY_BY_NAME: ReadonlyMap<string, Quantity> = new Map([
  ['pm01', 'pm1'],
  ['pm02', 'pm25'],
  ['pm10', 'pm10'],
  ['atmp', 'temperature'],
  ['rhum', 'humidity'],
]);
/** Start counters: how long it runs, not what it measures. */
const IGNORED: ReadonlySet<string> = new Set(['boot', 'bootCount']);

function fileMembers(draft: MessageDraft, members: JsonObject, prefix: string): void {
  for (const [name, raw] of Object.entries(members)) {
    const field = prefix + name;
    const quantity = QUANTITY_BY_NAME.get(field);
    if (quantity !== undefined) draft.put(valueTarget(SENSOR, quantity), raw, field);
    else if (field === 'wifi') draft.put({ to: 'health', name: 'signal' }, raw, field);
    else if (typeof raw === 'number' && !IGNORED.has(field)) draft.putUnknown(SENSOR, field, raw);
    // Nesting is at most 8 deep (readJson), so this recursion is too.
    else if (isJsonObject(raw)) fileMembers(draft, raw, `${field}_`);
  }
}

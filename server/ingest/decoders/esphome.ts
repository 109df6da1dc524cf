import { isParticulate, type Quantity } from '../../domain/quantity.ts';
import { isRejection } from '../../domain/reading.ts';
import type { Decode } from './decoder.ts';
import { QUANTITY_BY_OBJECT, readObjectId } from './esphomeNames.ts';
import { readText } from './json.ts';
import { MessageDraft, UNKNOWN_SENSOR, valueTarget } from './messageDraft.ts';

/**
 * ESPHome's `<device>/sensor/<object_id>/state`: one number a topic.
 *
 *   balkon/sensor/pm_2_5/state 7.3                -> pm {pm25: 7.3}
 *   balkon/sensor/bme280_temperature/state 9.28   -> bme280 {temperature: 9.28}
 *   balkon/sensor/wifi_signal/state -61           -> health {signal: -61}
 *   balkon/sensor/formaldehyde/state 12           -> other extra {formaldehyde: 12}
 *   balkon/sensor/pm_2_5/state nan                -> refused pm_2_5 not-a-number
 *
 * Without an instrument's name in the object id the reading is filed under what it is (`pm`, `climate`, `noise`); the
 * station's declared model replaces that when only one fits.
 */
export const decodeEsphome: Decode = (payload, topic) => {
  const text = readText(payload);
  if (isRejection(text)) return text;
  const draft = new MessageDraft();
  fileState(draft, topic.object ?? '', text.trim());
  return draft.finish('esphome', { part: topic.object });
};

const SIGNAL_NAMES: ReadonlySet<string> = new Set(['wifi_signal', 'wifi_signal_strength', 'wifi_rssi', 'rssi']);

function fileState(draft: MessageDraft, objectId: string, state: string): void {
  const { sensor, rest } = readObjectId(objectId);
  const quantity = QUANTITY_BY_OBJECT.get(rest);
  if (quantity !== undefined) draft.put(valueTarget(sensor ?? unnamedSensor(quantity), quantity), state, objectId);
  else if (SIGNAL_NAMES.has(rest)) draft.put({ to: 'health', name: 'signal' }, state, objectId);
  else draft.putUnknown(sensor ?? UNKNOWN_SENSOR, rest, state, objectId);
}

function unnamedSensor(quantity: Quantity): string {
  if (isParticulate(quantity)) return 'pm';
  return quantity === 'noise' ? 'noise' : 'climate';
}

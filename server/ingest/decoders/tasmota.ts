import type { Quantity } from '../../domain/quantity.ts';
import { isRejection } from '../../domain/reading.ts';
import type { Decode } from './decoder.ts';
import { isJsonObject, type JsonObject, readJson } from './json.ts';
import { MessageDraft, UNKNOWN_SENSOR, valueTarget } from './messageDraft.ts';
import { replaceNanTokens } from './nanTokens.ts';
import { toNumber } from './number.ts';
import { QUANTITY_BY_NAME, tasmotaSensor } from './tasmotaNames.ts';
import { HECTOPASCAL_PER, roundConverted, toCelsius } from './units.ts';

/**
 * Tasmota's `tele/<device>/SENSOR`.
 *
 *   {"Time":"2023-05-21T01:06:38","BME280":{"Temperature":20.5,"Humidity":53.1,"DewPoint":10.6,"Pressure":977.0},
 *    "SDS0X1":{"PM2.5":11.8,"PM10":5.8},"PressureUnit":"hPa","TempUnit":"C"}
 *
 *   -> bme280 {temperature: 20.5, humidity: 53.1, pressure: 977} extra {dewpoint: 10.6}, sds011 {pm25: 11.8, pm10: 5.8}
 *
 * `Time` is local without an offset and is never used. Old builds print a bare `nan`, which is not JSON.
 */
export const decodeTasmota: Decode = (payload) => {
  const parsed = readJson(payload, replaceNanTokens);
  if (isRejection(parsed)) return parsed;
  const body = parsed.json;
  const draft = new MessageDraft();
  const units = { pressure: body.PressureUnit ?? 'hPa', temperature: body.TempUnit };
  for (const [name, part] of Object.entries(body)) {
    if (isJsonObject(part)) fileInstrument({ draft, units }, name, part);
    else if (Array.isArray(part)) fileArray({ draft, units }, name, part);
  }
  return draft.finish('tasmota');
};

interface Context {
  draft: MessageDraft;
  units: { pressure: unknown; temperature: unknown };
}

/** Two of a kind in one list: the order is the ordinal. */
function fileArray(context: Context, name: string, parts: readonly unknown[]): void {
  for (const [index, part] of parts.entries()) {
    if (isJsonObject(part)) fileInstrument(context, name, part, index + 1);
  }
}

function fileInstrument(context: Context, name: string, part: JsonObject, ordinal = 1): void {
  const sensor = tasmotaSensor(name, ordinal);
  for (const [key, raw] of Object.entries(part)) {
    const field = `${name}.${key}`;
    const quantity = QUANTITY_BY_NAME.get(key);
    if (sensor !== undefined && quantity !== undefined) {
      fileQuantity(context, { sensor, quantity, raw, field });
    } else if (typeof raw === 'number') {
      // Ids and names (`"Id":"01131B..."`) are text; only measured numbers are worth keeping.
      context.draft.putUnknown(sensor ?? UNKNOWN_SENSOR, sensor === undefined ? `${name}_${key}` : key, raw, field);
    }
  }
}

function fileQuantity(
  { draft, units }: Context,
  { sensor, quantity, raw, field }: { sensor: string; quantity: Quantity; raw: unknown; field: string },
): void {
  const value = toNumber(raw);
  const target = valueTarget(sensor, quantity);
  if (value !== undefined && quantity === 'pressure' && units.pressure !== 'hPa') {
    const factor = HECTOPASCAL_PER.get(units.pressure);
    if (factor === undefined) draft.refuse(field, 'unreadable');
    else draft.put(target, roundConverted(value * factor), field);
  } else if (value !== undefined && quantity === 'temperature' && units.temperature === 'F') {
    draft.put(target, roundConverted(toCelsius(value)), field);
  } else {
    draft.put(target, raw, field);
  }
}

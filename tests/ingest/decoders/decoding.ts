import { type DeviceMessage, isRejection, type MessageFormat } from '../../../server/domain/reading.ts';
import { decoders } from '../../../server/ingest/decoders/index.ts';

/** Decodes text that must be understood; `object` is the ESPHome object id or Zigbee2MQTT name. */
export function understood(format: MessageFormat, text: string, object?: string): DeviceMessage {
  const result = decoders[format](Buffer.from(text), object === undefined ? { format } : { format, object });
  if (isRejection(result)) throw new Error(`${result.reason}: ${result.detail}`);
  return result;
}

/** The reason why a payload is refused as a whole; `taken` when it is not. */
export function refusalOf(format: MessageFormat, payload: string | Uint8Array, object?: string): string {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const result = decoders[format](bytes, object === undefined ? { format } : { format, object });
  return isRejection(result) ? result.reason : 'taken';
}

/** An airRohr body with these value types, each value as the JSON given. */
export function airrohrBody(
  values: readonly (readonly [string, unknown])[],
  head: Record<string, unknown> = {},
): string {
  const sensordatavalues = values.map(([value_type, value]) => ({ value_type, value }));
  return JSON.stringify({ ...head, sensordatavalues });
}

/** `field reason` of every refused field. */
export function refusedOf({ refusedFields }: DeviceMessage): string[] {
  return refusedFields.map(({ field, reason }) => `${field} ${reason}`);
}

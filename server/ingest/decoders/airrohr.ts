import { isRejection, type Rejection, reject } from '../../domain/reading.ts';
import { readBody } from './airrohrBody.ts';
import { fileField } from './airrohrFields.ts';
import { TARGET_BY_NAME, TARGETS_BY_PIN } from './airrohrNames.ts';
import type { Decode } from './decoder.ts';
import { parseInfluxLine } from './influxLine.ts';
import { type JsonObject, readText } from './json.ts';
import { MAX_FIELDS, MessageDraft, tooManyFields } from './messageDraft.ts';
import { parseUtcTimestamp } from './timestamp.ts';

/**
 * The airRohr body, 2016 to today, with what our bridge may add in front (`timestamp`, `pin`).
 *
 *   {"esp8266id": "15303512", "software_version": "NRZ-2024-135", "sensordatavalues":[
 *     {"value_type":"SDS_P1","value":"12.43"},{"value_type":"SDS_P2","value":"7.87"},
 *     {"value_type":"BME280_pressure","value":"99655.97"},{"value_type":"BME280_humidity","value":"nan"},
 *     {"value_type":"signal","value":"-65"}]}
 *
 *   -> sensors   sds011 {pm10: 12.43, pm25: 7.87}, bme280 {pressure: 996.5597}
 *      health    {firmware: 'NRZ-2024-135', signal: -65}
 *      refused   BME280_humidity not-a-number
 *      claimed   device id 15303512, no time
 *
 * The firmware's InfluxDB target sends the same names as line protocol:
 *
 *   feinstaub,node=esp8266-15303512 SDS_P1=12.43,SDS_P2=7.87,signal=-65
 */
export const decodeAirrohr: Decode = (payload) => {
  const first = firstSign(payload);
  return first === 123 /* { */ || first === 91 /* [ */ ? decodeBody(payload) : decodeLine(payload);
};

/** The first byte that is no JSON white space; undefined when there is none. */
function firstSign(payload: Uint8Array): number | undefined {
  let at = 0;
  while (payload[at] === 32 || payload[at] === 10 || payload[at] === 13 || payload[at] === 9) at++;
  return payload[at];
}

function decodeBody(payload: Uint8Array) {
  const body = readBody(payload);
  if (isRejection(body)) return body;
  const { head, names, values } = body;
  if (names.length > MAX_FIELDS) return tooManyFields();
  const at = claimedTime(head.timestamp);
  if (isRejection(at)) return at;
  const draft = new MessageDraft();
  draft.putFirmware(head.software_version);
  const byPin = head.pin === undefined ? undefined : TARGETS_BY_PIN.get(Number(head.pin));
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (typeof name !== 'string') draft.refuse('sensordatavalues', 'unreadable');
    else fileField(draft, { name, raw: values[i], target: byPin?.get(name) ?? TARGET_BY_NAME.get(name), names });
  }
  const part = byPin === undefined ? undefined : `pin-${Number(head.pin)}`;
  return draft.finish('airrohr', { at, deviceId: chipId(head), part });
}

function decodeLine(payload: Uint8Array) {
  const text = readText(payload);
  if (isRejection(text)) return text;
  const line = parseInfluxLine(text);
  if (line === undefined) return reject('unreadable', 'The message is neither JSON nor a line of line protocol.');
  const draft = new MessageDraft();
  const names = line.fields.map(([name]) => name);
  for (const [name, raw] of line.fields) fileField(draft, { name, raw, target: TARGET_BY_NAME.get(name), names });
  // Nanoseconds do not fit a double; the milliseconds do.
  const at = line.timestamp === undefined ? undefined : Number(BigInt(line.timestamp) / 1_000_000n);
  return draft.finish('airrohr', { at, deviceId: line.tags.get('node') });
}

/** The payload's own time, undefined when it has none. */
function claimedTime(timestamp: unknown): number | Rejection | undefined {
  if (timestamp === undefined) return undefined;
  return parseUtcTimestamp(timestamp) ?? reject('time-unreadable', '"timestamp" is not an ISO 8601 time in UTC.');
}

/** The id in the body; absent up to firmware NRZ-2016 and in pushes to Sensor.Community. */
function chipId(body: JsonObject): string | undefined {
  const id = body.esp8266id;
  return id !== '' && (typeof id === 'string' || typeof id === 'number') ? String(id) : undefined;
}

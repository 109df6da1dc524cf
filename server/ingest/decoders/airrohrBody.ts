import { isRejection, type Rejection, reject } from '../../domain/reading.ts';
import { readPlainBody } from './airrohrPlainBody.ts';
import { MAX_PAYLOAD_BYTES } from './decoder.ts';
import { asBuffer, isJsonObject, type JsonObject, readJson } from './json.ts';

/** An airRohr body taken apart: what stands beside the list, and the list as two columns, nothing judged yet. */
export interface AirrohrBody {
  head: JsonObject;
  /** `value_type` of each entry; undefined where an entry has none. */
  names: readonly unknown[];
  values: readonly unknown[];
}

/** Reads a body of any form, or says why it is none. Its columns are good until the next body is read. */
export function readBody(payload: Uint8Array): AirrohrBody | Rejection {
  const plain = payload.byteLength > MAX_PAYLOAD_BYTES ? undefined : readPlainBody(asBuffer(payload));
  return plain ?? readAnyBody(payload);
}

function readAnyBody(payload: Uint8Array): AirrohrBody | Rejection {
  const parsed = readJson(payload);
  if (isRejection(parsed)) return parsed;
  const head = parsed.json;
  const list = head.sensordatavalues;
  if (!Array.isArray(list)) return reject('unreadable', 'The body has no list "sensordatavalues".');
  const entries = list.map((entry: unknown) => (isJsonObject(entry) ? entry : {}));
  return {
    head,
    names: entries.map((entry) => entry.value_type),
    values: entries.map((entry) => entry.value),
  };
}

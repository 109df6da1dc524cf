import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import { type Rejection, reject } from '../../domain/reading.ts';
import { MAX_PAYLOAD_BYTES } from './decoder.ts';

/** Deepest nesting of any firmware's message is 4 (an AirGradient body with two channels). */
const MAX_DEPTH = 8;

/** A JSON object as it came off the wire: nothing about its members is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The payload as text, or why it is none: over 16 KiB or not UTF-8. */
export function readText(payload: Uint8Array): string | Rejection {
  if (payload.byteLength > MAX_PAYLOAD_BYTES) {
    return reject('too-large', `The message has ${payload.byteLength} bytes; at most ${MAX_PAYLOAD_BYTES} are taken.`);
  }
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  // latin1 decodes ASCII with a plain copy; nearly every message is ASCII.
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) return reject('unreadable', 'The message is not UTF-8 text.');
  return bytes.toString('utf8');
}

/** The payload as a JSON object, or why it is none. `repair` may turn a known firmware's invalid JSON into valid. */
export function readJson(payload: Uint8Array, repair?: (text: string) => string): JsonObject | Rejection {
  const text = readText(payload);
  if (typeof text !== 'string') return text;
  if (isTooDeep(payload)) return reject('too-deep', `The message is nested deeper than ${MAX_DEPTH} levels.`);
  const value = parse(text) ?? (repair && parse(repair(text)));
  return isJsonObject(value) ? value : reject('unreadable', 'The message is not a JSON object.');
}

/** True for an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed text, or undefined when it is not JSON. A syntax error here is expected input, not a fault. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Counts brackets outside texts before anything is built from them: one pass, no recursion. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) isInText = !isInText;
    else if (isInText) i += byte === BACKSLASH ? 1 : 0;
    else if (byte === 123 /* { */ || byte === 91 /* [ */) {
      if (++depth > MAX_DEPTH) return true;
    } else if (byte === 125 /* } */ || byte === 93 /* ] */) depth--;
  }
  return false;
}

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
  const bytes = asBuffer(payload);
  // latin1 decodes ASCII with a plain copy; nearly every message is ASCII.
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) return reject('unreadable', 'The message is not UTF-8 text.');
  return bytes.toString('utf8');
}

/** The same bytes as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A JSON object, wrapped because its own members could make it look like a rejection. */
export interface ParsedJson {
  json: JsonObject;
}

/** The payload as a JSON object, or why it is none. `repair` may turn a known firmware's invalid JSON into valid. */
export function readJson(payload: Uint8Array, repair?: (text: string) => string): ParsedJson | Rejection {
  const text = readText(payload);
  return typeof text === 'string' ? parseJson(text, repair) : text;
}

/** The text as a JSON object, or why it is none: nested too deep, not JSON, not an object. */
function parseJson(text: string, repair?: (text: string) => string): ParsedJson | Rejection {
  if (isTooDeep(text)) return reject('too-deep', `The message is nested deeper than ${MAX_DEPTH} levels.`);
  const json = parseFlat(text) ?? (repair && parseFlat(repair(text)));
  return isJsonObject(json) ? { json } : reject('unreadable', 'The message is not a JSON object.');
}

/** True for an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The parsed text, or undefined when it is not JSON: a syntax error here is expected input, not a fault. For text whose
 * nesting is known to be harmless.
 */
export function parseFlat(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Counts brackets outside texts before anything is built from them: one pass, no recursion. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) isInText = !isInText;
    else if (isInText) i += code === BACKSLASH ? 1 : 0;
    else if (code === 123 /* { */ || code === 91 /* [ */) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 125 /* } */ || code === 93 /* ] */) depth--;
  }
  return false;
}

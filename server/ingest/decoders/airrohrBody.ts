import { isRejection, type Rejection, reject } from '../../domain/reading.ts';
import { TARGET_BY_NAME } from './airrohrNames.ts';
import { isJsonObject, type JsonObject, parseJson, readText } from './json.ts';
import { parseDecimal } from './number.ts';

/** An airRohr body taken apart: what stands beside the list, and the list as two columns, nothing judged yet. */
export interface AirrohrBody {
  head: JsonObject;
  /** `value_type` of each entry; undefined where an entry has none. */
  names: readonly unknown[];
  values: readonly unknown[];
}

/** Reads a body of any form, or says why it is none. */
export function readBody(payload: Uint8Array): AirrohrBody | Rejection {
  const text = readText(payload);
  if (typeof text !== 'string') return text;
  return readPlainBody(text) ?? readAnyBody(text);
}

function readAnyBody(text: string): AirrohrBody | Rejection {
  const parsed = parseJson(text);
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

/** Text in quotes as JSON takes it, without escapes. */
const TEXT = String.raw`"([ !#-[\]-\uffff]*)"`;
const HEAD = new RegExp(
  String.raw`\{(?:"esp8266id": ?${TEXT}, ?)?"software_version": ?${TEXT}, ?"sensordatavalues":\[`,
  'y',
);
const TAIL = /\}[ \t\r\n]*$/y;

const ENTRY = '{"value_type":"';
const VALUE = '","value":"';
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const CLOSING_BRACE = 125;

/** A value type we know, with all that stands in front of its value. */
interface KnownEntry {
  name: string;
  start: string;
  /** The entry that came behind it last time, in whatever message: it mostly does again. */
  next: KnownEntry | undefined;
}

const ENTRIES: ReadonlyMap<string, KnownEntry> = new Map(
  [...TARGET_BY_NAME.keys()].map((name) => [name, { name, start: ENTRY + name + VALUE, next: undefined }]),
);
/** In front of the first entry of a message. */
const LIST_START: KnownEntry = { name: '', start: '', next: undefined };

/**
 * The same as `readAnyBody` for a body exactly as the firmware prints it (`add_Value2Json` in `utils.cpp`: every value a
 * text, no blank, no escape), in a fifth of the time and leaving little behind: it is nearly all of the traffic. Plain
 * decimals come as numbers. Undefined for any other form.
 */
export function readPlainBody(text: string): AirrohrBody | undefined {
  HEAD.lastIndex = 0;
  const start = HEAD.exec(text);
  if (start === null) return undefined;
  const names: string[] = [];
  const values: (number | string)[] = [];
  let at = HEAD.lastIndex;
  let before = LIST_START;
  for (let sign = COMMA; sign === COMMA; ) {
    const entry = entryAt(text, at, before.next);
    if (entry === undefined) return undefined;
    before.next = entry;
    const value = at + entry.start.length;
    const valueEnd = endOfText(text, value);
    if (valueEnd < 0 || text.charCodeAt(valueEnd + 1) !== CLOSING_BRACE) return undefined;
    names.push(entry.name);
    values.push(parseDecimal(text, value, valueEnd) ?? text.slice(value, valueEnd));
    sign = text.charCodeAt(valueEnd + 2);
    if (sign !== COMMA && sign !== CLOSING_BRACKET) return undefined;
    at = valueEnd + 3;
    before = entry;
  }
  TAIL.lastIndex = at;
  if (!TAIL.test(text)) return undefined;
  return { head: { esp8266id: start[1], software_version: start[2] }, names, values };
}

/** The entry that begins at `at`, `guess` looked at first; undefined for one we do not know. */
function entryAt(text: string, at: number, guess: KnownEntry | undefined): KnownEntry | undefined {
  if (guess !== undefined && text.startsWith(guess.start, at)) return guess;
  const name = at + ENTRY.length;
  const known = ENTRIES.get(text.slice(name, text.indexOf('"', name)));
  return known !== undefined && text.startsWith(known.start, at) ? known : undefined;
}

/** Where the quote is that ends the text begun before `from`; -1 when none does or the text is not a plain one. */
function endOfText(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code < BLANK || code === BACKSLASH) return -1;
  }
  return -1;
}

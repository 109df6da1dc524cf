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

const ID = '{"esp8266id":';
const VERSION = '"software_version":';
const LIST = '"sensordatavalues":[';
const TAIL = /\}[ \t\r\n]*$/y;

const ENTRY = '{"value_type":"';
const VALUE = '","value":"';
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const OPENING_BRACE = 123;
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

/** The columns of the body read last. */
const names: string[] = [];
const values: (number | string)[] = [];

/**
 * The same as `readAnyBody` for a body exactly as the firmware prints it (`add_Value2Json` in `utils.cpp`: every value a
 * text, no blank, no escape), in a fifth of the time and leaving little behind: it is nearly all of the traffic. Plain
 * decimals come as numbers. Undefined for any other form. Its columns are those of the next body once that is read.
 */
export function readPlainBody(text: string): AirrohrBody | undefined {
  const head = { esp8266id: undefined as string | undefined, software_version: undefined as string | undefined };
  let at = text.startsWith(ID) ? behindField(text, ID, 0) : 1;
  if (at > 1) head.esp8266id = lastText(text);
  else if (at < 0 || text.charCodeAt(0) !== OPENING_BRACE) return undefined;
  if (!text.startsWith(VERSION, at)) return undefined;
  at = behindField(text, VERSION, at);
  if (at < 0 || !text.startsWith(LIST, at)) return undefined;
  head.software_version = lastText(text);
  at += LIST.length;
  let count = 0;
  let before = LIST_START;
  for (let sign = COMMA; sign === COMMA; ) {
    const entry = entryAt(text, at, before.next);
    if (entry === undefined) return undefined;
    before.next = entry;
    const value = at + entry.start.length;
    const valueEnd = endOfText(text, value);
    if (valueEnd < 0 || text.charCodeAt(valueEnd + 1) !== CLOSING_BRACE) return undefined;
    names[count] = entry.name;
    values[count++] = parseDecimal(text, value, valueEnd) ?? text.slice(value, valueEnd);
    sign = text.charCodeAt(valueEnd + 2);
    if (sign !== COMMA && sign !== CLOSING_BRACKET) return undefined;
    at = valueEnd + 3;
    before = entry;
  }
  // Cut, not emptied: an emptied array lets go of its memory.
  names.length = count;
  values.length = count;
  TAIL.lastIndex = at;
  if (!TAIL.test(text)) return undefined;
  return { head, names, values };
}

/** Where the text lies that `behindField` passed last. */
let textFrom = 0;
let textTo = 0;

function lastText(text: string): string {
  return text.slice(textFrom, textTo);
}

/** Where it goes on behind the field of that key at `at`, its text and the comma, each with a blank or none; -1 when that is not there. */
function behindField(text: string, key: string, at: number): number {
  const quote = behindBlank(text, at + key.length);
  if (text.charCodeAt(quote) !== QUOTE) return -1;
  textFrom = quote + 1;
  textTo = endOfText(text, textFrom);
  return textTo < 0 || text.charCodeAt(textTo + 1) !== COMMA ? -1 : behindBlank(text, textTo + 2);
}

function behindBlank(text: string, at: number): number {
  return text.charCodeAt(at) === BLANK ? at + 1 : at;
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

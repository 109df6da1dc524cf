import { Buffer } from 'node:buffer';
import type { AirrohrBody } from './airrohrBody.ts';
import { TARGET_BY_NAME } from './airrohrNames.ts';
import { parseDecimal, parsePlainDecimal } from './number.ts';

const ID = Buffer.from('{"esp8266id":');
const VERSION = Buffer.from('"software_version":');
const LIST = Buffer.from('"sensordatavalues":[');
const ENTRY = '{"value_type":"';
const VALUE = '","value":"';

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const CLOSING_BRACKET = 93;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;
/** Beyond it a byte is no ASCII character. */
const LAST_ASCII = 127;

/** A value type we know, with all the bytes that stand in front of its value. */
interface KnownEntry {
  name: string;
  start: Uint8Array;
  /** The entry that came behind it last time, in whatever message: it mostly does again. */
  next: KnownEntry | undefined;
}

const ENTRIES: ReadonlyMap<string, KnownEntry> = new Map(
  [...TARGET_BY_NAME.keys()].map((name) => [name, { name, start: Buffer.from(ENTRY + name + VALUE), next: undefined }]),
);
/** In front of the first entry of a message. */
const LIST_START: KnownEntry = { name: '', start: Buffer.alloc(0), next: undefined };

/** The columns of the body read last. */
const names: string[] = [];
const values: (number | string)[] = [];
/** Where the text lies that `behindField` passed last. */
let textFrom = 0;
let textTo = 0;

/**
 * The same as the general way for a body exactly as the firmware prints it (`add_Value2Json` in `utils.cpp`: every value
 * a text, no blank, no escape), in a tenth of the time and leaving little behind: it is nearly all of the traffic. It
 * reads the bytes, so that no text is made of them. Plain decimals come as numbers. Undefined for any other form. The
 * columns are those of the next body once that is read.
 */
export function readPlainBody(bytes: Buffer): AirrohrBody | undefined {
  const head = { esp8266id: undefined as string | undefined, software_version: undefined as string | undefined };
  let at = 1;
  if (holds(bytes, 0, ID)) {
    at = behindField(bytes, ID.length);
    if (at < 0) return undefined;
    head.esp8266id = bytes.toString('latin1', textFrom, textTo);
  }
  if (bytes[0] !== OPENING_BRACE || !holds(bytes, at, VERSION)) return undefined;
  at = behindField(bytes, at + VERSION.length);
  if (at < 0 || !holds(bytes, at, LIST)) return undefined;
  head.software_version = bytes.toString('latin1', textFrom, textTo);
  const end = readList(bytes, at + LIST.length);
  return end < 0 || bytes[end] !== CLOSING_BRACE || !isBlankFrom(bytes, end + 1) ? undefined : { head, names, values };
}

/** Fills the columns from the list whose first entry begins at `from`; where it ends, or -1 for one of another form. */
function readList(bytes: Buffer, from: number): number {
  let count = 0;
  let before = LIST_START;
  for (let at = from; ; ) {
    const entry = entryAt(bytes, at, before.next);
    if (entry === undefined) return -1;
    before.next = entry;
    before = entry;
    const value = at + entry.start.length;
    const valueEnd = endOfText(bytes, value);
    if (valueEnd < 0 || bytes[valueEnd + 1] !== CLOSING_BRACE) return -1;
    names[count] = entry.name;
    values[count++] =
      parsePlainDecimal(bytes, value, valueEnd) ?? numberOrText(bytes.toString('latin1', value, valueEnd));
    at = valueEnd + 3;
    const sign = bytes[valueEnd + 2];
    if (sign === COMMA) continue;
    // Cut, not emptied: an emptied array lets go of its memory.
    names.length = count;
    values.length = count;
    return sign === CLOSING_BRACKET ? at : -1;
  }
}

function numberOrText(text: string): number | string {
  return parseDecimal(text) ?? text;
}

/** The entry that begins at `at`, `guess` looked at first; undefined for one we do not know. */
function entryAt(bytes: Buffer, at: number, guess: KnownEntry | undefined): KnownEntry | undefined {
  if (guess !== undefined && holds(bytes, at, guess.start)) return guess;
  const name = at + ENTRY.length;
  const nameEnd = endOfText(bytes, name);
  const known = nameEnd < 0 ? undefined : ENTRIES.get(bytes.toString('latin1', name, nameEnd));
  return known !== undefined && holds(bytes, at, known.start) ? known : undefined;
}

/** True when `part` stands at `at`. */
function holds(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  if (at + part.length > bytes.length) return false;
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false;
  return true;
}

/** Where it goes on behind the text in quotes at `at` and its comma, each with a blank in front or none; -1 when that is not there. */
function behindField(bytes: Uint8Array, at: number): number {
  const quote = behindBlank(bytes, at);
  if (bytes[quote] !== QUOTE) return -1;
  textFrom = quote + 1;
  textTo = endOfText(bytes, textFrom);
  return textTo < 0 || bytes[textTo + 1] !== COMMA ? -1 : behindBlank(bytes, textTo + 2);
}

function behindBlank(bytes: Uint8Array, at: number): number {
  return bytes[at] === BLANK ? at + 1 : at;
}

/** Where the quote is that ends the text begun before `from`; -1 when none does or the text is not a plain one. */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte < BLANK || byte === BACKSLASH || byte > LAST_ASCII) return -1;
  }
  return -1;
}

function isBlankFrom(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== BLANK && byte !== NEWLINE && byte !== RETURN && byte !== TAB) return false;
  }
  return true;
}

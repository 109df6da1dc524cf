import { isRejection, type Rejection, reject } from '../../domain/reading.ts';
import { TARGET_BY_NAME } from './airrohrNames.ts';
import { isJsonObject, type JsonObject, parseJson, readText } from './json.ts';
import { KnownTexts } from './knownTexts.ts';
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

/** Names of value types as one text each, however many messages carry them. */
const NAMES = new KnownTexts([...TARGET_BY_NAME.keys()]);

/**
 * The same as `readAnyBody` for a body exactly as the firmware prints it (`add_Value2Json` in `utils.cpp`: every value a
 * text, no blank, no escape), in a quarter of the time and leaving little behind: it is nearly all of the traffic. Plain
 * decimals come as numbers. Undefined for any other form.
 */
export function readPlainBody(text: string): AirrohrBody | undefined {
  HEAD.lastIndex = 0;
  const start = HEAD.exec(text);
  if (start === null) return undefined;
  const names: string[] = [];
  const values: (number | string)[] = [];
  let at = HEAD.lastIndex;
  for (let sign = COMMA; sign === COMMA; ) {
    const name = at + ENTRY.length;
    const nameEnd = text.startsWith(ENTRY, at) ? endOfText(text, name) : -1;
    const value = nameEnd + VALUE.length;
    const valueEnd = nameEnd >= 0 && text.startsWith(VALUE, nameEnd) ? endOfText(text, value) : -1;
    if (valueEnd < 0 || text.charCodeAt(valueEnd + 1) !== CLOSING_BRACE) return undefined;
    names.push(NAMES.at(text, name, nameEnd));
    values.push(parseDecimal(text, value, valueEnd) ?? text.slice(value, valueEnd));
    sign = text.charCodeAt(valueEnd + 2);
    if (sign !== COMMA && sign !== CLOSING_BRACKET) return undefined;
    at = valueEnd + 3;
  }
  TAIL.lastIndex = at;
  if (!TAIL.test(text)) return undefined;
  return { head: { esp8266id: start[1], software_version: start[2] }, names, values };
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

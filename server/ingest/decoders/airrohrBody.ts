import { isRejection, type Rejection, reject } from '../../domain/reading.ts';
import { isJsonObject, type JsonObject, parseFlat, parseJson, readText } from './json.ts';

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

const LIST = '"sensordatavalues":[';
const NAME = '{"value_type":"';
const VALUE = '","value":"';
const END = '"}';
const TAIL = /^\]\}[ \t\r\n]*$/;

/**
 * The same as `readAnyBody` for a body exactly as the firmware prints it (`add_Value2Json` in `utils.cpp`: every value a
 * text, no blank, no escape), in half the time: it is nearly all of the traffic. Undefined for any other form.
 */
export function readPlainBody(text: string): AirrohrBody | undefined {
  const listAt = text.indexOf(LIST);
  let at = listAt + LIST.length;
  // One `[` and no `{` before the entries: the head is flat, so its nesting needs no check.
  if (listAt < 0 || text.indexOf('[') !== at - 1 || text.indexOf('{', 1) !== at || text.includes('\\'))
    return undefined;
  const names: string[] = [];
  const values: string[] = [];
  do {
    if (!isAt(text, at, NAME)) return undefined;
    const nameEnd = endOfText(text, at + NAME.length);
    if (!isAt(text, nameEnd, VALUE)) return undefined;
    const valueEnd = endOfText(text, nameEnd + VALUE.length);
    if (!isAt(text, valueEnd, END)) return undefined;
    names.push(text.slice(at + NAME.length, nameEnd));
    values.push(text.slice(nameEnd + VALUE.length, valueEnd));
    at = valueEnd + END.length + 1;
  } while (text.charCodeAt(at - 1) === COMMA);
  if (!TAIL.test(text.slice(at - 1))) return undefined;
  const head = parseFlat(`${text.slice(0, listAt)}"list":0}`);
  return isJsonObject(head) ? { head, names, values } : undefined;
}

const QUOTE = 34;
const COMMA = 44;
const FIRST_PRINTABLE = 32;

function isAt(text: string, at: number, expected: string): boolean {
  for (let i = 0; i < expected.length; i++) {
    if (text.charCodeAt(at + i) !== expected.charCodeAt(i)) return false;
  }
  return true;
}

/** Where the text starting at `from` is closed; at a control character, which JSON does not take there, or the end. */
function endOfText(text: string, from: number): number {
  let i = from;
  for (let code = text.charCodeAt(i); code >= FIRST_PRINTABLE && code !== QUOTE; code = text.charCodeAt(++i));
  return i;
}

import { isRejection, type Rejection, reject } from '../../domain/reading.ts';
import { isJsonObject, type JsonObject, parseJson, readText } from './json.ts';

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
const ENTRY = new RegExp(String.raw`\{"value_type":${TEXT},"value":${TEXT}\}([,\]])`, 'y');
const TAIL = /\}[ \t\r\n]*$/y;

/**
 * The same as `readAnyBody` for a body exactly as the firmware prints it (`add_Value2Json` in `utils.cpp`: every value a
 * text, no blank, no escape), in a quarter of the time: it is nearly all of the traffic. Undefined for any other form.
 */
export function readPlainBody(text: string): AirrohrBody | undefined {
  const start = matchAt(HEAD, text, 0);
  if (start === null) return undefined;
  const [, id, version] = start;
  const names: string[] = [];
  const values: string[] = [];
  let at = HEAD.lastIndex;
  for (let end = ','; end === ','; at = ENTRY.lastIndex) {
    const entry = matchAt(ENTRY, text, at);
    if (entry === null) return undefined;
    names.push(entry[1]!);
    values.push(entry[2]!);
    end = entry[3]!;
  }
  if (matchAt(TAIL, text, at) === null) return undefined;
  return { head: { esp8266id: id, software_version: version }, names, values };
}

/** What `pattern`, a sticky one, matches right at `at`; its `lastIndex` is the place behind it. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

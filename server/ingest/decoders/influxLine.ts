/** A tag or field. */
type Pair = readonly [name: string, value: string];

/** One line of InfluxDB line protocol, taken apart; values are still text. */
export interface InfluxLine {
  measurement: string;
  tags: ReadonlyMap<string, string>;
  /** In the order sent. A quoted value comes without its quotes. */
  fields: readonly Pair[];
  /** Nanoseconds since the epoch, as sent. */
  timestamp?: string;
}

/**
 * Takes one line apart: `feinstaub,node=esp8266-15303512 SDS_P1=12.43,BME280_humidity="nan" 1541442600000000000`.
 * Undefined when it is not one line of line protocol. Rules: InfluxDB 1.x/2.x line protocol reference, with `\,` `\=`
 * `\ ` escapes in names and `\"` `\\` in quoted values. Any trailing newline is cut.
 */
export function parseInfluxLine(text: string): InfluxLine | undefined {
  const line = text.replace(/[\r\n]+$/, '');
  if (line.includes('\n')) return undefined;
  const [series, fieldSet, timestamp, ...rest] = splitOutside(line, ' ');
  if (!series || !fieldSet || rest.length > 0) return undefined;
  if (timestamp !== undefined && !/^-?\d{1,20}$/.test(timestamp)) return undefined;
  const [measurement, ...tagTexts] = splitOutside(series, ',');
  const tags = splitPairs(tagTexts);
  const fields = splitPairs(splitOutside(fieldSet, ','));
  if (!measurement || !tags || !fields) return undefined;
  return {
    measurement: unescapeText(measurement),
    tags: new Map(tags),
    fields: fields.map(([name, value]) => [name, fieldText(value)] as const),
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

/** Splits at `separator` where it is neither escaped nor inside double quotes. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\\') i++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Every text as name and value, or undefined when one is not of the form `name=value`. */
function splitPairs(texts: readonly string[]): Pair[] | undefined {
  const pairs: Pair[] = [];
  for (const text of texts) {
    const [name, value, ...rest] = splitOutside(text, '=');
    if (!name || !value || rest.length > 0) return undefined;
    pairs.push([unescapeText(name), unescapeText(value)]);
  }
  return pairs;
}

function unescapeText(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(.)/g, '$1') : text;
}

/** A field's value without quotes or the `i` / `u` of integers. */
function fieldText(value: string): string {
  if (value.length >= 2 && value.startsWith('"') && value.endsWith('"')) return value.slice(1, -1);
  return /^-?\d+[iu]$/.test(value) ? value.slice(0, -1) : value;
}

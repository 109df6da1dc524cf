import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Rows of a CSV file, gunzipped where it is compressed, as objects by column. No field of these files holds a delimiter. */
export function readCsv(path, delimiter = ',') {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const fields = (line) => line.split(delimiter).map((field) => field.replace(/^"(.*)"$/, '$1'));
  const columns = fields(head);
  return lines.map((line) => Object.fromEntries(fields(line).map((field, at) => [columns[at], field])));
}

/** The number in a field; undefined for none. */
export function numberIn(text) {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** To as many digits, for a file that people read. */
export function rounded(value, digits = 3) {
  return value === undefined ? null : Number(value.toFixed(digits));
}

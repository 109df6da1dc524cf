import { HOUR_MS } from '../../domain/durations.ts';
import { isoInstant } from '../../domain/isoInstant.ts';
import {
  emptyReferenceFile,
  officialNumber,
  type ReferenceFile,
  type ReferenceReason,
  type ReferenceValue,
} from './referenceFile.ts';

type Target = Pick<ReferenceValue, 'quantity' | 'span'>;
const TARGETS: Readonly<Record<string, Target>> = {
  pm25: { quantity: 'pm25', span: '1h' },
  pm10: { quantity: 'pm10', span: '1h' },
  pm25_24h: { quantity: 'pm25', span: '24h' },
  pm10_24h: { quantity: 'pm10', span: '24h' },
};

/**
 * Plain CSV with commas or semicolons. Columns: `start` (ISO 8601 with Z or an offset, the window's beginning) or
 * `end`, at will `station`, and `pm25`, `pm10` (hourly means) or `pm25_24h`, `pm10_24h` (daily means), µg/m³.
 *
 *   start,pm25,pm10
 *   2024-01-01T00:00:00Z,11.2,18
 */
export function readReferenceCsv(text: string): ReferenceFile {
  const file = emptyReferenceFile();
  const [head = '', ...lines] = text.split(/\r?\n/);
  const delimiter = head.includes(';') ? ';' : ',';
  const columns = fieldsOf(head, delimiter);
  for (const [at, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    file.rows++;
    readLine(fieldsOf(line, delimiter), columns, { file, line: at + 2 });
  }
  return file;
}

/** True for the first line of such a file. */
export function isReferenceCsv(firstLine: string): boolean {
  const columns = fieldsOf(firstLine, firstLine.includes(';') ? ';' : ',');
  return (
    columns.some((column) => column === 'start' || column === 'end') && columns.some((column) => column in TARGETS)
  );
}

function fieldsOf(line: string, delimiter: string): string[] {
  return line.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
}

function readLine(
  fields: readonly string[],
  columns: readonly string[],
  { file, line }: { file: ReferenceFile; line: number },
) {
  const refuse = (reason: ReferenceReason, detail: string) => void file.refused.push({ reason, line, detail });
  if (fields.length !== columns.length) return refuse('wrong-field-count', fields.join(',').slice(0, 60));
  const of = (name: string) => fields[columns.indexOf(name)] ?? '';
  const label = columns.includes('start') ? of('start') : of('end');
  const at = /(Z|[+-]\d\d:\d\d)$/.test(label) ? isoInstant(label) : Number.NaN;
  if (Number.isNaN(at)) return refuse('time-unreadable', label);
  for (const [place, column] of columns.entries()) {
    const target = TARGETS[column];
    const value = target && officialNumber(fields[place]!);
    if (target === undefined || value === undefined) continue;
    const width = target.span === '1h' ? HOUR_MS : 24 * HOUR_MS;
    const start = columns.includes('start') ? at : at - width;
    if (typeof value === 'string') refuse(value, fields[place]!);
    else file.values.push({ code: of('station'), ...target, start, value });
  }
}

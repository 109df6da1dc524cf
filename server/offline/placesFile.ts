import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { StartError } from '../process/startError.ts';
import { PLACE_KINDS, type Place, PlaceIndex, type PlaceKind } from './placeIndex.ts';

/** The operator's places, ready to be searched. */
export interface Places {
  search(query: string, limit: number): Place[];
  /** Whose data it is; empty when the file does not say. */
  credit: string;
  count: number;
}

/** Most places kept: a large federal state. */
const MAX_PLACES = 500_000;
const COLUMNS = ['name', 'kind', 'lat', 'lon', 'context', 'postcode'] as const;
const NEEDED = ['name', 'lat', 'lon'] as const;
const MAX_NAME = 80;

/**
 * Reads places as tab- or comma-separated text (docs/maps.md): comment lines `# credit: ...` first, then the names of the
 * columns, then a place a line.
 * @throws StartError with one line that says what is wrong and what helps.
 */
export async function readPlacesFile(path: string): Promise<Places> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  const places: Place[] = [];
  let credit = '';
  let table: Table | undefined;
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
      if (text.startsWith('#')) credit = /^#\s*credit:\s*(.+)$/i.exec(text)?.[1]?.trim() ?? credit;
      else if (text.trim() === '') continue;
      else if (table === undefined) table = tableOf(path, text);
      else places.push(placeOf(table, text, `PLACES_FILE ${path}, line ${number}`));
      if (places.length > MAX_PLACES) throw new StartError(`PLACES_FILE ${path} has over ${MAX_PLACES} places.`);
    }
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new StartError(`PLACES_FILE ${path} cannot be read (${code ?? message}).`, { cause });
  }
  if (places.length === 0) throw new StartError(`PLACES_FILE ${path} holds no place (see docs/maps.md).`);
  const index = new PlaceIndex(places);
  return { search: (query, limit) => index.search(query, limit), credit, count: places.length };
}

interface Table {
  separator: string;
  columns: Partial<Record<(typeof COLUMNS)[number], number>>;
}

function tableOf(path: string, header: string): Table {
  const separator = header.includes('\t') ? '\t' : header.includes(';') ? ';' : ',';
  const names = fieldsOf(header, separator).map((name) => name.trim().toLowerCase());
  const columns = Object.fromEntries(
    COLUMNS.flatMap((name) => (names.includes(name) ? [[name, names.indexOf(name)]] : [])),
  );
  const missing = NEEDED.filter((name) => columns[name] === undefined);
  if (missing.length > 0) {
    throw new StartError(
      `PLACES_FILE ${path} lacks the columns ${missing.join(', ')} in its first line (see docs/maps.md).`,
    );
  }
  return { separator, columns };
}

function placeOf({ separator, columns }: Table, line: string, where: string): Place {
  const fields = fieldsOf(line, separator);
  const field = (name: (typeof COLUMNS)[number]) => fields[columns[name] ?? -1]?.trim() ?? '';
  const name = field('name').slice(0, MAX_NAME);
  const [lat, lon] = [coordinate(field('lat'), 90), coordinate(field('lon'), 180)];
  if (name === '' || lat === undefined || lon === undefined) {
    throw new StartError(`${where}: a place needs a name, and lat and lon in degrees.`);
  }
  const context = field('context').slice(0, MAX_NAME);
  const postcode = field('postcode').slice(0, 12);
  return { name, kind: kindOf(field('kind')), lat, lon, ...(context && { context }), ...(postcode && { postcode }) };
}

function kindOf(text: string): PlaceKind {
  return PLACE_KINDS.find((kind) => kind === text) ?? 'other';
}

function coordinate(text: string, most: number): number | undefined {
  const value = text === '' ? Number.NaN : Number(text);
  return Math.abs(value) <= most ? value : undefined;
}

/** Fields of a line; a comma-separated one may quote them (RFC 4180, without line breaks inside). */
function fieldsOf(line: string, separator: string): string[] {
  if (separator === '\t' || !line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  const pattern = new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}]*))`, 'g');
  for (const [, quoted, plain] of line.matchAll(pattern)) fields.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  return fields;
}

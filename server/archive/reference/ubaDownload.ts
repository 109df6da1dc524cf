import { DAY_MS, HOUR_MS } from '../../domain/durations.ts';
import { LocalHours } from './localHours.ts';
import {
  emptyReferenceFile,
  officialNumber,
  type ReferenceFile,
  type ReferenceQuantity,
  type ReferenceReason,
  type ReferenceValue,
} from './referenceFile.ts';

/** Official days begin at midnight of UTC+1 all year. */
const DAY_OFFSET_MS = HOUR_MS;

interface Column {
  quantity: ReferenceQuantity;
  /** A 24-hour mean made anew each hour. */
  isGliding: boolean;
}

/**
 * The download format of the Umweltbundesamt ("Luftqualitätsdaten", CSV), German or English:
 *
 *   "Station code";Date;"Particulate matter (PM₁₀) Daily average (hourly floating) in µg/m³";...;"Air quality index"
 *   DENW095;"'2020-01-01 01:00'";41;...
 *   -> 24-hour mean of PM10 that ends at 2020-01-01 01:00 local time: gliding, so only the one that ends a day is taken
 *
 * Times are wall clock times of Germany and name the end of the hour (`24:00` is midnight): the label is the hour's
 * beginning plus one hour, so the hour that is skipped in March is missing and the one in October comes twice.
 */
export function readUbaDownload(text: string): ReferenceFile {
  const file = emptyReferenceFile();
  const hours = new LocalHours();
  let columns: (Column | undefined)[] | undefined;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    // The last line names the source; it is no row.
    if (at > 0 && line.startsWith('"') && !line.includes(';')) file.notes.push(line.replaceAll('"', ''));
    else if (line !== '') {
      const fields = line.split(';').map((field) => field.replace(/^"(.*)"$/, '$1'));
      if (columns === undefined) columns = fields.map(columnOf);
      else readLine(fields, columns, { file, hours, line: at + 1 });
    }
  }
  return file;
}

/** True for the first line of such a file. */
export function isUbaDownload(firstLine: string): boolean {
  return /^"?(Station code|Stationscode)"?;"?(Date|Datum)"?;/.test(firstLine);
}

function columnOf(head: string): Column | undefined {
  // Digits are subscripts in the file: PM₁₀, PM₂,₅.
  const plain = head.replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
  const quantity = /PM10/.test(plain) ? 'pm10' : /PM2[,.]?5/.test(plain) ? 'pm25' : undefined;
  if (quantity === undefined) return undefined;
  return { quantity, isGliding: /floating|gleitend/i.test(plain) };
}

interface Place {
  file: ReferenceFile;
  hours: LocalHours;
  line: number;
}

function readLine(fields: readonly string[], columns: readonly (Column | undefined)[], place: Place) {
  const { file, hours, line } = place;
  file.rows++;
  const refuse = (reason: ReferenceReason, detail: string) => void file.refused.push({ reason, line, detail });
  if (fields.length !== columns.length) return refuse('wrong-field-count', fields.join(';').slice(0, 60));
  const [code = '', time = ''] = fields;
  const wall = wallTime(time);
  if (wall === undefined) return refuse('time-unreadable', time);
  const start = hours.instantOf(wall - HOUR_MS);
  if (start === undefined) return refuse('no-such-hour', time);
  for (const [at, column] of columns.entries()) {
    const value = column && officialNumber(fields[at]!);
    if (column === undefined || value === undefined) continue;
    const window = windowOf(start, column);
    if (typeof value === 'string') refuse(value, fields[at]!);
    else if (window === undefined) refuse('gliding-mean', time);
    else file.values.push({ code, quantity: column.quantity, value, ...window });
  }
}

/** The window of a value in the line of the hour that begins at `start`; undefined when it is neither hour nor day. */
function windowOf(start: number, { isGliding }: Column): Pick<ReferenceValue, 'span' | 'start'> | undefined {
  if (!isGliding) return { span: '1h', start };
  const dayStart = start + HOUR_MS - DAY_MS;
  return (dayStart + DAY_OFFSET_MS) % DAY_MS === 0 ? { span: '24h', start: dayStart } : undefined;
}

/** `'2020-01-01 24:00'` on the wall clock. */
function wallTime(text: string): number | undefined {
  const match = /^'?(\d{4})-(\d\d)-(\d\d) (\d\d):00'?$/.exec(text.trim());
  if (!match) return undefined;
  const [year, month, day, hour] = match.slice(1).map(Number) as [number, number, number, number];
  return hour > 24 ? undefined : Date.UTC(year, month - 1, day, hour);
}

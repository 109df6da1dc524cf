import { basename } from 'node:path';
import { HEAD_COLUMNS } from './archiveColumns.ts';
import { ArchiveCsvParser } from './archiveCsv.ts';
import type { ArchiveParser } from './archiveRow.ts';
import { MAX_COLUMNS } from './fields.ts';
import { MadaviCsvParser } from './madaviCsv.ts';
import { PushLogParser } from './pushLog.ts';

/** A parser, and whether the first line was its header. */
export interface ChosenFormat {
  parser: ArchiveParser;
  isHeader: boolean;
}

/** The format a file is in, told by its first line alone; undefined for one we do not know. */
export function formatOf(firstLine: string, path: string): ChosenFormat | undefined {
  if (/^,?\{"/.test(firstLine)) return { parser: new PushLogParser(), isHeader: false };
  const delimiter = firstLine.includes(';') ? ';' : ',';
  const columns = firstLine.split(delimiter).map((column) => column.replaceAll('"', '').trim());
  if (columns.length > MAX_COLUMNS) return undefined;
  const fileName = basename(path);
  if (HEAD_COLUMNS.every((column, i) => columns[i] === column)) {
    const isIndoor = /_indoor\.csv(\.gz)?$/i.test(fileName);
    return { parser: new ArchiveCsvParser(columns, delimiter, isIndoor), isHeader: true };
  }
  const isMadavi = columns[0] === 'Time' && columns.includes('SDS_P1');
  return isMadavi ? { parser: new MadaviCsvParser(columns, fileName), isHeader: true } : undefined;
}

import type { ImportReason } from './archiveRow.ts';
import type { SensorMove } from './stationPlaces.ts';

/** What a refusal is about: a whole file, a row, or one field of a row that is otherwise taken. */
export type RefusedPart = 'file' | 'row' | 'field';

/** One kind of refusal, with where it was met first. */
export interface RefusalCount {
  part: RefusedPart;
  reason: ImportReason;
  count: number;
  examples: { file: string; line: number; detail: string }[];
}

/** What became of an import. */
export interface ImportReport {
  isDryRun: boolean;
  /** True when it was stopped before the end; what was read until then is stored. */
  isStopped: boolean;
  files: { read: number; done: number; refused: number };
  /** Data lines read. Each is stored, a duplicate, a conflict that brought nothing new, or refused. */
  rows: number;
  /** Rows with at least one new value; in a dry run the rows that would have been handed to the store. */
  stored: number;
  /** Rows whose values were all stored already. */
  duplicates: number;
  /** Rows with a value other than the one stored, which stays; rows that brought other new values are counted as stored too. */
  conflicts: number;
  refusedRows: number;
  refused: RefusalCount[];
  stations: { made: number; extended: number };
  /** At most 100. */
  moves: SensorMove[];
  notes: string[];
  ms: number;
}

/** How far an import is. */
export interface ImportProgress {
  file: string;
  filesDone: number;
  files: number;
  rows: number;
  bytesDone: number;
  bytes: number;
  ms: number;
}

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

const MAX_EXAMPLES = 3;

/** Counts refusals by what and why; keeps the first places of each. */
export class RefusalCounts {
  readonly #byKind = new Map<string, RefusalCount>();

  /** `at` is asked only while examples are wanted. */
  add(part: RefusedPart, reason: ImportReason, at: () => RefusalCount['examples'][number]): void {
    const key = `${part}/${reason}`;
    let kind = this.#byKind.get(key);
    if (kind === undefined) {
      kind = { part, reason, count: 0, examples: [] };
      this.#byKind.set(key, kind);
    }
    kind.count++;
    if (kind.examples.length < MAX_EXAMPLES) kind.examples.push(at());
  }

  /** All kinds, the most frequent first. */
  list(): RefusalCount[] {
    return [...this.#byKind.values()].sort((a, b) => b.count - a.count);
  }
}

import type { AppendOutcome } from '../store/readingStore.ts';
import type { ImportReason } from './archiveRow.ts';
import type { ImportReport, RefusalCount, RefusedPart } from './importReport.ts';

/** Where something was refused, and what it was; without a line it stands for the whole file. */
type RefusalExample = Omit<RefusalCount['examples'][number], 'line'> & { line?: number };

/** Counts what becomes of the files, rows and fields of one import. */
export class ImportTally {
  readonly files = { read: 0, done: 0, refused: 0 };
  readonly counts = { rows: 0, stored: 0, duplicates: 0, conflicts: 0, refusedRows: 0 };
  readonly notes = new Set<string>();
  readonly #refusals = new RefusalCounts();

  /** Counts what the store made of a row that was read. */
  count({ stored, conflicts }: AppendOutcome): void {
    if (conflicts.length > 0) this.counts.conflicts++;
    if (stored.length > 0) this.counts.stored++;
    else if (conflicts.length === 0) this.counts.duplicates++;
  }

  /** Counts a file that is not taken. */
  refuseFile(reason: ImportReason, example: RefusalExample): void {
    this.files.refused++;
    this.#refusals.add('file', reason, () => example);
  }

  /** Counts a row that is not taken; it was read. */
  refuseRow(reason: ImportReason, example: RefusalExample): void {
    this.counts.rows++;
    this.counts.refusedRows++;
    this.#refusals.add('row', reason, () => example);
  }

  /** Counts a field left out of a row that is taken; `example` is asked only while examples are wanted. */
  refuseField(reason: ImportReason, example: () => RefusalExample): void {
    this.#refusals.add('field', reason, example);
  }

  /** All of it, with what the importer knows beside. */
  report(known: Pick<ImportReport, 'isDryRun' | 'isStopped' | 'stations' | 'moves' | 'ms'>): ImportReport {
    return {
      ...known,
      files: this.files,
      ...this.counts,
      refused: this.#refusals.list(),
      notes: [...this.notes],
    };
  }
}

const MAX_EXAMPLES = 3;

/** Counts refusals by what and why; keeps the first places of each. */
class RefusalCounts {
  readonly #byKind = new Map<string, RefusalCount>();

  /** `at` is asked only while examples are wanted. */
  add(part: RefusedPart, reason: ImportReason, at: () => RefusalExample): void {
    const key = `${part}/${reason}`;
    let kind = this.#byKind.get(key);
    if (kind === undefined) {
      kind = { part, reason, count: 0, examples: [] };
      this.#byKind.set(key, kind);
    }
    kind.count++;
    if (kind.examples.length < MAX_EXAMPLES) kind.examples.push({ line: 0, ...at() });
  }

  /** All kinds, the most frequent first. */
  list(): RefusalCount[] {
    return [...this.#byKind.values()].sort((a, b) => b.count - a.count);
  }
}

import type { AcceptedMessage } from '../domain/reading.ts';
import { type ArchiveFile, errorCode } from './archiveFile.ts';
import { type ChosenFormat, formatOf } from './archiveFormat.ts';
import { type ArchiveParser, type ImportReason, isRefusedRow } from './archiveRow.ts';
import type { RowJudge } from './rowJudge.ts';
import { textBlocks, UnreadableFileError } from './textBlocks.ts';

const LINE_FEED = '\n';
const CARRIAGE_RETURN = 13;
const LOWER_S = 115;

/** What reading a file tells its caller. */
export interface FileListener {
  /** A row to store; fields of it that were refused are with the judge. */
  take(message: AcceptedMessage, line: number): void;
  refuse(part: 'row' | 'file', reason: ImportReason, line: number, detail: string): void;
  note(text: string): void;
  /** After each block of some thousand rows; resolves when there is room for more. False: stop here. */
  afterBlock(bytesRead: number): Promise<boolean>;
}

/** Reads one file line by line. Resolves to true when all of it was read. */
export async function readArchiveFile(file: ArchiveFile, judge: RowJudge, listener: FileListener): Promise<boolean> {
  const lines = new FileLines(file.path, judge, listener);
  try {
    for await (const { text, bytesRead } of textBlocks(file)) {
      if (!lines.take(text)) return false;
      if (!(await listener.afterBlock(bytesRead))) return false;
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    listener.refuse('file', 'unreadable-file', lines.line, errorCode(error.cause ?? error));
    return false;
  }
  return true;
}

/** The lines of one file and what they are made of. */
class FileLines {
  line = 0;
  readonly #path: string;
  readonly #judge: RowJudge;
  readonly #listener: FileListener;
  #parser: ArchiveParser | undefined;

  constructor(path: string, judge: RowJudge, listener: FileListener) {
    this.#path = path;
    this.#judge = judge;
    this.#listener = listener;
  }

  /** Takes whole lines; false when the file is of no known format. */
  take(text: string): boolean {
    let from = this.line === 0 && text.startsWith('\uFEFF') ? 1 : 0;
    while (from < text.length) {
      const feed = text.indexOf(LINE_FEED, from);
      const end = feed < 0 ? text.length : feed;
      const to = end > from && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
      this.line++;
      if (to > from && !this.#takeLine(text, from, to, feed < 0)) return false;
      from = end + 1;
    }
    return true;
  }

  #takeLine(text: string, from: number, to: number, isCutOff: boolean): boolean {
    // Files put together from several carry a header at each seam.
    const isHeader = text.charCodeAt(from) === LOWER_S && text.startsWith('sensor_id', from);
    if (this.#parser === undefined || isHeader) {
      const format = formatOf(text.slice(from, to), this.#path);
      if (format === undefined) return this.#refuseFile(text.slice(from, to));
      this.#use(format);
      if (format.isHeader) return true;
    }
    this.#takeRow(text, from, to, isCutOff);
    return true;
  }

  #takeRow(text: string, from: number, to: number, isCutOff: boolean): void {
    const parser = this.#parser;
    if (parser === undefined) return;
    // JSON shows by itself whether its end is there; a number does not.
    if (isCutOff && parser.format !== 'push-log') {
      this.#listener.refuse('row', 'cut-off', this.line, text.slice(from, from + 60));
      return;
    }
    const row = parser.parse(text, from, to);
    const judged = isRefusedRow(row) ? row : this.#judge.judge(row);
    if ('refused' in judged) this.#listener.refuse('row', judged.refused, this.line, judged.detail);
    else this.#listener.take(judged, this.line);
  }

  #use({ parser }: ChosenFormat): void {
    this.#parser = parser;
    if (parser.note !== undefined) this.#listener.note(parser.note);
  }

  #refuseFile(firstLine: string): false {
    this.#listener.refuse('file', 'unknown-format', this.line, firstLine.slice(0, 60));
    return false;
  }
}

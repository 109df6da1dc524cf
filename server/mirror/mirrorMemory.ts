import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { replaceFile } from '../process/replaceFile.ts';

const noted = z.object({
  /** Of the last request, epoch ms. */
  askedAt: z.number().default(0),
  /** Failures in a row, and until when they keep us from asking, epoch ms. */
  failures: z.number().default(0),
  notBefore: z.number().default(0),
  /** Mirrored stations left out of figures, and the station here whose double each is; also those taken in again. */
  doubles: z.record(z.string(), z.string()).default({}),
});

/** What a mirror must still know after a restart. */
export type MirrorNotes = z.output<typeof noted>;

/**
 * Keeps it in a file: a program that is started again and again must not ask again and again. A file that cannot be read
 * is as good as none.
 */
export class MirrorMemory {
  readonly #path: string | undefined;
  #notes: MirrorNotes;

  /** Without a path it lasts as long as the process. */
  constructor(path?: string) {
    this.#path = path;
    this.#notes = readNotes(path);
  }

  /** What is known. */
  get notes(): Readonly<MirrorNotes> {
    return this.#notes;
  }

  /** Changes it, here and on disk. */
  note(change: Partial<MirrorNotes>): void {
    this.#notes = { ...this.#notes, ...change };
    if (this.#path !== undefined) replaceFile(this.#path, JSON.stringify(this.#notes));
  }
}

function readNotes(path: string | undefined): MirrorNotes {
  try {
    return noted.parse(path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Absent at the first start, or spoilt: as good as none, see above.
    return noted.parse({});
  }
}

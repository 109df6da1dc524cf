import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { STATION_ID } from '../domain/station.ts';

/** Where the ids are, and who is told when the disk refuses. */
export interface ShownStationsFile {
  path: string;
  /** Who may have been public before there was a file. */
  unknownPast: () => Iterable<string>;
  onError: (error: unknown) => void;
}

/**
 * Every station that was ever public, one id a line of a file: a broker may hold something of these, and of no other. Deleted
 * ones stay in it, and their ids say nothing that was not public. Without a file it lasts as long as the process.
 */
export class ShownStations {
  readonly #file: ShownStationsFile | undefined;
  readonly #ids: Set<string>;
  #unwritten: string[] = [];

  constructor(file?: ShownStationsFile) {
    this.#file = file;
    this.#ids = new Set(file && existsSync(file.path) ? idsIn(file.path) : []);
    if (file === undefined || existsSync(file.path)) return;
    this.#unwritten = [''];
    this.add(file.unknownPast());
  }

  /** True for a station that was public at some time. */
  has(stationId: string): boolean {
    return this.#ids.has(stationId);
  }

  /** Notes stations that are public. */
  add(stationIds: Iterable<string>): void {
    for (const stationId of stationIds) {
      if (this.#ids.has(stationId)) continue;
      this.#ids.add(stationId);
      if (this.#file !== undefined) this.#unwritten.push(stationId);
    }
    if (this.#unwritten.length > 0) this.#write();
  }

  /** What the disk does not take is tried again with the next one. */
  #write(): void {
    const { path = '', onError } = this.#file ?? {};
    try {
      // The line before each: one that was cut off by a crash spoils no other.
      appendFileSync(path, this.#unwritten.map((stationId) => `\n${stationId}`).join(''), { mode: 0o600 });
      this.#unwritten = [];
    } catch (error) {
      onError?.(error);
    }
  }
}

function idsIn(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => STATION_ID.test(line));
}

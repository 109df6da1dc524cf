import { type Change, drop, type ProgramStart, put } from '../notices/noticeRecords.ts';
import type { NoticeStore } from '../notices/noticeStore.ts';

/** Starts that are kept. */
const KEPT = 20;

/** Remembers when the program was started, with which version, and whether it ended as it should. */
export class Starts {
  readonly #store: NoticeStore;
  #current: ProgramStart | undefined;

  constructor(store: NoticeStore) {
    this.#store = store;
  }

  /** The last starts, newest first, this one included. */
  recent(): ProgramStart[] {
    return this.#store.all('start').sort((a, b) => b.at - a.at);
  }

  /** Notes this start. */
  async note(start: Omit<ProgramStart, 'id' | 'stoppedAt'>): Promise<void> {
    const current: ProgramStart = { id: String(start.at), ...start };
    this.#current = current;
    await this.#store.write(() => {
      const old = this.recent().slice(KEPT - 1);
      const changes: Change[] = [...old.map(({ id }) => drop('start', id)), put('start', current)];
      return { answer: undefined, changes };
    });
  }

  /** Notes that this run ended as it should. */
  async noteEnd(at: number): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    await this.#store.write(() => ({ answer: undefined, changes: [put('start', { ...current, stoppedAt: at })] }));
  }
}

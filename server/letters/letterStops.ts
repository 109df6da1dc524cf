import type { LetterPeriod } from '../domain/alerts/letterPeriods.ts';
import { drop, put } from '../notices/noticeRecords.ts';
import type { NoticeStore } from '../notices/noticeStore.ts';

/** What tells a letter from all others. */
export type LetterKey = { areaId: string } & Pick<LetterPeriod, 'kind' | 'from'>;

/** `<area id>/<kind>/<first day>` */
export function letterId({ areaId, kind, from }: LetterKey): string {
  return `${areaId}/${kind}/${from}`;
}

/** The letter an id names; undefined for anything else. */
export function letterOfId(id: unknown): LetterKey | undefined {
  const [, areaId, kind, from] = /^([a-z0-9-]+)\/(week|month)\/(\d{4}-\d{2}-\d{2})$/.exec(String(id)) ?? [];
  return areaId && kind && from ? { areaId, kind: kind as LetterPeriod['kind'], from } : undefined;
}

/** Letters the operator holds back. */
export class LetterStops {
  readonly #store: NoticeStore;
  readonly #clock: () => number;

  constructor({ store, clock }: { store: NoticeStore; clock: () => number }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** True for a letter that is neither to be mailed nor shown. */
  has(letter: LetterKey): boolean {
    return this.#store.get('letterStop', letterId(letter)) !== undefined;
  }

  /** Holds a letter back; mails of it still in the outbox go too. Durable when resolved. */
  async add(letter: LetterKey): Promise<void> {
    const id = letterId(letter);
    const stop = put('letterStop', { id, stoppedAt: this.#clock() });
    await this.#store.write(() => {
      const waiting = this.#store.all('message').filter(({ data }) => data.letter === id);
      return { answer: undefined, changes: [stop, ...waiting.map((message) => drop('message', message.id))] };
    });
  }

  /** Lets it out again. */
  async remove(letter: LetterKey): Promise<void> {
    await this.#store.write(() => ({ answer: undefined, changes: [drop('letterStop', letterId(letter))] }));
  }
}

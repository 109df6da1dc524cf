import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import { MAX_NOTICES, noticesIn, type PublicNotice } from '../domain/operator/publicNotice.ts';
import { newStationId, type RandomBytes } from '../process/keys.ts';
import { drop, put } from './noticeRecords.ts';
import type { Decision, NoticeStore } from './noticeStore.ts';

/** What the notices need. */
export interface PublicNoticesParts {
  store: NoticeStore;
  randomBytes: RandomBytes;
  clock: () => number;
}

/** What an operator writes of a notice. */
export type NoticeDraft = Omit<PublicNotice, 'id' | 'changedAt'>;

/** The operator's dated notices to everybody. */
export class PublicNotices {
  readonly #parts: PublicNoticesParts;
  readonly #listeners = new Set<() => void>();

  constructor(parts: PublicNoticesParts) {
    this.#parts = parts;
  }

  /** Those that touch a window; all without one. The earliest first. */
  in(window?: TimeWindow): PublicNotice[] {
    return noticesIn(this.#parts.store.all('publicNotice'), window);
  }

  /** Calls `listener` after each change, when it is durable. Returns the way back. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Adds one; undefined when there are too many. Durable when resolved. */
  add(draft: NoticeDraft): Promise<PublicNotice | undefined> {
    const { store, randomBytes, clock } = this.#parts;
    const notice = { id: newStationId(randomBytes), ...draft, changedAt: clock() };
    return this.#write(() => {
      if (store.count('publicNotice') >= MAX_NOTICES) return { answer: undefined, changes: [] };
      return { answer: notice, changes: [put('publicNotice', notice)] };
    });
  }

  /** Puts other words or days in the place of one; undefined when there is none. Durable when resolved. */
  change(id: string, draft: NoticeDraft): Promise<PublicNotice | undefined> {
    const { store, clock } = this.#parts;
    const notice = { id, ...draft, changedAt: clock() };
    return this.#write(() => {
      if (store.get('publicNotice', id) === undefined) return { answer: undefined, changes: [] };
      return { answer: notice, changes: [put('publicNotice', notice)] };
    });
  }

  /** Takes one away; false when there is none. Durable when resolved. */
  remove(id: string): Promise<boolean> {
    const { store } = this.#parts;
    return this.#write(() => {
      const isThere = store.get('publicNotice', id) !== undefined;
      return { answer: isThere, changes: isThere ? [drop('publicNotice', id)] : [] };
    });
  }

  async #write<Answer>(decide: () => Decision<Answer>): Promise<Answer> {
    const answer = await this.#parts.store.write(decide);
    for (const listener of this.#listeners) listener();
    return answer;
  }
}

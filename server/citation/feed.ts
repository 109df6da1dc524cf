import { createHash } from 'node:crypto';
import type { CitationStore } from '../store/citationStore.ts';
import { canonicalJson } from './canonicalJson.ts';
import type { InstanceKey } from './instanceKey.ts';

/** One day's citations, chained to the day before: nothing can be slipped in or taken out afterwards unseen. */
export interface FeedDay {
  schemaVersion: 1;
  /** UTC. */
  date: string;
  /** SHA-256 of the canonical JSON of the last earlier day's feed, hex; null for the first. */
  previous: string | null;
  /** In the order they were made. */
  ids: string[];
  publicKey: string;
  /** Over the canonical JSON of the first four members, hex. */
  signature: string;
}

/** The public feed of citations, a document a day that has any. */
export class CitationFeed {
  readonly #store: CitationStore;
  readonly #key: InstanceKey;
  readonly #clock: () => number;
  /** Closed days do not change any more. */
  readonly #closed = new Map<string, FeedDay>();

  constructor(deps: { store: CitationStore; key: InstanceKey; clock: () => number }) {
    this.#store = deps.store;
    this.#key = deps.key;
    this.#clock = deps.clock;
  }

  /** Days with citations, oldest first; the last is not final while it runs. */
  dates(): string[] {
    return [...this.#idsByDate().keys()];
  }

  /** A day's feed; undefined for a day without citations. Closed days are signed once and kept. */
  async day(date: string): Promise<FeedDay | undefined> {
    const idsByDate = this.#idsByDate();
    if (!idsByDate.has(date)) return undefined;
    let previous: string | null = null;
    for (const [each, ids] of idsByDate) {
      const feed = await this.#feedOf(each, ids, previous);
      if (each === date) return feed;
      previous = createHash('sha256').update(canonicalJson(feed)).digest('hex');
    }
    return undefined;
  }

  async #feedOf(date: string, ids: string[], previous: string | null): Promise<FeedDay> {
    const closed = this.#closed.get(date);
    if (closed !== undefined) return closed;
    const kept = await this.#store.feedDay(date);
    const feed =
      kept === undefined ? this.#signed({ schemaVersion: 1, date, previous, ids }) : (JSON.parse(kept) as FeedDay);
    if (date >= dateOf(this.#clock())) return feed;
    if (kept === undefined) await this.#store.keepFeedDay(date, canonicalJson(feed));
    this.#closed.set(date, feed);
    return feed;
  }

  #signed(said: Omit<FeedDay, 'publicKey' | 'signature'>): FeedDay {
    return { ...said, publicKey: this.#key.publicKey, signature: this.#key.sign(canonicalJson(said)) };
  }

  #idsByDate(): Map<string, string[]> {
    const idsByDate = new Map<string, string[]>();
    for (const { id, citedAt } of this.#store.list()) {
      const date = dateOf(citedAt);
      const ids = idsByDate.get(date);
      if (ids === undefined) idsByDate.set(date, [id]);
      else ids.push(id);
    }
    return idsByDate;
  }
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

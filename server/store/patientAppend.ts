import { setTimeout as wait } from 'node:timers/promises';
import type { AcceptedMessage } from '../domain/reading.ts';
import {
  type AppendOutcome,
  type ReadingStore,
  type StoredFingerprint,
  StoreUnavailableError,
  type TimeSpan,
} from './readingStore.ts';

const RETRY_MS = 1_000;

/**
 * The store's append for a node that has no queue of its own: what the store does not take now is offered again until it
 * does, unchanged, and meanwhile the broker keeps what comes. A failed attempt may have stored part of the batch: what is
 * found there afterwards is this batch's own and counts as stored, once.
 */
export class PatientAppend implements Pick<ReadingStore, 'append' | 'fingerprints' | 'span'> {
  readonly #store: Pick<ReadingStore, 'append' | 'fingerprints' | 'span'>;
  readonly #retryMs: number;
  #isClosing = false;

  constructor(store: Pick<ReadingStore, 'append' | 'fingerprints' | 'span'>, retryMs = RETRY_MS) {
    this.#store = store;
    this.#retryMs = retryMs;
  }

  /** Gives up what is still offered: it is not acknowledged and comes again. */
  close(): void {
    this.#isClosing = true;
  }

  fingerprints(from: number): AsyncIterable<StoredFingerprint[]> {
    return this.#store.fingerprints(from);
  }

  span(): Promise<TimeSpan | undefined> {
    return this.#store.span();
  }

  async append(messages: readonly AcceptedMessage[]): Promise<AppendOutcome[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const outcomes = await this.#store.append(messages);
        return attempt === 1 ? outcomes : outcomes.map((outcome, at) => ownOutcome(outcome, messages[at]));
      } catch (error) {
        if (this.#isClosing || !(error instanceof StoreUnavailableError)) throw error;
        await wait(this.#retryMs, undefined, { ref: false });
      }
    }
  }
}

function ownOutcome(outcome: AppendOutcome, message: AcceptedMessage | undefined): AppendOutcome {
  if (message === undefined || outcome.conflicts.length > 0) return outcome;
  return { result: 'stored', conflicts: [], stored: message.readings };
}

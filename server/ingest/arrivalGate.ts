import { StoreUnavailableError } from '../store/readingStore.ts';
import type { Accept, Arrival } from './arrival.ts';

/** Messages that wait at a shut gate: what a broker may have on its way to one client. Beyond, they are not taken. */
const MAX_WAITING = 70_000;

/** Holds arrivals back, in order, while something has to be learnt first that decides about them. */
export class ArrivalGate {
  readonly #accept: Accept;
  #waiting: { arrival: Arrival; settle: Parameters<Accept>[1] }[] = [];
  #shut = 0;

  constructor(accept: Accept) {
    this.#accept = accept;
  }

  /** Takes an arrival now or when the gate opens. */
  readonly accept: Accept = (arrival, settle) => {
    if (this.#shut === 0) return this.#accept(arrival, settle);
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push({ arrival, settle });
    else settle(new StoreUnavailableError('Too many messages wait.'));
  };

  /** True while nothing is held back. */
  get isOpen(): boolean {
    return this.#shut === 0;
  }

  /** Stays shut until this, and everything it was shut for before, is over. */
  shutUntil(over: Promise<unknown>): void {
    this.#shut++;
    const open = () => {
      this.#shut--;
      if (this.#shut === 0) this.#letIn();
    };
    over.then(open, open);
  }

  #letIn(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { arrival, settle } of waiting) this.#accept(arrival, settle);
  }
}

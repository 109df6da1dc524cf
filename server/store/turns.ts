import { emptied } from './emptied.ts';

/** Work that takes turns, such as writes that share a connection. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` when all that was asked for before has ended, well or not; its outcome belongs to the caller. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work);
    this.#last = turn.then(ignore, ignore);
    return turn;
  }

  /** Resolves when no turn is left. What is done right after, without a further wait, comes before any later turn. */
  ended(): Promise<void> {
    return emptied(() => this.#last);
  }
}

function ignore(): void {
  // The outcome belongs to whoever asked for the turn.
}

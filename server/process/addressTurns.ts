import { addressKey } from './tokenBuckets.ts';

/** Somebody whose turn has not come. */
interface Waiting {
  isThere: () => boolean;
  proceed: (isTurn: boolean) => void;
}

/** What one address has underway, and who waits there, the longest first. */
interface Lane {
  running: number;
  waiting: Waiting[];
}

/** How much of one kind of work an address may have underway, and how many of its requests may wait for their turn. */
export interface TurnLimits {
  atOnce: number;
  waiting: number;
}

/** Gives each address its turns at heavy work, in order: one that asks for much waits for itself, nobody else for it. */
export class AddressTurns {
  readonly #limits: TurnLimits;
  readonly #lanes = new Map<string, Lane>();

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /**
   * Does `work` when it is the address's turn; not at all for one that `isThere` no longer says is there. False, at once,
   * when too many of the address wait already.
   */
  async take(address: string | undefined, isThere: () => boolean, work: () => Promise<void>): Promise<boolean> {
    const key = addressKey(address);
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.running < this.#limits.atOnce) lane.running++;
    else if (!this.#hasRoom(lane)) return false;
    else if (!(await new Promise<boolean>((proceed) => lane.waiting.push({ isThere, proceed })))) return true;
    try {
      await work();
    } finally {
      this.#left(key, lane);
    }
    return true;
  }

  /** Those who have gone make room. */
  #hasRoom(lane: Lane): boolean {
    for (const { isThere, proceed } of lane.waiting) if (!isThere()) proceed(false);
    lane.waiting = lane.waiting.filter(({ isThere }) => isThere());
    return lane.waiting.length < this.#limits.waiting;
  }

  /** The place goes to who has waited longest and is still there. */
  #left(key: string, lane: Lane): void {
    for (let next = lane.waiting.shift(); next !== undefined; next = lane.waiting.shift()) {
      const isTurn = next.isThere();
      next.proceed(isTurn);
      if (isTurn) return;
    }
    lane.running--;
    if (lane.running === 0) this.#lanes.delete(key);
  }
}

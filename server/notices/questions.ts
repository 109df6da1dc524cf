import { MINUTE_MS } from '../domain/durations.ts';
import { keyHash } from '../process/keys.ts';
import { TokenBuckets } from '../process/tokenBuckets.ts';

/**
 * Messages to addresses that have not agreed yet: three at once, then three a day for one address, whoever asks and for
 * whatever. So nobody can have this installation flood a stranger.
 */
export class Questions {
  readonly #byAddress = new TokenBuckets({ burst: 3, perSecond: 3 / 86_400 });
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** True when the address may be asked once more; counts it. */
  mayAsk(address: string): boolean {
    return this.#byAddress.take(keyHash(address.toLowerCase()), this.#clock()) === 0;
  }
}

/** A question just asked is not asked again within this time, ms: a second click, or a page loaded anew. */
const JUST_MS = 10 * MINUTE_MS;

/** True while the question to what was asked for waits in the mailbox, or on its way there. */
export function isJustAsked(
  { createdAt, confirmedAt }: { createdAt: number; confirmedAt?: number },
  now: number,
): boolean {
  return confirmedAt === undefined && now - createdAt < JUST_MS;
}

/** What mail programs make a link of. */
const LINK_LIKE = /:\/\/|www\.|@|[a-z0-9-]\.[a-z]{2,}(\/|\b)/i;

/** A name as it may go to people who never asked for it: one that looks like a link is replaced by the id. */
export function strangersName(name: string, id: string): string {
  return LINK_LIKE.test(name) ? id : name;
}

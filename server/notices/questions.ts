import { TokenBuckets } from '../api/rateLimit.ts';
import { keyHash } from '../process/keys.ts';

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

/** What mail programs make a link of. */
const LINK_LIKE = /:\/\/|www\.|@|[a-z0-9-]\.[a-z]{2,}(\/|\b)/i;

/** A name as it may go to people who never asked for it: one that looks like a link is replaced by the id. */
export function strangersName(name: string, id: string): string {
  return LINK_LIKE.test(name) ? id : name;
}

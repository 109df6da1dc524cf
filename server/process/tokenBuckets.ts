import { isIPv6 } from 'node:net';

/** How much a key may do: `burst` at once, then `perSecond`. */
export interface Allowance {
  burst: number;
  perSecond: number;
}

/** Keys remembered; a key that is forgotten starts with a full bucket. */
const MAX_KEYS = 20_000;

/** Token buckets by key, bounded in number. Time comes in; nothing is kept on disk or logged. */
export class TokenBuckets {
  readonly #allowance: Allowance;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Takes one token of `key` at `now` (epoch ms). Returns 0, or after how many ms there will be one. */
  take(key: string, now: number): number {
    const { burst, perSecond } = this.#allowance;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const elapsedMs = Math.max(0, now - bucket.at);
    const tokens = Math.min(burst, bucket.tokens + (elapsedMs / 1000) * perSecond);
    const isAllowed = tokens >= 1;
    this.#remember(key, { tokens: isAllowed ? tokens - 1 : tokens, at: now });
    return isAllowed ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
  }

  /** Puts the key last, so that the first of the Map is the one unused longest. */
  #remember(key: string, bucket: { tokens: number; at: number }): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size <= MAX_KEYS) return;
    const oldest = this.#buckets.keys().next();
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}

/** What counts as one address: an IPv4 address, or the /64 an IPv6 customer has to himself. */
export function addressKey(ip: string | undefined): string {
  if (ip === undefined) return 'local';
  if (!isIPv6(ip)) return ip;
  if (ip.startsWith('::ffff:')) return ip.slice('::ffff:'.length);
  const [head = '', tail = ''] = ip.split('::');
  const groups = head.split(':').filter(Boolean);
  const tailGroups = tail.split(':').filter(Boolean);
  const zeros = ip.includes('::') ? 8 - groups.length - tailGroups.length : 0;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...tailGroups].slice(0, 4).join(':');
}

/** A question to all nodes: say when everything you took before this is stored and told. */
export interface Sync {
  /** Comes back in the answer. */
  token: string;
  /** From now on what was measured before is for the aggregator alone, epoch ms. */
  closedUntil?: number;
}

/** The question as its message. */
export function encodeSync(sync: Sync): string {
  return JSON.stringify(sync);
}

/** The question; undefined for what is none. */
export function decodeSync(payload: Uint8Array): Sync | undefined {
  try {
    const { token, closedUntil } = JSON.parse(Buffer.from(payload).toString());
    if (typeof token !== 'string') return undefined;
    return typeof closedUntil === 'number' ? { token, closedUntil } : { token };
  } catch {
    // Expected: anything may come in over a broker.
    return undefined;
  }
}

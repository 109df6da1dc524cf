import { z } from 'zod';
import { readJson } from '../process/jsonMessage.ts';

const syncForm = z.object({ token: z.string(), closedUntil: z.number().optional() });

/** A question to all nodes: say when everything you took before this is stored and told. */
export interface Sync {
  /** Comes back in the answer. */
  token: string;
  /** From now on what was measured before is for the aggregator alone, epoch ms. */
  closedUntil?: number | undefined;
}

/** The question as its message. */
export function encodeSync(sync: Sync): string {
  return JSON.stringify(sync);
}

/** The question; undefined for what is none. */
export function decodeSync(payload: Uint8Array): Sync | undefined {
  return syncForm.safeParse(readJson(payload)).data;
}

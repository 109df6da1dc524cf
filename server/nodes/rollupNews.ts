import { z } from 'zod';

/** What the aggregator tells of the means of closed hours and days, retained. */
const newsForm = z.object({
  /** Hours before it are closed, epoch ms. */
  closedUntil: z.number(),
  /** Humidity sensors that were proved broken, and when last: station, sensor, epoch ms. */
  proofs: z.array(z.tuple([z.string(), z.string(), z.number()])),
});
export type RollupNews = z.output<typeof newsForm>;

/** A question: the rows of which stations are to be brought up to date, and where to answer. */
const askedForm = z.object({
  token: z.string(),
  node: z.string(),
  stationIds: z.array(z.string()),
  patienceMs: z.number(),
});
export type RollupsAsked = z.output<typeof askedForm>;

/** The news; undefined for what is none. */
export function decodeNews(payload: Uint8Array): RollupNews | undefined {
  return newsForm.safeParse(parse(payload)).data;
}

/** The question; undefined for what is none. */
export function decodeAsked(payload: Uint8Array): RollupsAsked | undefined {
  return askedForm.safeParse(parse(payload)).data;
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    // Expected: anything may come in over a broker.
    return undefined;
  }
}

import { z } from 'zod';
import { readJson } from '../process/jsonMessage.ts';

/** What the aggregator tells of the means of closed hours and days, retained. */
const newsForm = z.object({
  /** Hours before it are closed, epoch ms. */
  closedUntil: z.number(),
  /** Humidity sensors that were proved broken, and when last: station, sensor, epoch ms. */
  proofs: z.array(z.tuple([z.string(), z.string(), z.number()])),
});
/** What the aggregator tells web nodes of rows made anew. */
export type RollupNews = z.output<typeof newsForm>;

/** A question: the rows of which stations are to be brought up to date, and where to answer. */
const askedForm = z.object({
  token: z.string(),
  node: z.string(),
  stationIds: z.array(z.string()),
  patienceMs: z.number(),
  /** Rows that begin before it, epoch ms; a node of an earlier version asks about all. */
  to: z
    .number()
    .nullish()
    .transform((to) => to ?? Number.POSITIVE_INFINITY),
});
/** What a web node asks of the aggregator before it reads rows. */
export type RollupsAsked = z.output<typeof askedForm>;

/** The news; undefined for what is none. */
export function decodeNews(payload: Uint8Array): RollupNews | undefined {
  return newsForm.safeParse(readJson(payload)).data;
}

/** The question; undefined for what is none. */
export function decodeAsked(payload: Uint8Array): RollupsAsked | undefined {
  return askedForm.safeParse(readJson(payload)).data;
}

/** Stations whose rows are to be made anew. */
const markedForm = z.array(z.string());

/** Ids of stations whose rows are to be made anew; undefined for what is none. */
export function decodeMarked(payload: Uint8Array): string[] | undefined {
  return markedForm.safeParse(readJson(payload)).data;
}

/** The answer to a question: whether the rows are true up to now. */
export interface RollupsAnswer {
  token: string;
  isUpToDate: boolean;
}

/** A node that is still of an earlier version reads the bare token, and waits on when there is more. */
const BEHIND = ' behind';

/** The answer as it is sent. */
export function answerText({ token, isUpToDate }: RollupsAnswer): string {
  return isUpToDate ? token : `${token}${BEHIND}`;
}

/** What was sent. */
export function readAnswer(text: string): RollupsAnswer {
  const isBehind = text.endsWith(BEHIND);
  return { token: isBehind ? text.slice(0, -BEHIND.length) : text, isUpToDate: !isBehind };
}

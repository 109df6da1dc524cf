import { HOUR_MS } from '../../domain/durations.ts';
import { CutAnswerError, type InfluxClient, type InfluxSeries } from './influxClient.ts';
import { edgeTime } from './influxRows.ts';
import { timeIn } from './influxText.ts';

/** Longer stretches may be empty for years: first it is asked where they begin and end. */
const LONG_MS = 62 * 24 * HOUR_MS;

/** A question about many series at once, grouped by tags. */
export interface PartedQuestion {
  measurement: 'reading' | 'message';
  /** Condition on tags. */
  where: string;
  /** Fields or functions of them. */
  select: string;
  groupBy: string;
  from: number;
  to: number;
  /** Time to ask for at once, ms: as much as makes an answer of some ten thousand rows. */
  stepMs: number;
}

/**
 * Answers in order of time, each about whole clock hours but for the ends. A part that the server cuts short, since it
 * has a limit of rows, is asked again in halves.
 */
export async function* answersInParts(client: InfluxClient, question: PartedQuestion): AsyncGenerator<InfluxSeries[]> {
  const { stepMs } = question;
  const { from, to } = await filledPart(client, question);
  const step = Math.max(1, Math.floor(stepMs / HOUR_MS)) * HOUR_MS;
  for (let start = from; start < to; ) {
    const end = Math.min(to, Math.floor(start / HOUR_MS) * HOUR_MS + step);
    yield* answersWithin(client, question, { from: start, to: end });
    start = end;
  }
}

async function filledPart(client: InfluxClient, { measurement, where, from, to }: PartedQuestion) {
  if (to - from <= LONG_MS) return { from, to };
  const first = await edgeTime(client, 'first', { measurement, where }, { from, to });
  const last = await edgeTime(client, 'last', { measurement, where }, { from, to });
  return first === undefined || last === undefined ? { from: 0, to: 0 } : { from: first, to: Math.min(to, last + 1) };
}

async function* answersWithin(
  client: InfluxClient,
  question: PartedQuestion,
  { from, to }: { from: number; to: number },
): AsyncGenerator<InfluxSeries[]> {
  const { select, measurement, where, groupBy } = question;
  const text = `SELECT ${select} FROM ${measurement} WHERE ${where} AND ${timeIn(from, to)} GROUP BY ${groupBy}`;
  let answer: InfluxSeries[];
  try {
    answer = await client.query(text);
  } catch (error) {
    const middle = Math.floor((from + to) / 2 / HOUR_MS) * HOUR_MS;
    if (!(error instanceof CutAnswerError) || middle <= from) throw error;
    yield* answersWithin(client, question, { from, to: middle });
    yield* answersWithin(client, question, { from: middle, to });
    return;
  }
  yield answer;
}

import { HOUR_MS, MINUTE_MS } from '../../domain/durations.ts';
import { CutAnswerError, type InfluxClient, type InfluxSeries } from './influxClient.ts';
import { partsIn } from './influxReadings.ts';
import { edgeTime } from './influxRows.ts';
import { timeIn } from './influxText.ts';

/** Time the first query covers; those that follow as much as gives about so many rows, some 9 MB. */
const FIRST_STEP_MS = 10 * MINUTE_MS;
const LONGEST_STEP_MS = 6 * HOUR_MS;
const ROWS = 200_000;

/** Half-open stretch of time, epoch ms. */
interface Window {
  from: number;
  to: number;
}

/** A fingerprint as `ReadingStore.fingerprints` pages it. */
interface StoredFingerprint {
  stationId: string;
  measuredAt: number;
  hi: number;
  lo: number;
}

/**
 * Pages of fingerprints; `ReadingStore.fingerprints`. By station: for pages of all stations by time the server would
 * begin anew with every station at each page, which cost ten times as much with 15,000 of them.
 */
export async function* fingerprintPages(client: InfluxClient, from: number): AsyncGenerator<StoredFingerprint[]> {
  const source = { measurement: 'message' } as const;
  const first = (since: number) => edgeTime(client, 'first', source, { from: since, to: Number.POSITIVE_INFINITY });
  let [stepMs, longestMs] = [FIRST_STEP_MS, LONGEST_STEP_MS];
  let start = await first(from);
  while (start !== undefined) {
    const window: Window = { from: start, to: start + stepMs };
    const found = await seriesIn(client, window);
    if (found === undefined) {
      stepMs = longestMs = Math.ceil(stepMs / 2);
      continue;
    }
    const page = found.flatMap(fingerprintsOf);
    if (page.length > 0) yield page;
    start = page.length > 0 ? window.to : await first(window.to);
    if (page.length > ROWS) stepMs = Math.ceil(stepMs / 2);
    else if (page.length < ROWS / 2) stepMs = Math.min(2 * stepMs, longestMs);
  }
}

/** One series a station; undefined when the server has a limit of rows and cut them short. */
async function seriesIn(client: InfluxClient, { from, to }: Window): Promise<InfluxSeries[] | undefined> {
  try {
    return await client.query(`SELECT fp_hi, fp_lo, fp_parts FROM message WHERE ${timeIn(from, to)} GROUP BY station`);
  } catch (error) {
    if (!(error instanceof CutAnswerError) || to - from <= 1) throw error;
    return undefined;
  }
}

function fingerprintsOf({ tags, values }: InfluxSeries): StoredFingerprint[] {
  const stationId = tags?.station ?? '';
  const found: StoredFingerprint[] = [];
  for (const [measuredAt, hi, lo, parts] of values as [number, number | null, number | null, string | null][]) {
    const earlier = parts === null ? [] : partsIn(parts);
    for (const part of earlier) found.push({ stationId, measuredAt, ...part });
    // None of a message with a time of its own.
    if (hi !== null && lo !== null) found.push({ stationId, measuredAt, hi, lo });
  }
  return found;
}

import { DAY_MS } from '../domain/durations.ts';
import type { HealthRow, ReadingStore } from '../store/readingStore.ts';

/** What a store holds of one station. */
export interface StationTally {
  readings: number;
  /** Single values of quantities and of anything else the device sent. */
  values: number;
  /** Messages with what the device said of itself. */
  healthRows: number;
  /** Epoch ms; absent without readings. */
  firstMeasuredAt?: number;
  lastMeasuredAt?: number;
}

/** Health rows are read in pieces of this length, ms: of ten years they would not fit into memory. */
const PIECE_MS = 28 * DAY_MS;

/** Counts what is stored of a station, by reading it: for the receipt of its deletion. */
export async function tallyOf(
  store: Pick<ReadingStore, 'scan' | 'health' | 'seriesOf'>,
  stationId: string,
): Promise<StationTally> {
  const tally: StationTally = { readings: 0, values: 0, healthRows: 0 };
  const window = await storedWindow(store, stationId);
  if (window === undefined) return tally;
  const { from, to } = window;
  for await (const page of store.scan({ stationId, from, to })) {
    tally.readings += page.length;
    for (const { values, extra } of page) tally.values += Object.keys(values).length + Object.keys(extra ?? {}).length;
  }
  for await (const rows of healthInPieces(store, { stationId, from, to })) tally.healthRows += rows.length;
  return { ...tally, firstMeasuredAt: from, lastMeasuredAt: to - 1 };
}

/** From the first to just after the last reading of a station; undefined when there is none. */
export async function storedWindow(
  store: Pick<ReadingStore, 'seriesOf'>,
  stationId: string,
): Promise<{ from: number; to: number } | undefined> {
  const series = await store.seriesOf(stationId);
  if (series.length === 0) return undefined;
  const from = Math.min(...series.map(({ first }) => first));
  return { from, to: Math.max(...series.map(({ last }) => last)) + 1 };
}

/** Health rows of a window, a piece at a time. */
export async function* healthInPieces(
  store: Pick<ReadingStore, 'health'>,
  { stationId, from, to }: { stationId: string; from: number; to: number },
): AsyncGenerator<HealthRow[]> {
  for (let start = from; start < to; start += PIECE_MS) {
    yield await store.health({ stationId, from: start, to: Math.min(to, start + PIECE_MS) });
  }
}

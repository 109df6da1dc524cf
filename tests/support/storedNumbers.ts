import type { ReadingStore } from '../../server/store/readingStore.ts';
import { numberOf } from './readingLoad.ts';

/** What a load had acknowledged: numbers by station. */
export interface AcknowledgedLoad {
  acknowledged: ReadonlyMap<string, ReadonlySet<number>>;
}

/** What of a load is in the store. */
export interface LoadVerdict {
  /** Acknowledged numbers that are not stored. */
  lost: number[];
  /** Numbers stored more than once. */
  twice: number[];
  stored: number;
}

/** Compares what a load had acknowledged with what is stored. */
export async function judgeLoad(store: ReadingStore, load: AcknowledgedLoad): Promise<LoadVerdict> {
  const verdict: LoadVerdict = { lost: [], twice: [], stored: 0 };
  for (const [stationId, acknowledged] of load.acknowledged) {
    const times = await timesStored(store, stationId);
    verdict.stored += times.size;
    for (const number of acknowledged) if (!times.has(number)) verdict.lost.push(number);
    for (const [number, count] of times) if (count > 1) verdict.twice.push(number);
  }
  return verdict;
}

async function timesStored(store: ReadingStore, stationId: string): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  for await (const page of store.scan({ stationId, from: 0, to: Number.MAX_SAFE_INTEGER })) {
    for (const { values } of page) {
      const number = numberOf(values.pm10 ?? 0);
      times.set(number, (times.get(number) ?? 0) + 1);
    }
  }
  return times;
}

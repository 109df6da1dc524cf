import { timesStored } from '../../bench/faults/verdict.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';

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

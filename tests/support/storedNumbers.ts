import { expect } from '@jest/globals';
import { numberOf } from '../../bench/faults/numberedLoad.ts';
import { timesStored } from '../../bench/faults/verdict.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { eventText, factsOf, type LoadMessage, timeText } from './loadFacts.ts';
import type { ReadingLoad } from './readingLoad.ts';

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

/** Most messages a failed test tells of, lost or doubled each. */
const MAX_TOLD = 20;

/**
 * Every message of a load whose messages are all acknowledged is stored exactly once. A failure says of each that is not
 * what became of it: a loss that shows once in a hundred runs has to explain itself.
 */
export async function expectStoredOnce(store: ReadingStore, load: ReadingLoad): Promise<void> {
  const verdict = await judgeLoad(store, load);
  if (verdict.lost.length + verdict.twice.length > 0) throw new Error(await explained(store, load, verdict));
  expect(verdict).toEqual({ lost: [], twice: [], stored: load.sent });
}

async function explained(store: ReadingStore, load: ReadingLoad, { lost, twice }: LoadVerdict): Promise<string> {
  const lines = [`${lost.length} lost and ${twice.length} stored twice of ${load.sent} messages.`];
  for (const [fate, numbers] of Object.entries({ lost, twice })) {
    for (const number of numbers.slice(0, MAX_TOLD))
      lines.push(`  ${fate}: ${await factsOfStored(store, load, number)}`);
  }
  return [...lines, 'Meanwhile:', ...load.events.map(eventText)].join('\n');
}

async function factsOfStored(store: ReadingStore, load: ReadingLoad, number: number): Promise<string> {
  const message = load.messages.get(number);
  if (message === undefined) return `#${number}, which this load never sent`;
  const places = (await placesOf(store, message.stationId, (stored) => stored === number)).map(({ at }) =>
    timeText(at),
  );
  return `${factsOf(message)}, stored at ${places.join(' and ') || 'no time'}${await atItsTime(store, message)}`;
}

/** What lies at the time that a lost message claims. */
async function atItsTime(store: ReadingStore, { stationId, number, stampedAt }: LoadMessage): Promise<string> {
  if (stampedAt === undefined) return '';
  const there = await placesOf(store, stationId, (stored, at) => at === stampedAt && stored !== number);
  return there.length === 0 ? '' : `; at its time lies ${there.map(({ stored }) => `#${stored}`).join(' and ')}`;
}

async function placesOf(store: ReadingStore, stationId: string, isMeant: (stored: number, at: number) => boolean) {
  const places: { stored: number; at: number }[] = [];
  for await (const page of store.scan({ stationId, from: 0, to: Number.MAX_SAFE_INTEGER })) {
    for (const { values, measuredAt } of page) places.push({ stored: numberOf(values.pm10 ?? 0), at: measuredAt });
  }
  return places.filter(({ stored, at }) => isMeant(stored, at));
}

import { afterEach, beforeEach, describe } from '@jest/globals';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { describeAppend } from './appendContract.ts';
import { describeHealth } from './healthContract.ts';
import { describeHours } from './hoursContract.ts';
import { describeHostileNames } from './injectionContract.ts';
import { describeQueries } from './queryContract.ts';
import { describeRemoval } from './removalContract.ts';
import { describeRollups } from './rollupContract.ts';
import { describeWholeStore } from './wholeStoreContract.ts';

/** An empty store for one test. */
export interface StoreUnderTest {
  /** Opened. Another object after `reopen`. */
  store: ReadingStore;
  /** Closes the store and opens it anew, as a restarted process does. */
  reopen(): Promise<void>;
  /** Closes it and removes its data. */
  destroy(): Promise<void>;
}

/** The text of `ReadingStore` as tests: both stores, bare and behind the queue, are held to it. */
export function describeReadingStore(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let current: StoreUnderTest;
    beforeEach(async () => {
      current = await makeStore();
    });
    afterEach(() => current.destroy());
    const underTest = () => current;
    describeAppend(underTest);
    describeHealth(underTest);
    describeQueries(underTest);
    describeHours(underTest);
    describeWholeStore(underTest);
    describeRemoval(underTest);
    describeRollups(underTest);
    describeHostileNames(underTest);
  });
}

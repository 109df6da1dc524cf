import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { Quantity } from '../../server/domain/quantity.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { HOSTILE_TEXTS } from '../support/hostileTexts.ts';
import type { StoreUnderTest } from './readingStoreContract.ts';
import { message, OTHER_STATION, STATION, T0 } from './storeMessages.ts';

const WINDOW = { from: 0, to: T0 + HOUR_MS };

/** Everything a store can be asked under a name, as rows. A name that can be none may be refused. */
function questions(store: ReadingStore, text: string): Promise<unknown[]>[] {
  const quantity = text as Quantity;
  return [
    store.raw({ stationId: text, sensor: 'sds011', quantity: 'pm25', ...WINDOW }),
    store.raw({ stationId: STATION, sensor: text, quantity: 'pm25', ...WINDOW }),
    store.raw({ stationId: STATION, sensor: 'sds011', quantity, ...WINDOW }),
    store.buckets({ stationId: text, sensor: 'sds011', quantity: 'pm25', bucketMs: 3_600_000, ...WINDOW }),
    store.buckets({ stationId: STATION, sensor: text, quantity: 'pm25', bucketMs: 3_600_000, ...WINDOW }),
    store.buckets({ stationId: STATION, sensor: 'sds011', quantity, bucketMs: 3_600_000, ...WINDOW }),
    store.seriesOf(text),
    store.intervals({ stationId: text, ...WINDOW }),
    store.health({ stationId: text, ...WINDOW }),
    pagesOf(store.scan({ stationId: text, ...WINDOW })),
    store.courses({ stationIds: [text], ...WINDOW }),
  ];
}

async function pagesOf<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** Names are bound or looked up in fixed lists: no text reaches further than its own place. */
export function describeHostileNames(underTest: () => StoreUnderTest): void {
  describe('names that are more than names', () => {
    it.each(HOSTILE_TEXTS)('find nothing and change nothing: %j', async (text) => {
      const { store } = underTest();
      const values = { pm25: 1, pm10: 2 };
      await store.append([message(T0, { values }), message(T0, { stationId: OTHER_STATION, values })]);
      for (const answer of await Promise.allSettled(questions(store, text))) {
        if (answer.status === 'fulfilled') expect(answer.value).toEqual([]);
      }
      await store.remove({ stationId: text }).catch(() => undefined);
      await store.remove({ stationId: STATION, sensor: text }).catch(() => undefined);
      const left = (await pagesOf(store.scan(WINDOW))).flat();
      expect(left.map((reading) => [reading.stationId, reading.values])).toEqual([
        [STATION, values],
        [OTHER_STATION, values],
      ]);
    });
  });
}

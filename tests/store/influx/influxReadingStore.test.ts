import { afterAll, beforeAll, describe } from '@jest/globals';
import { InfluxReadingStore, type InfluxReadingStoreOptions } from '../../../server/store/influx/influxReadingStore.ts';
import { INFLUX_ADMIN, type Influxd, startInfluxd } from '../../support/influxd.ts';
import { describeReadingStore, type StoreUnderTest } from '../readingStoreContract.ts';

let databases = 0;

/** A store on a database of its own. */
async function storeOn(influxd: Influxd, options: Partial<InfluxReadingStoreOptions> = {}): Promise<StoreUnderTest> {
  databases += 1;
  const bucket = `contract ${databases}`;
  const create = () => new InfluxReadingStore({ url: influxd.url, bucket, ...options });
  const underTest: StoreUnderTest = {
    store: create(),
    reopen: async () => {
      await underTest.store.close();
      underTest.store = create();
      await underTest.store.open();
    },
    destroy: async () => {
      await underTest.store.close();
      await influxd.query(`DROP DATABASE "${bucket}"`);
    },
  };
  await underTest.store.open();
  return underTest;
}

describe('with InfluxDB 1.6.7', () => {
  let influxd: Influxd;
  beforeAll(async () => {
    influxd = await startInfluxd();
  });
  afterAll(() => influxd.destroy());
  describeReadingStore('InfluxReadingStore', () => storeOn(influxd));
});

describe('with InfluxDB 1.6.7 and authentication', () => {
  let influxd: Influxd;
  beforeAll(async () => {
    influxd = await startInfluxd({ hasAuthentication: true });
  });
  afterAll(() => influxd.destroy());
  describeReadingStore('InfluxReadingStore with user and password', () => storeOn(influxd, INFLUX_ADMIN));
});

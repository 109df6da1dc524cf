import { InfluxReadingStore } from '../../server/store/influx/influxReadingStore.ts';
import { QueueingReadingStore } from '../../server/store/queueingReadingStore.ts';
import { message } from './storeMessages.ts';

/**
 * Program of the queue's crash test: appends to a store that is away, one batch of 20 after another, and prints
 * `acked <last time>` for each that it may acknowledge.
 */
const [url = '', bucket = '', folder = '', firstTime = '0'] = process.argv.slice(2);

const store = new QueueingReadingStore({ store: new InfluxReadingStore({ url, bucket }), folder, limitBytes: 1e9 });
await store.open();
for (let first = Number(firstTime); ; first += 20) {
  await store.append(Array.from({ length: 20 }, (_, index) => message(first + index, { values: { pm25: index } })));
  console.log(`acked ${first + 19}`);
}

import { expect, it } from '@jest/globals';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { STATUS_TOPIC } from '../../server/domain/topics.ts';
import { AskedKeeper } from '../../server/nodes/askedKeeper.ts';
import { NodeBus } from '../../server/nodes/nodeBus.ts';
import { RollupTeller } from '../../server/nodes/rollupTeller.ts';
import { course, MIDNIGHT, RollupHouse, STATION } from '../rollups/rollupHouse.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';

it('a web node learns from the aggregator whether rows are true, and takes none for true that it cannot ask about', async () => {
  const { url } = await startMosquitto();
  const busOf = (nodeId: string) => {
    const bus = new NodeBus({ url, nodeId, run: '1', onError: () => undefined });
    closeAfterTest(() => bus.close());
    return bus;
  };
  const house = await RollupHouse.open();
  const [there, here] = [busOf('aggregator'), busOf('web')];
  const teller = new RollupTeller(there, house.keeper);
  closeAfterTest(() => teller.close());
  const marked: (readonly string[] | 'all')[] = [];
  const asked = new AskedKeeper({
    bus: here,
    onClosed: () => undefined,
    onProof: () => undefined,
    onMark: (stationIds) => marked.push(stationIds),
  });
  const ask = (patienceMs = 60_000) => asked.upToDate([STATION], { patienceMs, to: Number.POSITIVE_INFINITY });
  for (const bus of [there, here]) {
    bus.start();
    await bus.ready(60_000);
  }
  expect(await ask()).toBe(false);
  there.retain(STATUS_TOPIC, 'online');
  await until('it is there', () => asked.isThere);
  // Whatever was marked before, nobody heard of it here.
  expect(marked).toEqual(['all']);
  house.now = MIDNIGHT + 3 * HOUR_MS;
  house.keeper.start();
  expect(await ask()).toBe(true);
  const { store } = house;
  marked.length = 0;
  await store.append(course(MIDNIGHT, 2));
  await until('the web node hears whose rows are made anew', () => marked.length > 0);
  expect(new Set(marked.flat())).toEqual(new Set([STATION]));
  await store.close();
  expect(await ask()).toBe(false);
  await store.open();
  expect(await ask()).toBe(true);
});

import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { InfluxReadingStore } from '../../server/store/influxReadingStore.ts';
import { type Nodes, startNodes } from '../support/nodes.ts';
import { type LoadDevice, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver } from '../support/serverProcess.ts';
import { judgeLoad } from '../support/storedNumbers.ts';
import { until } from '../support/until.ts';

const DEVICES = 9;

async function startLoad({ aggregator, mosquitto }: Nodes): Promise<ReadingLoad> {
  const devices: LoadDevice[] = [];
  for (let n = 0; n < DEVICES; n++) devices.push(await addStationOver(aggregator.server, `esp8266-${7000 + n}`));
  // The ingest nodes follow the registry over the broker.
  await wait(1_000);
  const load = new ReadingLoad({ devices, mqttPort: mosquitto.port, everyMs: 60, isAnonymous: true });
  load.start();
  return load;
}

/** Ends the load and waits until everything the broker still had for a node is stored. */
async function settle(nodes: Nodes, load: ReadingLoad): Promise<void> {
  load.stop();
  await until('every message is acknowledged', () => load.unacknowledged === 0, 60_000);
  const isIdle = async () => {
    for (const { server } of [...nodes.ingest, nodes.aggregator]) {
      const metrics = await server.metrics();
      if (metrics.get('buergerluft_mqtt_held') !== 0) return false;
    }
    return true;
  };
  await wait(1_000);
  await until('the nodes have stored what the broker kept for them', isIdle, 60_000);
  await wait(500);
}

async function judge({ influxd }: Nodes, load: ReadingLoad) {
  const store = new InfluxReadingStore({ url: influxd.url, bucket: 'readings' });
  await store.open();
  const verdict = await judgeLoad(store, load);
  await store.close();
  return verdict;
}

/** Readings the aggregator heard of, each once: told by the nodes, and found in the store. */
async function heard({ aggregator }: Nodes): Promise<{ told: number; found: number }> {
  const metrics = await aggregator.server.metrics();
  const count = (how: string) => metrics.get(`buergerluft_nodes_readings_total{how="${how}"}`) ?? 0;
  return { told: count('told'), found: count('found') };
}

describe('three ingest nodes beside an aggregator', () => {
  it('store every message once, and the aggregator hears of each', async () => {
    const nodes = await startNodes();
    const load = await startLoad(nodes);
    await wait(3_000);
    await settle(nodes, load);
    expect(await judge(nodes, load)).toEqual({ lost: [], twice: [], stored: load.sent });
    const shares = await Promise.all(
      nodes.ingest.map(async ({ server }) => (await server.metrics()).get('buergerluft_readings_stored_total')),
    );
    for (const share of shares) expect(share).toBeGreaterThan(load.sent / 6);
    expect(await heard(nodes)).toEqual({ told: load.sent, found: 0 });
  }, 120_000);

  it('lose nothing and store nothing twice while one after the other is killed and started again', async () => {
    const nodes = await startNodes();
    const load = await startLoad(nodes);
    for (const node of nodes.ingest) {
      await wait(1_500);
      await node.killAndStart();
      await node.ready();
    }
    await wait(1_000);
    await settle(nodes, load);
    expect(await judge(nodes, load)).toEqual({ lost: [], twice: [], stored: load.sent });
    // What a node stored and could not tell any more is read back.
    const { told, found } = await heard(nodes);
    expect(told + found).toBe(load.sent);
  }, 180_000);

  it('lose nothing while the aggregator is killed and started again', async () => {
    const nodes = await startNodes();
    const load = await startLoad(nodes);
    await wait(1_500);
    await nodes.aggregator.killAndStart();
    await nodes.aggregator.ready();
    await wait(2_000);
    await settle(nodes, load);
    expect(await judge(nodes, load)).toEqual({ lost: [], twice: [], stored: load.sent });
  }, 180_000);
});

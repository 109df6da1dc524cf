import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { closeAfterTest } from '../support/closing.ts';
import { MapViewer } from '../support/mapViewer.ts';
import { freePort } from '../support/mosquitto.ts';
import {
  addLoadDevices,
  expectStoredByNodesOnce,
  judgeNodes,
  type NodeProcess,
  type Nodes,
  settleNodes,
  startNodes,
} from '../support/nodes.ts';
import { PushLoad } from '../support/pushLoad.ts';
import { ReadingLoad } from '../support/readingLoad.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

async function startLoad(nodes: Nodes, more: { reconnectMs?: number } = {}): Promise<ReadingLoad> {
  const devices = await addLoadDevices(nodes, 9);
  const load = new ReadingLoad({ devices, mqttPort: nodes.mosquitto.port, everyMs: 80, isAnonymous: true, ...more });
  load.start();
  return load;
}

/** The bridge of the instance, as a process of its own. */
async function startBridge({ mosquitto }: Nodes): Promise<string> {
  const settings = { ROLES: 'bridge', NODE_ID: 'north', MQTT_URL: mosquitto.url, DATA_DIR: temporaryFolder() };
  const bridge = await startServerProcess({ settings: { ...settings, HTTP_PORT: String(await freePort()) } });
  await until('the bridge knows the registry', async () => (await fetch(`${bridge.url}/readyz`)).ok);
  return bridge.url;
}

/** True when every ingest node is at the broker and has its subscriptions. */
async function areConnected({ ingest }: Nodes): Promise<boolean> {
  const all = await Promise.all(ingest.map(({ server }) => server.metrics()));
  return all.every((metrics) => metrics.get('buergerluft_mqtt_connected') === 1);
}

describe('ingest and web nodes under load', () => {
  it.each<[string, { ingest: number; web: number }, (nodes: Nodes) => NodeProcess[]]>([
    ['three ingest nodes', { ingest: 3, web: 1 }, ({ ingest }) => ingest],
    ['the aggregator and two web nodes', { ingest: 2, web: 2 }, ({ aggregator, web }) => [aggregator, ...web]],
  ])(
    'lose nothing and store nothing twice while %s are killed in turn and started again',
    async (_who, counts, killed) => {
      const nodes = await startNodes(counts);
      const [web] = nodes.web as [NodeProcess];
      const load = await startLoad(nodes);
      const viewer = new MapViewer({ quantity: 'pm10', average: 'latest' });
      closeAfterTest(() => viewer.close());
      await viewer.open(web.server.url);
      for (const node of killed(nodes)) {
        await wait(1_000);
        await node.killAndStart();
        await node.ready();
      }
      await wait(1_000);
      await settleNodes(nodes, load);
      await expectStoredByNodesOnce(nodes, load);
      // A browser that held on through all of it shows what the aggregator knows.
      const isSame = async () => {
        const told = await viewer.valuesAt(nodes.aggregator.server.url);
        return JSON.stringify([...viewer.values].sort()) === JSON.stringify([...told].sort());
      };
      await until('the browser shows what the aggregator knows', isSame);
    },
  );
});

describe('the broker killed under load', () => {
  it('costs nothing that went through the bridge', async () => {
    const nodes = await startNodes({ ingest: 3 });
    const url = await startBridge(nodes);
    const load = new PushLoad({ devices: await addLoadDevices(nodes, 6), url, everyMs: 60 });
    await wait(1_000);
    load.start();
    for (let kill = 0; kill < 2; kill++) {
      await wait(2_000);
      await nodes.mosquitto.kill();
      await wait(1_000);
      await nodes.mosquitto.start();
    }
    await wait(2_000);
    await load.stop();
    const isThere = async () => (await judgeNodes(nodes, load)).lost.length === 0;
    await until('the spool has been emptied', isThere);
    expect(await judgeNodes(nodes, load)).toEqual({ lost: [], twice: [], stored: load.sent });
  });

  it('costs direct senders what it had not saved and what came before the nodes were back, and stores nothing twice', async () => {
    const nodes = await startNodes({ ingest: 3 });
    // As firmware does, which waits for seconds: Mosquitto 2.0 forgets shared subscriptions until the nodes are back.
    const load = await startLoad(nodes, { reconnectMs: 3_000 });
    await wait(1_500);
    nodes.mosquitto.save();
    await wait(1_000);
    await nodes.mosquitto.kill();
    load.pause();
    await wait(1_000);
    await nodes.mosquitto.start();
    await until('the nodes are back', () => areConnected(nodes));
    const sentBefore = load.sent;
    load.resume();
    await wait(6_000);
    await until('enough is sent', () => load.sent > sentBefore + 100);
    await settleNodes(nodes, load);
    const lostSince = async () => (await judgeNodes(nodes, load)).lost.filter((number) => number > sentBefore);
    await until('what was sent since then is stored', async () => (await lostSince()).length === 0);
    expect((await judgeNodes(nodes, load)).twice).toEqual([]);
  });
});

describe('InfluxDB away under load', () => {
  it('leaves messages with the broker; they are stored once when it is back, also by a node started meanwhile', async () => {
    const nodes = await startNodes({ ingest: 2 });
    const [first] = nodes.ingest as [NodeProcess];
    const load = await startLoad(nodes);
    await wait(1_500);
    await nodes.influxd.kill();
    await wait(3_000);
    await first.killAndStart();
    await wait(2_000);
    await nodes.influxd.start();
    for (const node of [nodes.aggregator, ...nodes.ingest]) await node.ready();
    await settleNodes(nodes, load);
    await expectStoredByNodesOnce(nodes, load);
  });
});

describe('the broker’s store wiped', () => {
  it('leaves ingest nodes with their copy of the registry, also one that starts then; the aggregator publishes it again', async () => {
    const nodes = await startNodes({ ingest: 2 });
    const [first] = nodes.ingest as [NodeProcess];
    const load = await startLoad(nodes);
    await wait(1_500);
    load.pause();
    await load.settled();
    await settleNodes(nodes, load, { isOver: false });
    await nodes.aggregator.server.kill();
    await nodes.mosquitto.stop();
    nodes.mosquitto.wipe();
    await nodes.mosquitto.start();
    await first.killAndStart();
    await until('the nodes are back', () => areConnected(nodes));
    const sentBefore = load.sent;
    load.resume();
    await wait(2_000);
    // Without aggregator and registry, messages of known devices are stored all the same.
    const isStored = async () => (await judgeNodes(nodes, load)).stored > sentBefore + 20;
    await until('messages are stored', isStored);
    await nodes.aggregator.start();
    for (const node of [nodes.aggregator, ...nodes.ingest]) await node.ready();
    await settleNodes(nodes, load);
    await expectStoredByNodesOnce(nodes, load);
  });
});

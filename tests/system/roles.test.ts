import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Series } from '../../server/domain/contract.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { InfluxReadingStore } from '../../server/store/influx/influxReadingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { connectMqtt } from '../support/mqttClients.ts';
import { addLoadDevices, expectStoredByNodesOnce, type Nodes, settleNodes, startNodes } from '../support/nodes.ts';
import { numberedBody, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver, runServerToItsEnd } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

async function startLoad(nodes: Nodes): Promise<ReadingLoad> {
  const devices = await addLoadDevices(nodes, 9);
  const load = new ReadingLoad({ devices, mqttPort: nodes.mosquitto.port, everyMs: 60, isAnonymous: true });
  load.start();
  return load;
}

/** Readings the aggregator heard of, each once: told by the nodes, and found in the store. */
async function heard({ aggregator }: Nodes): Promise<{ told: number; found: number }> {
  const metrics = await aggregator.server.metrics();
  const count = (how: string) => metrics.get(`buergerluft_nodes_readings_total{how="${how}"}`) ?? 0;
  return { told: count('told'), found: count('found') };
}

/** What is stored is told, or found, a moment later. */
async function untilHeard(nodes: Nodes, { sent }: ReadingLoad): Promise<void> {
  await until('the aggregator has heard of everything', async () => {
    const { told, found } = await heard(nodes);
    return told + found >= sent;
  });
}

describe('three ingest nodes beside an aggregator', () => {
  it('store every message once, and the aggregator hears of each', async () => {
    const nodes = await startNodes();
    const load = await startLoad(nodes);
    await wait(3_000);
    await settleNodes(nodes, load);
    await expectStoredByNodesOnce(nodes, load);
    const shares = await Promise.all(
      nodes.ingest.map(async ({ server }) => (await server.metrics()).get('buergerluft_readings_stored_total')),
    );
    for (const share of shares) expect(share).toBeGreaterThan(load.sent / 6);
    await untilHeard(nodes, load);
    const { told, found } = await heard(nodes);
    expect(told + found).toBe(load.sent);
    // Of a node that stood still until the broker gave it up (`KEEPALIVE_S`) the aggregator finds some in the store first.
    expect(told).toBeGreaterThan(0);
  });

  it('lose nothing and store nothing twice while one after the other is killed and started again', async () => {
    const nodes = await startNodes();
    const load = await startLoad(nodes);
    for (const node of nodes.ingest) {
      await wait(1_500);
      await node.killAndStart();
      await node.ready();
    }
    await wait(1_000);
    await settleNodes(nodes, load);
    await expectStoredByNodesOnce(nodes, load);
    // What a node stored and could not tell any more is read back.
    await untilHeard(nodes, load);
    const { told, found } = await heard(nodes);
    expect(told + found).toBe(load.sent);
  });

  it('leave to the aggregator what only one process can place: parts of a cycle, and hours that are closed', async () => {
    const nodes = await startNodes();
    const { aggregator, mosquitto, influxd } = nodes;
    const { stationId, deviceId } = await addStationOver(aggregator.server, 'esphome-abc123');
    await addLoadDevices(nodes, 1);
    const device = await connectMqtt(mosquitto.port);
    // One cycle in three messages, which the nodes take in turns.
    const parts = { pm_2_5: '7.1', pm_10_0: '12.5', pm_1_0: '3.0' };
    for (const [object, value] of Object.entries(parts)) {
      await device.publishAsync(`${deviceId}/sensor/${object}/state`, value, { qos: 1 });
    }
    const yesterday = new Date(Date.now() - 26 * 3_600_000);
    const body = JSON.stringify({ timestamp: yesterday.toISOString(), ...JSON.parse(numberedBody(1)) });
    for (let copy = 0; copy < 3; copy++)
      await device.publishAsync('buergerluft/esp8266-7000/airrohr', body, { qos: 1 });
    const store = new InfluxReadingStore({ url: influxd.url, bucket: 'readings' });
    await store.open();
    closeAfterTest(() => store.close());
    const stored = async () => {
      const found: Reading[] = [];
      for await (const page of store.scan({ from: 0, to: Date.now() + 60_000 })) found.push(...page);
      return found;
    };
    const hasAll = async () => {
      const all = await stored();
      // Two values of the airRohr, and the three parts of the cycle.
      return all.length === 2 && all.flatMap(({ values }) => Object.keys(values)).length === 5;
    };
    await until('both readings are stored', hasAll);
    const cycle = (await stored()).find((reading) => reading.stationId === stationId);
    expect(cycle?.values).toEqual({ pm1: 3, pm25: 7.1, pm10: 12.5 });
    // The day it belongs to was closed: its means are made anew, by the process that makes them.
    const late = (await stored()).find((reading) => reading.stationId !== stationId);
    expect(late?.measuredAt).toBe(yesterday.getTime());
    const hours = `/api/v1/stations/${late?.stationId}/series?quantity=pm10&window=1h&from=${new Date(yesterday.getTime() - 3_600_000).toISOString()}`;
    const points = async () => ((await (await fetch(aggregator.server.url + hours)).json()) as Series).points;
    await until('the hour has a row', async () =>
      (await points()).some((point) => 'count' in point && point.count === 1),
    );
    expect(await heard(nodes)).toEqual({ told: 0, found: 0 });
  });
});

describe('roles that cannot work', () => {
  it('are refused in one line: a second aggregator at the broker', async () => {
    const nodes = await startNodes({ ingest: 0 });
    const settings = { ...nodes.aggregator.settings, NODE_ID: 'other', DATA_DIR: temporaryFolder(), HTTP_PORT: '0' };
    const { code, stderr } = await runServerToItsEnd({ settings });
    expect(code).toBe(1);
    expect(stderr).toBe('The node center is the aggregator at this broker already, and there can be only one.\n');
  });
});

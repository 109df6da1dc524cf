import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type { MapChanged, MapState } from '../../server/domain/contract.ts';
import { closeAfterTest } from '../support/closing.ts';
import { type NodeProcess, type Nodes, startNodes } from '../support/nodes.ts';
import { type LoadDevice, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';

const LAYER = { quantity: 'pm10', average: 'latest' } as const;

/** A browser's side of the map: whole state, then ticks. */
class Viewer {
  readonly changes: MapChanged[] = [];
  readonly snapshots: unknown[] = [];
  values = new Map<string, number | null>();
  cursor = { epoch: '', seq: 0 };
  #socket: Socket | undefined;

  async open({ server }: NodeProcess): Promise<void> {
    const response = await fetch(`${server.url}/api/v1/map?quantity=pm10&average=latest`);
    const state = (await response.json()) as MapState;
    this.values = new Map(state.id.map((id, at) => [id, state.value[at] ?? null]));
    this.cursor = { epoch: state.epoch, seq: state.seq };
    this.connect(server.url);
  }

  /** Goes on at another node from where it is. */
  connect(url: string): void {
    this.#socket?.disconnect();
    const socket = io(url, { transports: ['websocket'], reconnection: true, forceNew: true });
    this.#socket = socket;
    socket.on('connect', () => void socket.emit('map:subscribe', { ...LAYER, cursor: this.cursor }));
    socket.on('map:snapshot', (snapshot) => void this.snapshots.push(snapshot));
    socket.on('map:changed', (changed: MapChanged) => this.#take(changed));
  }

  close(): void {
    this.#socket?.disconnect();
  }

  #take(changed: MapChanged): void {
    if (changed.epoch === this.cursor.epoch && changed.seq <= this.cursor.seq) return;
    this.changes.push(changed);
    this.cursor = { epoch: changed.epoch, seq: changed.seq };
    for (const [at, id] of changed.id.entries()) this.values.set(id, changed.value[at] ?? null);
  }
}

async function startLoad({ aggregator, mosquitto }: Nodes, count: number): Promise<ReadingLoad> {
  const devices: LoadDevice[] = [];
  for (let n = 0; n < count; n++) devices.push(await addStationOver(aggregator.server, `esp8266-${7100 + n}`));
  await wait(1_000);
  const load = new ReadingLoad({ devices, mqttPort: mosquitto.port, everyMs: 200, isAnonymous: true });
  load.start();
  return load;
}

function seqsOf({ changes }: Viewer): number[] {
  return changes.map(({ seq }) => seq);
}

async function json(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

describe('two web nodes', () => {
  it('let a browser go from one to the other without a gap', async () => {
    const nodes = await startNodes({ ingest: 1, web: 2 });
    const [first, second] = nodes.web as [NodeProcess, NodeProcess];
    const load = await startLoad(nodes, 3);
    const viewer = new Viewer();
    closeAfterTest(() => viewer.close());
    await viewer.open(first);
    // The second follows the layer too, once it is in use anywhere.
    await until('ticks come', () => viewer.changes.length >= 3, 20_000);
    for (let move = 0; move < 4; move++) {
      const before = viewer.changes.length;
      viewer.connect((move % 2 === 0 ? second : first).server.url);
      await until('ticks come from the other node', () => viewer.changes.length >= before + 3, 20_000);
    }
    load.stop();
    const seqs = seqsOf(viewer);
    expect(seqs).toEqual(seqs.map((_seq, at) => seqs[0]! + at));
    expect(new Set(viewer.changes.map(({ epoch }) => epoch)).size).toBe(1);
    expect(viewer.snapshots).toEqual([]);
    await wait(2_000);
    const whole = (await json(`${nodes.aggregator.server.url}/api/v1/map?quantity=pm10&average=latest`)) as MapState;
    expect([...viewer.values].sort()).toEqual(whole.id.map((id, at) => [id, whole.value[at]]).sort());
  }, 180_000);

  it('answer as the aggregator does, and hand on what only it can do', async () => {
    const nodes = await startNodes({ ingest: 1, web: 1 });
    const [web] = nodes.web as [NodeProcess];
    const load = await startLoad(nodes, 2);
    await wait(2_000);
    load.stop();
    await until('every message is acknowledged', () => load.unacknowledged === 0, 30_000);
    await wait(1_500);
    const [stationId = ''] = load.acknowledged.keys();
    for (const path of [
      '/api/v1/stations',
      `/api/v1/stations/${stationId}`,
      `/api/v1/stations/${stationId}/series?quantity=pm10&window=raw`,
      '/api/v1/limits',
      '/api/v1/openapi.json',
      '/api/v1/citations/key',
    ]) {
      expect([path, await json(web.server.url + path)]).toEqual([path, await json(nodes.aggregator.server.url + path)]);
    }
    for (const path of ['/', `/station/${stationId}`, '/area', '/methods', '/imprint', '/report', '/host']) {
      const response = await fetch(web.server.url + path);
      expect([path, response.status]).toEqual([path, 200]);
    }
    const admin = {
      Authorization: `Bearer ${nodes.aggregator.server.adminToken()}`,
      'Content-Type': 'application/json',
    };
    const position = { lat: 51.451, lon: 7.011 };
    const body = JSON.stringify({ name: 'Through the web node', position, isIndoor: false });
    const made = await fetch(`${web.server.url}/api/v1/stations`, { method: 'POST', headers: admin, body });
    expect(made.status).toBe(201);
    const { station, ownerKey } = (await made.json()) as { station: { id: string }; ownerKey: string };
    const isKnown = async () => (await fetch(`${web.server.url}/api/v1/stations/${station.id}`)).ok;
    await until('the web node follows the registry', isKnown, 10_000);
    const owner = { Authorization: `Bearer ${ownerKey}` };
    const gone = await fetch(`${web.server.url}/api/v1/stations/${station.id}`, { method: 'DELETE', headers: owner });
    expect(gone.status).toBe(204);
    await until('the station is gone here too', async () => !(await isKnown()), 10_000);
  }, 180_000);
});

import { setTimeout as wait } from 'node:timers/promises';
import { InfluxReadingStore } from '../../server/store/influx/influxReadingStore.ts';
import { closeAfterTest } from './closing.ts';
import { type Influxd, startInfluxd } from './influxd.ts';
import { freePort, type Mosquitto, startMosquitto } from './mosquitto.ts';
import type { LoadDevice, ReadingLoad } from './readingLoad.ts';
import { addStationOver, type ServerProcess, startServerProcess } from './serverProcess.ts';
import { type AcknowledgedLoad, expectStoredOnce, judgeLoad, type LoadVerdict } from './storedNumbers.ts';
import { temporaryFolder } from './temporaryFolder.ts';
import { until } from './until.ts';

/** One process of an instance that is several; started again on the same folder and port. */
export class NodeProcess {
  readonly settings: Record<string, string>;
  #server: ServerProcess | undefined;

  constructor(settings: Record<string, string>) {
    this.settings = settings;
  }

  /** The running process. */
  get server(): ServerProcess {
    if (this.#server === undefined) throw new Error('the node does not run');
    return this.#server;
  }

  async start(): Promise<void> {
    this.#server = await startServerProcess({ settings: this.settings });
  }

  /** Ends it without warning and starts it again. */
  async killAndStart(): Promise<void> {
    await this.server.kill();
    await this.start();
  }

  /** Resolves when it says that it is ready. */
  async ready(): Promise<void> {
    const isReady = async () => (await fetch(`${this.server.url}/readyz`)).ok;
    await until(`${this.settings.NODE_ID} is ready`, isReady);
  }
}

/** An instance of several processes on a real broker and a real InfluxDB. */
export interface Nodes {
  mosquitto: Mosquitto;
  influxd: Influxd;
  aggregator: NodeProcess;
  ingest: NodeProcess[];
  web: NodeProcess[];
}

/** Starts broker, store, aggregator and the asked for number of others; everything ends after the test. */
export async function startNodes({ ingest = 3, web = 0 }: { ingest?: number; web?: number } = {}): Promise<Nodes> {
  const mosquitto = await startMosquitto();
  const influxd = await startInfluxd();
  closeAfterTest(() => influxd.destroy());
  const common = {
    ...{ MQTT_URL: mosquitto.url, STORE: 'influxdb', INFLUX_URL: influxd.url, INFLUX_BUCKET: 'readings' },
    // A setting that shows in what every node answers itself.
    FURTHER_INDICES: 'true',
  };
  const make = async (role: string, name: string, more: Record<string, string> = {}) => {
    const places = { DATA_DIR: temporaryFolder(), HTTP_PORT: String(await freePort()) };
    const node = new NodeProcess({ ...common, ...places, ROLES: role, NODE_ID: name, ...more });
    await node.start();
    return node;
  };
  const aggregator = await make('aggregator', 'center', { TRUST_PROXY: 'loopback' });
  const nodes: Nodes = { mosquitto, influxd, aggregator, ingest: [], web: [] };
  const REGISTRY_URL = aggregator.server.url;
  const several = (count: number, role: string, more?: Record<string, string>) =>
    Promise.all(Array.from({ length: count }, (_, at) => make(role, `${role}-${at + 1}`, more)));
  [nodes.ingest, nodes.web] = await Promise.all([several(ingest, 'ingest'), several(web, 'web', { REGISTRY_URL })]);
  for (const node of [aggregator, ...nodes.ingest, ...nodes.web]) await node.ready();
  return nodes;
}

/** Makes stations with devices, known to every node when it resolves. */
export async function addLoadDevices(nodes: Nodes, count: number): Promise<LoadDevice[]> {
  const devices: LoadDevice[] = [];
  for (let n = 0; n < count; n++) devices.push(await addStationOver(nodes.aggregator.server, `esp8266-${7000 + n}`));
  await untilAllKnow(nodes);
  return devices;
}

/** Resolves when every node has heard of every station. */
export async function untilAllKnow({ aggregator, ingest, web }: Nodes): Promise<void> {
  const stationsAt = async ({ server }: NodeProcess) => (await server.metrics()).get('buergerluft_stations') ?? 0;
  const all = await stationsAt(aggregator);
  const isKnown = async () => {
    const counts = await Promise.all([...ingest, ...web].map(stationsAt));
    return counts.every((known) => known === all);
  };
  await until('every node knows the stations', isKnown);
}

/** Ends the load, unless it goes on later, and waits until everything the broker still had for a node is stored. */
export async function settleNodes(nodes: Nodes, load: ReadingLoad, { isOver = true } = {}): Promise<void> {
  if (isOver) load.stop();
  await load.settled();
  const isIdle = async () => {
    const all = await Promise.all([...nodes.ingest, nodes.aggregator].map(({ server }) => server.metrics()));
    return all.every((metrics) => metrics.get('buergerluft_mqtt_held') === 0);
  };
  await wait(1_000);
  await until('the nodes have stored what the broker kept for them', isIdle);
  await wait(1_000);
}

/** Longest wait for what the broker still had for a node, ms. */
const ARRIVAL_MS = 120_000;

/** Every message of a settled load is stored exactly once, as soon as the nodes have taken what the broker had for them. */
export async function expectStoredByNodesOnce(nodes: Nodes, load: ReadingLoad): Promise<void> {
  const deadline = Date.now() + ARRIVAL_MS;
  while ((await judgeNodes(nodes, load)).lost.length > 0 && Date.now() < deadline) await wait(500);
  const store = await openStore(nodes);
  await expectStoredOnce(store, load);
  await store.close();
}

/** Compares what a load had acknowledged with what is in the store. */
export async function judgeNodes(nodes: Nodes, load: AcknowledgedLoad): Promise<LoadVerdict> {
  const store = await openStore(nodes);
  const verdict = await judgeLoad(store, load);
  await store.close();
  return verdict;
}

async function openStore({ influxd }: Nodes): Promise<InfluxReadingStore> {
  const store = new InfluxReadingStore({ url: influxd.url, bucket: 'readings' });
  await store.open();
  return store;
}

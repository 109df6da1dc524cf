import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import { InfluxReadingStore } from '../../server/store/influx/influxReadingStore.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { parseMetrics } from '../support/childServer.ts';
import { freePort } from '../support/freePort.ts';
import { startInfluxd } from '../support/influxd.ts';
import { openMosquitto } from '../support/mosquitto.ts';
import { type SeededStation, seedStations } from '../support/seed.ts';
import { type Command, type Part, ProgramPart } from './part.ts';

/** `embedded`: server with its own broker and DuckDB; `full`: Mosquitto, InfluxDB, server. A bridge beside either. */
export type StackKind = 'embedded' | 'full';

/** What a stack is made of. */
export interface StackOptions {
  kind: StackKind;
  /** An empty folder; everything lies in it. */
  folder: string;
  devices: number;
  commands: { server: Command; bridge: Command };
}

/** A running installation whose parts can be ended. */
export interface FaultStack {
  kind: StackKind;
  stations: SeededStation[];
  mqttPort: number;
  pushUrl: string;
  /** In the order in which they start. */
  parts: readonly Part[];
  /** What still waits somewhere: in the server, its queue or the bridge's spool. 0 once everything is stored. */
  waiting(): Promise<number>;
  /** The store as a stranger opens it; the server must be down. */
  openStore(): Promise<ReadingStore>;
  close(): Promise<void>;
}

const SERVICE = { MQTT_USERNAME: 'bridge', MQTT_PASSWORD: 'between-us' };
/** As in `docker/mosquitto/mosquitto.conf`, without accounts. */
const BROKER_SETTINGS = [
  'allow_anonymous true',
  'autosave_interval 30',
  'max_queued_bytes 268435456',
  'max_inflight_messages 0',
];
const BUCKET = 'readings';
const QUIET = { LOG_LEVEL: 'fatal', METRICS_PUBLIC: 'true', HTTP_HOST: '127.0.0.1' };

/** Starts it on free ports. */
export async function startFaultStack({ kind, folder, devices, commands }: StackOptions): Promise<FaultStack> {
  const dataDir = join(folder, 'server');
  const bridgeDir = join(folder, 'bridge');
  const brokerDir = join(folder, 'broker');
  for (const dir of [dataDir, bridgeDir, brokerDir]) mkdirSync(dir, { recursive: true });
  const stations = await seedStations(dataDir, devices);
  const ports = { http: await freePort(), doors: await freePort(), mqtt: await freePort() };
  const outer = kind === 'full' ? await startOuterParts(brokerDir) : undefined;
  const mqttPort = outer?.mosquitto.port ?? ports.mqtt;
  const mqttUrl = `mqtt://127.0.0.1:${mqttPort}`;
  const server = new ProgramPart('server', commands.server, {
    ...{ ...QUIET, ...SERVICE, DATA_DIR: dataDir, HTTP_PORT: String(ports.http), MQTT_PORT: String(ports.mqtt) },
    ...(outer && { MQTT_URL: mqttUrl, STORE: 'influxdb', INFLUX_URL: outer.influxd.url, INFLUX_BUCKET: BUCKET }),
  });
  const bridge = new ProgramPart('bridge', commands.bridge, {
    ...{ ...QUIET, ...SERVICE, DATA_DIR: bridgeDir, HTTP_PORT: String(ports.doors), MQTT_URL: mqttUrl },
    RATE_LIMIT: '100000,1000',
  });
  await server.start();
  await bridge.start();
  await outer?.saveSessions();
  const parts = [...(outer?.parts ?? []), server, bridge];
  return {
    ...{ kind, stations, mqttPort, parts, pushUrl: `http://127.0.0.1:${ports.doors}` },
    waiting: async () => {
      const [ofServer, ofBridge] = await Promise.all([metricsOf(ports.http), metricsOf(ports.doors)]);
      const names = ['queue_messages', 'mqtt_held', 'committer_waiting'];
      const inServer = names.reduce((sum, name) => sum + (ofServer.get(`buergerluft_${name}`) ?? 0), 0);
      return inServer + (ofBridge.get('buergerluft_spool_bytes') ?? 0);
    },
    openStore: async () => {
      const store: ReadingStore = outer
        ? new InfluxReadingStore({ url: outer.influxd.url, bucket: BUCKET })
        : new DuckDbReadingStore({ path: join(dataDir, 'readings.duckdb') });
      await store.open();
      return store;
    },
    close: async () => {
      for (const part of [...parts].reverse()) await part.kill();
      await outer?.influxd.destroy();
    },
  };
}

async function startOuterParts(dir: string) {
  const mosquitto = await openMosquitto(dir, BROKER_SETTINGS);
  const influxd = await startInfluxd();
  const part = (name: string, of: typeof mosquitto | typeof influxd): Part => ({
    name,
    get pid() {
      return of.pid;
    },
    start: () => of.start(),
    stop: () => of.stop(),
    kill: () => of.kill(),
  });
  return {
    ...{ mosquitto, influxd, parts: [part('mosquitto', mosquitto), part('influxd', influxd)] },
    // What it saves every half minute holds our sessions in every installation that is older than that.
    saveSessions: async () => {
      await mosquitto.stop();
      await mosquitto.start();
    },
  };
}

async function metricsOf(port: number): Promise<Map<string, number>> {
  return parseMetrics(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
}

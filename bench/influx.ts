import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildServer, cpuMsOf, generateLoad, startServer } from './support/childServer.ts';
import { type Influxd, startInfluxd } from './support/influxd.ts';
import type { LoadOrder } from './support/loadGenerator.ts';
import { type Mosquitto, openMosquitto } from './support/mosquitto.ts';
import type { DeviceAccount } from './support/mqttDevice.ts';
import { type SeededStation, seedStations } from './support/seed.ts';

/** Messages on their way between a device and the store. */
const OUTSTANDING = 20_000;
const WARM_UP_SECONDS = 4;
const BUCKET = 'readings';

/** Mosquitto, our server and InfluxDB under as many messages as they can take. */
export interface InfluxFigure {
  connections: number;
  /** Messages stored a second in the measured time. */
  perSecond: number;
  /** Acknowledged by Mosquitto alone, nobody subscribed, same devices. */
  barePerSecond: number;
  ratio: number;
  /** Processor time a message, µs. */
  serverMicros: number;
  influxMicros: number;
  mosquittoMicros: number;
  /** Of the devices' side, which shares the machine. */
  generatorMicros: number;
  sent: number;
  /** Messages counted in InfluxDB at the end; `sent`, or the run throws. */
  stored: number;
  residentMb: number;
}

/** A broker and a store, as processes of their own. */
export interface OuterParts {
  mosquitto: Mosquitto;
  influxd: Influxd;
}

/** Runs `use` beside a fresh Mosquitto and InfluxDB. */
export async function withOuterParts<Result>(use: (parts: OuterParts) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'buergerluft-broker-'));
  const mosquitto = await openMosquitto(folder, ['allow_anonymous true', 'max_inflight_messages 0', 'log_type none']);
  const influxd = await startInfluxd();
  try {
    return await use({ mosquitto, influxd });
  } finally {
    await mosquitto.kill();
    await influxd.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Devices at an open broker. */
export function anonymousAccounts(stations: readonly SeededStation[], port: number): DeviceAccount[] {
  return stations.map(({ deviceId }) => ({
    ...{ host: '127.0.0.1', port, clientId: deviceId },
    topic: `buergerluft/${deviceId}/airrohr`,
  }));
}

/** QoS 1 over Mosquitto into InfluxDB: as soon as a message is stored the next one is sent. */
export async function benchInflux(connections: number, seconds: number): Promise<InfluxFigure> {
  return withOuterParts(async ({ mosquitto, influxd }) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
    const stations = await seedStations(dataDir, connections);
    const accounts = anonymousAccounts(stations, mosquitto.port);
    const order: LoadOrder = { accounts, outstanding: OUTSTANDING, warmUpSeconds: WARM_UP_SECONDS, seconds };
    const bare = await generateLoad(order, () => 0);
    const server = await startOnInflux(dataDir, { mosquitto, influxd });
    try {
      const ours = await meteredRun(order, { server, mosquitto, influxd });
      const stored = await storedAtLast(influxd, ours.sent);
      const { sent: _sent, ...figures } = ours;
      return {
        ...{ connections, ...figures, barePerSecond: bare.perSecond, ratio: ours.perSecond / bare.perSecond },
        ...{ sent: ours.sent, stored, residentMb: server.residentMb() },
      };
    } finally {
      await server.end('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}

/** Our server on a broker and an InfluxDB of their own; resolves once it is subscribed. */
export async function startOnInflux(dataDir: string, { mosquitto, influxd }: OuterParts): Promise<ChildServer> {
  const server = await startServer(dataDir, {
    ...{ MQTT_URL: mosquitto.url, STORE: 'influxdb', INFLUX_URL: influxd.url, INFLUX_BUCKET: BUCKET },
  });
  await isSubscribed(server);
  return server;
}

/** Resolves when the server takes messages from its external broker. */
async function isSubscribed(server: ChildServer): Promise<void> {
  while ((await server.metrics()).get('buergerluft_mqtt_connected') !== 1) await sleep(100);
  // Connected comes first, subscribed a moment later.
  await sleep(500);
}

/** Messages the server has stored so far. */
export async function committedBy(server: ChildServer): Promise<number> {
  return (await server.metrics()).get('buergerluft_committer_total{what="messages"}') ?? 0;
}

async function meteredRun(order: LoadOrder, parts: OuterParts & { server: ChildServer }) {
  const { server, mosquitto, influxd } = parts;
  let stored = 0;
  const used = { server: 0, mosquitto: 0, influxd: 0, stored: 0 };
  let sign = -1;
  const meter = () => {
    used.server += sign * server.cpuMs();
    used.mosquitto += sign * cpuMsOf(mosquitto.pid);
    used.influxd += sign * cpuMsOf(influxd.pid);
    used.stored += sign * stored;
    sign = 1;
    return 0;
  };
  const load = await generateLoad({ ...order, isCredited: true }, meter, async () => {
    stored = await committedBy(server);
    return stored;
  });
  const micros = (ms: number) => (ms * 1000) / Math.max(1, used.stored);
  return {
    perSecond: used.stored / order.seconds,
    sent: load.sent,
    ...{
      serverMicros: micros(used.server),
      influxMicros: micros(used.influxd),
      mosquittoMicros: micros(used.mosquitto),
      generatorMicros: load.generatorMicros,
    },
  };
}

/** Counts in the database until all are there; throws after half a minute without any more. */
async function storedAtLast(influxd: Influxd, sent: number): Promise<number> {
  let stored = 0;
  for (let waited = 0; waited < 60; waited++) {
    const now = await countIn(influxd, BUCKET, 'SELECT count(received) FROM message');
    if (now === sent) return now;
    if (now > stored) waited = 0;
    stored = now;
    await sleep(500);
  }
  throw new Error(`sent ${sent}, stored ${stored}`);
}

/** The number an InfluxQL count over everything comes to. */
export async function countIn(influxd: Influxd, database: string, query: string): Promise<number> {
  const answer = (await influxd.query(query, database)) as {
    results: { series?: { values: number[][] }[]; error?: string }[];
  };
  if (answer.results[0]?.error !== undefined) throw new Error(answer.results[0].error);
  return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

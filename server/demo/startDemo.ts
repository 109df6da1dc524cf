import type { Logger } from '../log.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { type IssuedDevice, isRefusal, type NewStation, type StationStore } from '../store/registry/stationStore.ts';
import { demoDeviceId } from './airrohrBody.ts';
import { DEMO_CREDIT, type DemoCredit, loopedCredit } from './credit.ts';
import { recordingStart } from './demoClock.ts';
import { connectDemoDevice } from './demoDevices.ts';
import { DEMO_STATIONS, type DemoStation } from './demoStations.ts';
import { preload } from './preload.ts';
import { loadRecording } from './recording.ts';
import { type DemoStatus, Replay } from './replay.ts';

export { DEMO_CREDIT, type DemoCredit } from './credit.ts';
export { DEMO_MAP } from './demoStations.ts';
export type { DemoStatus } from './replay.ts';

/** What the demo needs. */
export interface DemoOptions {
  /** An empty registry: the demo runs on a throw-away data folder. */
  stationStore: Pick<StationStore, 'addStations'>;
  /** Nothing else appends while the past is written: no device but the demo's is known. */
  store: ReadingStore;
  /** Called once the past is stored and before the first live message: takes it into the aggregates. */
  aggregatorWarm: () => Promise<void>;
  /** Port of the broker on this machine. */
  mqttPort: number;
  clock: () => number;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Recorded seconds a real second; 1 is real time. */
  speed: number;
}

/** A running demo. */
export interface Demo {
  /** The label for every page, as of now. */
  credit(): DemoCredit;
  status(): DemoStatus;
  close(): Promise<void>;
}

/**
 * Registers the recorded stations, writes their last week into the store and goes on in real time through MQTT, each
 * station as a device with its own token. The recording is shifted by whole days, so that evening stays evening, and
 * starts again from its first day when it ends.
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { store, clock, log, speed } = options;
  const messages = await loadRecording();
  const { stationIds, devices } = await register(options.stationStore);
  const now = clock();
  const start = recordingStart(now);
  const past = messages.filter(({ offset }) => start + offset < now);
  const stored = await preload(store, past, { stationIds, start });
  await options.aggregatorWarm();
  log.info({ stations: stationIds.length, messages: stored, speed }, 'demo: history is stored, replay begins');

  const connected = await Promise.all(devices.map((device) => connectDemoDevice(options.mqttPort, device)));
  const onError = (error: Error) => log.warn({ err: error }, 'demo: a message was not sent');
  const replay = new Replay({
    messages,
    start,
    clock,
    speed,
    send: (station, body) => connected[station]?.publish(body, onError) ?? false,
    onLoop: () => log.info('demo: the recording starts again from its first day'),
  });
  replay.start();
  return {
    credit: () => {
      const { loopedAt } = replay.status();
      return loopedAt === undefined ? DEMO_CREDIT : loopedCredit(loopedAt);
    },
    status: () => replay.status(),
    close: async () => {
      replay.close();
      await Promise.all(connected.map((device) => device.close()));
    },
  };
}

async function register(
  stationStore: DemoOptions['stationStore'],
): Promise<{ stationIds: string[]; devices: IssuedDevice[] }> {
  const issued = await stationStore.addStations(DEMO_STATIONS.map(newStation));
  const stationIds: string[] = [];
  const devices: IssuedDevice[] = [];
  for (const result of issued) {
    if (isRefusal(result)) throw new Error(`The demo needs an empty data folder: ${result.refused}`);
    if (result.device === undefined) throw new Error(`No device was made for ${result.station.name}`);
    stationIds.push(result.station.id);
    devices.push(result.device);
  }
  return { stationIds, devices };
}

function newStation(station: DemoStation): NewStation {
  const { sensor, name, lat, lon, country, positionGridMetres, sensorModels, licence, externalIds } = station;
  return {
    name,
    position: { lat, lon },
    country,
    positionGridMetres,
    isIndoor: false,
    sensorModels,
    status: 'active',
    source: 'demo',
    licence,
    externalIds,
    device: { deviceId: demoDeviceId(sensor) },
  };
}

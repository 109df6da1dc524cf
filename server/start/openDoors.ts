import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { withRecordFiles } from '../api/sensorCommunity.ts';
import { startBrokerAccounts } from '../brokerAccounts/startBrokerAccounts.ts';
import { type Demo, type DemoOptions, startDemo } from '../demo/startDemo.ts';
import type { LiveSide } from '../live/liveSide.ts';
import { Mirror } from '../mirror/mirror.ts';
import { MirrorMemory } from '../mirror/mirrorMemory.ts';
import { PoliteClient } from '../mirror/politeClient.ts';
import type { Closing } from '../process/closing.ts';
import { startControlSocket } from '../process/controlSocket.ts';
import { programVersion } from '../process/programVersion.ts';
import { StartError } from '../process/startError.ts';
import type { Parts } from './composeServer.ts';
import { listenHttp } from './httpServers.ts';
import { startMaintenance } from './maintenance.ts';

/** Opens door after door, what was opened last to be closed first. Resolves to the ports. */
export async function openDoors(parts: Parts, demo: { speed: number } | undefined, closing: Closing) {
  const { config, ingest, live, notices, firmwareDoors, archiveJobs, servers, app } = parts;
  closing.push('notices', () => notices.close());
  await notices.open();
  closing.push('operator’s desk', () => parts.desk.close());
  await startNode(parts, closing);
  // History before the doors: readings that come back after a restart would have it read again and again.
  closing.push('history', () => live.stopLoading());
  if (demo === undefined) await live.warm();
  closing.push('ingest', () => ingest.close());
  const mqttPort = await ingest.open();
  startRegistry(parts, closing);
  closing.push('firmware doors', () => firmwareDoors.close());
  closing.push('archive jobs', () => archiveJobs.close());
  if (demo !== undefined) parts.demo.replay = await playDemo({ ...parts, speed: demo.speed, mqttPort });
  closing.push('demo', () => parts.demo.replay?.close());
  live.start();
  closing.push('rollups', () => parts.keeper.close());
  parts.keeper.start();
  const deviceTlsPort = await firmwareDoors.open(servers);
  const ports = await listenHttp(servers, answering(parts), parts);
  // The last to open and the first to close: answers under way still find everything behind them.
  closing.push('pictures', () => parts.press.close());
  closing.push('live side', () => live.close());
  const control = await startControlSocket(config.DATA_DIR, app, parts.log);
  closing.push('control socket', () => control.close());
  if (config.MIRROR_URL !== undefined && demo === undefined) closing.push('mirror', createMirror(parts).start());
  closing.push('maintenance', startMaintenance(parts));
  if (demo === undefined) parts.backups.start();
  closing.push('backups', () => parts.backups.close());
  notices.start();
  closing.push('operator’s eyes', () => parts.desk.stopLooking());
  await parts.desk.start();
  return { ...ports, mqttPort, deviceTlsPort };
}

/** Every request's answer; requests are logged by the application, so at that level it sees all of them. */
function answering({ app, live, clock, log }: Parts): RequestListener {
  return log.isLevelEnabled('debug') ? app : withRecordFiles(app, { records: live.compatibleApi, clock });
}

/** The mirror the settings ask for. */
function createMirror(parts: Parts): Mirror {
  const { config, live, clock, log } = parts;
  const { MIRROR_URL: url = '', MIRROR_AREA: region = { lat: 0, lon: 0, kilometres: 0 }, CONTACT } = config;
  const userAgent = `buergerluft/${programVersion()} (${CONTACT})`;
  const memory = new MirrorMemory(join(config.DATA_DIR, 'mirror.json'));
  return new Mirror({
    ...parts,
    client: new PoliteClient({ url, userAgent, clock, memory }),
    ...{ region, memory },
    log,
    randomBytes,
    recent: live.compatibleApi.recent,
    onStored: parts.onImported,
  });
}

/** Begins to hear from the other processes of the instance, before history is loaded. */
async function startNode({ bus, node, relay }: Parts, closing: Closing): Promise<void> {
  if (bus === undefined || node === undefined) return;
  closing.push('onboarding', () => relay?.close());
  relay?.start();
  closing.push('bus', () => bus.close());
  closing.push('other nodes', () => node.close());
  bus.start();
  node.start();
  await node.readings.open();
}

/** Tells brokers and bridges elsewhere who may sign in. */
function startRegistry(parts: Parts, closing: Closing): void {
  const { config, registry, stationStore } = parts;
  // Without an external broker or a service account at ours there is nobody who could read it.
  if (config.MQTT_URL !== undefined || config.MQTT_PASSWORD !== undefined) {
    closing.push('registry publisher', registry.start());
  }
  if (config.MQTT_URL === undefined) return;
  closing.push('broker accounts', startBrokerAccounts({ ...parts, url: config.MQTT_URL, directory: stationStore }));
}

interface DemoParts extends Omit<DemoOptions, 'aggregatorWarm' | 'mqttPort'> {
  mqttPort: number | undefined;
  live: LiveSide;
}

/** Stores the recording's past and starts its replay. */
function playDemo({ mqttPort, live, ...parts }: DemoParts): Promise<Demo> {
  if (mqttPort === undefined) throw new StartError('The demo brings its own broker: leave MQTT_URL away.');
  return startDemo({ ...parts, mqttPort, aggregatorWarm: () => live.warm() });
}

import type { MessageFormat } from './reading.ts';
import { DEVICE_ID } from './station.ts';

/** MQTT topics of the contract: the one place that knows their form. */

/** Retained `online` / `offline`, also our last will. */
export const STATUS_TOPIC = 'buergerluft/status';
/** Prefix of topics between our own processes; service accounts only. */
export const INTERNAL_PREFIX = 'buergerluft/_';
/** Names that stand where a device id would and therefore never are one. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['stations', 'status']);

/** Retained latest public values of a station. */
export function latestTopic(stationId: string): string {
  return `buergerluft/stations/${stationId}/latest`;
}

/** Where an airRohr body goes in, published by our bridge or the device itself. */
export function airrohrTopic(deviceId: string): string {
  return `buergerluft/${deviceId}/airrohr`;
}

/**
 * Where our bridge, as a process of its own, may publish what it stamped: only service accounts can write there, so the
 * `timestamp` in the body counts as our own clock's.
 */
export function bridgeTopic(deviceId: string): string {
  return `${BRIDGE_PREFIX}${deviceId}/airrohr`;
}
const BRIDGE_PREFIX = `${INTERNAL_PREFIX}bridge/`;

/** Reads a topic our bridge publishes on; undefined for every other. */
export function parseBridgeTopic(topic: string): DeviceTopic | undefined {
  if (!topic.startsWith(BRIDGE_PREFIX)) return undefined;
  return parseDeviceTopic(`buergerluft/${topic.slice(BRIDGE_PREFIX.length)}`);
}

/** Subscription that covers every topic of our bridge. */
export const BRIDGE_SUBSCRIPTION = bridgeTopic('+');

/** Where the server tells a bridge what became of its pushes. */
export function confirmTopic(bridgeId: string): string {
  return `${INTERNAL_PREFIX}confirm/${bridgeId}`;
}

/** Where a bridge tells the server whom it turned away. */
export function seenTopic(bridgeId: string): string {
  return `${SEEN_PREFIX}${bridgeId}`;
}
const SEEN_PREFIX = `${INTERNAL_PREFIX}seen/`;
/** Subscription that covers what every bridge tells. */
export const SEEN_SUBSCRIPTION = seenTopic('+');

/** True for a topic bridges tell on. */
export function isSeenTopic(topic: string): boolean {
  return topic.startsWith(SEEN_PREFIX);
}

/** One of the 256 retained parts of the registry, `00` to `ff`, for bridges on other machines. */
export function registryTopic(shard: string): string {
  return `${REGISTRY_PREFIX}${shard}`;
}
const REGISTRY_PREFIX = `${INTERNAL_PREFIX}registry/`;
/** Subscription that covers the registry. */
export const REGISTRY_SUBSCRIPTION = registryTopic('+');

/** The part a registry topic names, or `manifest`; undefined for every other topic. */
export function parseRegistryTopic(topic: string): string | undefined {
  return partIn(REGISTRY_PREFIX, topic);
}

/** One of the retained parts of the stations as other nodes may know them, or their manifest. */
export function stationsTopic(shard: string): string {
  return `${STATIONS_PREFIX}${shard}`;
}
const STATIONS_PREFIX = `${INTERNAL_PREFIX}stations/`;
/** Subscription that covers them. */
export const STATIONS_SUBSCRIPTION = stationsTopic('+');

/** The part such a topic names, or `manifest`; undefined for every other topic. */
export function parseStationsTopic(topic: string): string | undefined {
  return partIn(STATIONS_PREFIX, topic);
}

/** One of the retained parts of the operator's dated notices, for nodes with pages, or their manifest. */
export function noticesTopic(shard: string): string {
  return `${NOTICES_PREFIX}${shard}`;
}
const NOTICES_PREFIX = `${INTERNAL_PREFIX}notices/`;
/** Subscription that covers them. */
export const NOTICES_SUBSCRIPTION = noticesTopic('+');

/** The part such a topic names, or `manifest`; undefined for every other topic. */
export function parseNoticesTopic(topic: string): string | undefined {
  return partIn(NOTICES_PREFIX, topic);
}

function partIn(prefix: string, topic: string): string | undefined {
  const name = topic.startsWith(prefix) ? topic.slice(prefix.length) : '';
  return /^(?:[0-9a-f]{2}|manifest)$/.test(name) ? name : undefined;
}

/** Where a node tells the others what it stored; also its last will. */
export function storedTopic(nodeId: string): string {
  return `${INTERNAL_PREFIX}stored/${nodeId}`;
}
/** Subscription that covers what every node stored. */
export const STORED_SUBSCRIPTION = storedTopic('+');

/** Where a node tells what it refused of devices. */
export function refusedTopic(nodeId: string): string {
  return `${INTERNAL_PREFIX}refused/${nodeId}`;
}
/** Subscription that covers what every node refused. */
export const REFUSED_SUBSCRIPTION = refusedTopic('+');

/** Where nodes are asked to say that everything before is stored and told. */
export const SYNC_TOPIC = `${INTERNAL_PREFIX}sync`;

/** Retained: which process is the aggregator; empty when it is gone. */
export const AGGREGATOR_TOPIC = `${INTERNAL_PREFIX}aggregator`;

/** Retained: how far the means of closed hours are. */
export const ROLLUPS_TOPIC = `${INTERNAL_PREFIX}rollups`;
/** Where the aggregator is asked to bring means up to date. */
export const ROLLUPS_ASKED_TOPIC = `${ROLLUPS_TOPIC}/asked`;
/** Where it tells whose means are to be made anew. */
export const ROLLUPS_MARKED_TOPIC = `${ROLLUPS_TOPIC}/marked`;
/** Where it tells a node that they are up to date. */
export function rollupsAnswerTopic(nodeId: string): string {
  return `${ROLLUPS_TOPIC}/answer/${nodeId}`;
}

/** Where the aggregator tells what changed on a layer of the map. */
export function mapTickTopic({ quantity, average }: { quantity: string; average: string }): string {
  return `${INTERNAL_PREFIX}live/map/${quantity}/${average}`;
}
/** Subscription that covers all layers. */
export const MAP_TICK_SUBSCRIPTION = mapTickTopic({ quantity: '+', average: '+' });
/** Where other nodes tell which layers are in use there. */
export const LAYERS_WANTED_TOPIC = `${INTERNAL_PREFIX}live/wanted`;

/** Where nodes tell whose first steps somebody watches there. */
export const WATCHED_TOPIC = `${INTERNAL_PREFIX}live/watched`;
/** Where those steps are told. */
export const STEP_TOPIC = `${INTERNAL_PREFIX}live/step`;

/** Where a node hands on a device's message that only the aggregator can place, in the envelope of a bridge. */
export function lateTopic(topic: DeviceTopic): string {
  return LATE_PREFIX + textOf(topic);
}
const LATE_PREFIX = `${INTERNAL_PREFIX}late/`;
/** Subscription that covers them. */
export const LATE_SUBSCRIPTION = `${LATE_PREFIX}#`;

/** The device's topic in a topic of messages handed on; undefined for every other. */
export function parseLateTopic(topic: string): DeviceTopic | undefined {
  return topic.startsWith(LATE_PREFIX) ? parseDeviceTopic(topic.slice(LATE_PREFIX.length)) : undefined;
}

/** A subscription whose messages the nodes of one kind share among them (MQTT 5). */
export function shared(subscription: string): string {
  return `$share/buergerluft-ingest/${subscription}`;
}

/** Where a device message came in, read off its topic. */
export interface DeviceTopic {
  format: MessageFormat;
  /** Device id for airRohr, Tasmota and ESPHome; `airgradient-<serial>` for AirGradient; absent for Zigbee2MQTT. */
  deviceId?: string;
  /** ESPHome object id or Zigbee2MQTT friendly name. */
  object?: string;
}

/** Reads a device topic; undefined for every other topic (our out-topics, LWT, STATE, discovery, ...). */
export function parseDeviceTopic(topic: string): DeviceTopic | undefined {
  const parts = topic.split('/');
  const [first, second, third, fourth] = parts;
  if (parts.length === 3 && first === 'buergerluft' && third === 'airrohr') return forDevice('airrohr', second);
  if (parts.length === 3 && first === 'tele' && third === 'SENSOR') return forDevice('tasmota', second);
  if (parts.length === 4 && second === 'sensor' && fourth === 'state' && third) {
    const parsed = forDevice('esphome', first);
    return parsed && { ...parsed, object: third };
  }
  if (parts.length === 3 && first === 'airgradient' && second === 'readings') {
    return forDevice('airgradient', `airgradient-${third}`);
  }
  if (parts.length === 2 && first === 'zigbee2mqtt' && second) return { format: 'zigbee2mqtt', object: second };
  return undefined;
}

/**
 * True for a topic on which this device's firmware says how it is, beside its readings: Tasmota's `tele/<id>/LWT` and
 * `tele/<id>/STATE`, ESPHome's `<id>/status` and `<id>/debug`, discovery of both. Not for readings on a topic put together
 * wrongly, such as `<id>/tele/SENSOR`.
 */
export function isStatusTopic(topic: string, deviceId: string): boolean {
  const [first, second, third] = topic.split('/');
  if (first === 'homeassistant' || (first === 'tasmota' && second === 'discovery')) return true;
  if (first === 'tele' || first === 'stat') return second === deviceId && third !== 'SENSOR';
  return first === deviceId && second !== 'tele' && second !== 'sensor';
}

/** A device topic as text: what `parseDeviceTopic` reads. */
function textOf({ format, deviceId = '', object = '' }: DeviceTopic): string {
  switch (format) {
    case 'airrohr':
      return airrohrTopic(deviceId);
    case 'tasmota':
      return `tele/${deviceId}/SENSOR`;
    case 'esphome':
      return `${deviceId}/sensor/${object}/state`;
    case 'airgradient':
      return `airgradient/readings/${deviceId.slice('airgradient-'.length)}`;
    case 'zigbee2mqtt':
      return `zigbee2mqtt/${object}`;
  }
}

/** Subscriptions that together cover every device topic. */
export const DEVICE_SUBSCRIPTIONS: readonly string[] = [
  'buergerluft/+/airrohr',
  'tele/+/SENSOR',
  '+/sensor/+/state',
  'airgradient/readings/+',
  'zigbee2mqtt/+',
];

/** True when the authenticated `device` may publish on `topic`; `names` are a Zigbee gateway's registered friendly names. */
export function mayPublish(device: { id: string; names?: readonly string[] }, topic: DeviceTopic): boolean {
  if (topic.format === 'zigbee2mqtt') {
    return device.id.startsWith('zigbee-') && (device.names ?? []).includes(topic.object ?? '');
  }
  return topic.deviceId === device.id;
}

/** Below this lie Home Assistant's discovery messages; nobody but the server publishes there. */
const DISCOVERY_PREFIX = 'homeassistant/';

/** True for the topics anyone who may connect may read. */
export function isPublicTopic(topic: string): boolean {
  if (topic.startsWith(DISCOVERY_PREFIX)) return true;
  return topic === STATUS_TOPIC || /^buergerluft\/stations\/(\+|[a-z0-9]{10})\/latest$/.test(topic);
}

function forDevice(format: MessageFormat, deviceId: string | undefined): DeviceTopic | undefined {
  if (deviceId === undefined || !DEVICE_ID.test(deviceId)) return undefined;
  return { format, deviceId };
}

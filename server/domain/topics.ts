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
/** Retained list of the parts' hashes. */
export const REGISTRY_MANIFEST_TOPIC = registryTopic('manifest');
/** Subscription that covers the registry. */
export const REGISTRY_SUBSCRIPTION = registryTopic('+');

/** The part a registry topic names, or `manifest`; undefined for every other topic. */
export function parseRegistryTopic(topic: string): string | undefined {
  const name = topic.startsWith(REGISTRY_PREFIX) ? topic.slice(REGISTRY_PREFIX.length) : '';
  return /^(?:[0-9a-f]{2}|manifest)$/.test(name) ? name : undefined;
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

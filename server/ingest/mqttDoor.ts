import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { AddressConnections, exemptAddresses } from '../process/addressLimits.ts';
import { logBrokerTrouble } from '../process/brokerTrouble.ts';
import type { Registry } from '../store/registry/stationStore.ts';
import type { Accept } from './arrival.ts';
import { openEnvelopes, takeReports } from './bridgedMessages.ts';
import { Broker } from './broker.ts';
import type { IngestObserver } from './ingestObserver.ts';
import { MqttSource } from './mqttSource.ts';
import { otherSubscriptionsOf, subscriptionsOf } from './subscriptions.ts';
import { ZigbeeNames } from './zigbeeNames.ts';

/** What the door is made from. */
export interface MqttDoorParts {
  config: Pick<
    Config,
    'MQTT_PORT' | 'MQTT_URL' | 'MQTT_USERNAME' | 'MQTT_PASSWORD' | 'NODE_ID' | 'ROLES' | 'ADDRESS_LIMIT'
  >;
  stationStore: Registry;
  /** The broker can be reached (again). */
  onConnected: () => void;
  /** It went away. */
  onDisconnected?: (() => void) | undefined;
  log: Logger;
  clock: () => number;
}

/** The embedded broker, or with `MQTT_URL` a client of an external one. The pipeline behind both is the same. */
export function createMqttDoor(parts: MqttDoorParts, accept: Accept, observer: IngestObserver): Broker | MqttSource {
  const { config, stationStore, onConnected, onDisconnected, log, clock } = parts;
  const { MQTT_URL: url, MQTT_USERNAME: username, MQTT_PASSWORD: password } = config;
  const zigbeeNames = new ZigbeeNames(stationStore);
  const common = {
    accept: openEnvelopes(accept, (topic, payload) => door.send(topic, payload), observer),
    takeInternal: takeReports(observer),
    clock,
    deviceOfZigbeeName: (name: string) => zigbeeNames.deviceOf(name),
    onError: (error: Error) => logBrokerTrouble(log, error, 'mqtt'),
  };
  const refused = observer.publishRefused.bind(observer);
  const service = username !== undefined && password !== undefined ? { username, password } : undefined;
  const authenticateDevice = (deviceId: string, token: string) => stationStore.authenticateDevice(deviceId, token);
  const connections = new AddressConnections(config.ADDRESS_LIMIT.connections, exemptAddresses(false));
  const door: Broker | MqttSource =
    url === undefined
      ? new Broker({
          ...common,
          port: config.MQTT_PORT,
          registry: stationStore,
          accounts: { authenticateDevice, service },
          observer,
          onClosed: ({ byReason, isTrouble }) =>
            log[isTrouble ? 'warn' : 'info']({ closed: byReason }, 'MQTT connections were closed'),
          admit: (socket) => connections.admit(socket),
        })
      : new MqttSource({
          ...common,
          ...{ url, username, password, nodeId: config.NODE_ID, refused, onConnected },
          ...(onDisconnected && { onDisconnected }),
          subscriptions: subscriptionsOf(config.ROLES),
          otherSubscriptions: otherSubscriptionsOf(config.ROLES),
          tellsStatus: config.ROLES.includes('all') || config.ROLES.includes('aggregator'),
        });
  return door;
}

import type { Config } from '../config.ts';
import { reachFor } from '../deviceReach.ts';
import type { Reach } from '../domain/deviceInstructions.ts';
import type { IssuedDevice } from '../store/stationStore.ts';

/** A setting as the device's own page or console names it. */
type Setting = readonly [name: string, value: string];

/** What to type into a device so that it sends here: a heading, then name and value of each field. */
export interface DeviceInstructions {
  heading: string;
  settings: readonly Setting[];
  note?: string;
}

/** The exact settings for a device, by the kind its id begins with. The same as in docs/connect-a-device.md. */
export function deviceInstructions(device: IssuedDevice, config: Config): DeviceInstructions {
  const reach = reachFor(config);
  const kind = device.deviceId.slice(0, device.deviceId.indexOf('-'));
  const make = BY_KIND[kind] ?? plainMqtt;
  return make(device, reach);
}

const BY_KIND: Readonly<Record<string, (device: IssuedDevice, reach: Reach) => DeviceInstructions>> = {
  esp8266: airrohr,
  esp32: airrohr,
  tasmota,
  esphome,
  airgradient,
  zigbee,
};

function airrohr({ deviceId, token }: IssuedDevice, reach: Reach): DeviceInstructions {
  return {
    heading: 'airRohr, on its own page: Konfiguration > (Weitere) APIs / Configuration > (More) APIs',
    settings: [
      ['an eigene API senden / Send data to custom API', 'ticked'],
      ['HTTPS', reach.isHttps ? 'ticked' : 'not ticked'],
      ['Server', reach.host],
      ['Pfad / Path', '/data.php'],
      ['Port', reach.httpPort],
      ['Benutzer / User', deviceId],
      ['Passwort / Password', token],
    ],
    note: 'The first value comes about 2½ minutes after saving. Instead of user and password: path /push/<token>.',
  };
}

function tasmota({ deviceId, token }: IssuedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  const commands = [
    `MqttHost ${mqttHost}`,
    `MqttPort ${mqttPort}`,
    `MqttUser ${deviceId}`,
    `MqttPassword ${token}`,
    `Topic ${deviceId}`,
    'FullTopic %prefix%/%topic%/',
    'TelePeriod 300',
    'SensorRetain 0',
  ];
  return { heading: 'Tasmota: in its console, one line', settings: [['', `Backlog ${commands.join('; ')}`]] };
}

function esphome(device: IssuedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  return {
    heading: 'ESPHome: in the YAML, under mqtt:',
    settings: [
      ['broker:', mqttHost],
      ['port:', mqttPort],
      ['username:', device.deviceId],
      ['password:', device.token],
      ['topic_prefix:', device.deviceId],
      ['discovery:', 'false'],
    ],
    note: 'Each sensor needs "retain: false".',
  };
}

function airgradient({ deviceId, token }: IssuedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  return {
    heading: 'AirGradient: local configuration',
    settings: [['mqttBrokerUrl', `mqtt://${deviceId}:${token}@${mqttHost}:${mqttPort}`]],
  };
}

function zigbee({ deviceId, token }: IssuedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  return {
    heading: 'Zigbee2MQTT: configuration.yaml, under mqtt:',
    settings: [
      ['server:', `mqtt://${mqttHost}:${mqttPort}`],
      ['user:', deviceId],
      ['password:', token],
      ['base_topic:', 'zigbee2mqtt'],
    ],
    note: 'The gateway speaks for the friendly names given with --names only.',
  };
}

function plainMqtt({ deviceId, token }: IssuedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  return {
    heading: 'MQTT 3.1.1, QoS 1, not retained',
    settings: [
      ['host', mqttHost],
      ['port', mqttPort],
      ['user', deviceId],
      ['password', token],
      ['topic', `buergerluft/${deviceId}/airrohr`],
    ],
  };
}

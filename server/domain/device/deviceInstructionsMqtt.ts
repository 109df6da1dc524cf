import type { DeviceInstructions, DeviceSetting, KeyedDevice, Reach } from './deviceInstructions.ts';

/** Devices that publish over MQTT. */

/** One line for Tasmota's console. */
export function tasmota({ deviceId, token }: KeyedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
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
  return {
    where: {
      de: 'Tasmota: auf der Seite des Geräts „Werkzeuge“, dann „Konsole“, eine Zeile',
      en: 'Tasmota: “Tools”, then “Console” on the device’s page, one line',
    },
    settings: [{ ...field('', `Backlog ${commands.join('; ')}`), kind: 'block', isSecret: true }],
    notes: [
      {
        de: 'Das Gerät startet neu und sendet danach alle 5 Minuten (TelePeriod, in Sekunden).',
        en: 'The device restarts and then sends every 5 minutes (TelePeriod, in seconds).',
      },
    ],
  };
}

/** One setting of AirGradient's local server. */
export function airgradient({ deviceId, token }: KeyedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  const serial = deviceId.slice(deviceId.indexOf('-') + 1);
  const url = `mqtt://${deviceId}:${token}@${mqttHost}:${mqttPort}`;
  const curl = `curl -X PUT -H 'Content-Type: application/json' http://airgradient_${serial}.local/config -d '{"mqttBrokerUrl": "${url}"}'`;
  return {
    where: {
      de: 'AirGradient (ab Firmware 3.0.10): lokale Einstellung',
      en: 'AirGradient (firmware 3.0.10 or newer): local configuration',
    },
    settings: [
      { ...field('mqttBrokerUrl', url), isSecret: true },
      { ...field('', curl), kind: 'block', isSecret: true },
    ],
    notes: [
      {
        de: 'Der Befehl läuft auf einem Rechner im selben Netz. Steht „configurationControl“ auf „cloud“, lehnt das Gerät ihn ab: dann erst umstellen.',
        en: 'The command runs on a computer in the same network. With “configurationControl” at “cloud” the device refuses it: change that first.',
      },
    ],
  };
}

/** Part of Zigbee2MQTT's configuration. */
export function zigbee({ deviceId, token }: KeyedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  return {
    where: {
      de: 'Zigbee2MQTT: configuration.yaml, unter mqtt:',
      en: 'Zigbee2MQTT: configuration.yaml, under mqtt:',
    },
    settings: [
      field('server:', `mqtt://${mqttHost}:${mqttPort}`),
      field('user:', deviceId),
      { ...field('password:', token), isSecret: true },
      field('base_topic:', 'zigbee2mqtt'),
    ],
    notes: [
      {
        de: 'Das Gateway darf nur für die Gerätenamen senden, die der Betreiber dafür eingetragen hat.',
        en: 'The gateway speaks only for the friendly names that the operator registered for it.',
      },
    ],
  };
}

/** Anything that can publish the airRohr body. */
export function plainMqtt({ deviceId, token }: KeyedDevice, { mqttHost, mqttPort }: Reach): DeviceInstructions {
  return {
    where: {
      de: 'MQTT 3.1.1, QoS 1, ohne „retain“, Inhalt wie von airRohr',
      en: 'MQTT 3.1.1, QoS 1, not retained, body as airRohr sends it',
    },
    settings: [
      field('Host', mqttHost),
      field('Port', mqttPort),
      { ...field('User', deviceId), name: { de: 'Benutzer', en: 'User' } },
      { ...field('Password', token), name: { de: 'Passwort', en: 'Password' }, isSecret: true },
      field('Topic', `buergerluft/${deviceId}/airrohr`),
      {
        ...field(
          '',
          '{"sensordatavalues":[{"value_type":"SDS_P1","value":"12.40"},{"value_type":"SDS_P2","value":"7.10"}]}',
        ),
        kind: 'block',
      },
    ],
    notes: [{ de: 'SDS_P1 ist PM10, SDS_P2 ist PM2,5.', en: 'SDS_P1 is PM10, SDS_P2 is PM2.5.' }],
  };
}

function field(name: string, value: string): DeviceSetting {
  return { name: { de: name, en: name }, value, kind: 'text' };
}

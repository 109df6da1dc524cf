import type { DeviceInstructions, KeyedDevice, Reach } from './deviceInstructions.ts';

/** YAML for ESPHome, whole: the part under `mqtt:` and an SDS011 as an example. */
export function esphome(device: KeyedDevice, reach: Reach): DeviceInstructions {
  return {
    where: { de: 'ESPHome: in die YAML-Datei des Geräts', en: 'ESPHome: into the device’s YAML file' },
    settings: [{ name: { de: '', en: '' }, value: yamlFor(device, reach), kind: 'block', isSecret: true }],
    notes: [
      {
        de: 'Jeder Sensor braucht „retain: false“; ein behaltener Wert ist von einem alten nicht zu unterscheiden.',
        en: 'Each sensor needs “retain: false”; a retained value cannot be told from an old one.',
      },
      {
        de: 'Der Name sagt, was gemessen wird: wenn Sie mögen das Gerät (SDS011, SPS30, BME280 …), dann PM 2.5, PM 10, Temperature, Humidity oder Pressure.',
        en: 'The name says what is measured: the instrument if you like (SDS011, SPS30, BME280 …), then PM 2.5, PM 10, Temperature, Humidity or Pressure.',
      },
    ],
  };
}

function yamlFor({ deviceId, token }: KeyedDevice, { mqttHost, mqttPort }: Reach): string {
  return `mqtt:
  broker: ${mqttHost}
  port: ${mqttPort}
  username: ${deviceId}
  password: ${token}
  topic_prefix: ${deviceId}
  discovery: false

uart:
  rx_pin: GPIO3
  baud_rate: 9600

sensor:
  - platform: sds011
    pm_2_5:
      name: "SDS011 PM 2.5"
      retain: false
    pm_10_0:
      name: "SDS011 PM 10"
      retain: false
    update_interval: 2min`;
}

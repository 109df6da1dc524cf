import { esphome } from './deviceInstructionsEsphome.ts';
import { airrohrApi, airrohrInflux, airrohrPath, influxLine } from './deviceInstructionsHttp.ts';
import { airgradient, plainMqtt, tasmota, zigbee } from './deviceInstructionsMqtt.ts';

/** How a device reaches an instance. Ports are text: they are typed into fields. */
export interface Reach {
  host: string;
  httpPort: string;
  isHttps: boolean;
  /** Port of the HTTPS listener for devices, when there is one. */
  tlsPort?: string;
  mqttHost: string;
  mqttPort: string;
}

/** A device with its token, as shown this once. */
export interface KeyedDevice {
  deviceId: string;
  token: string;
}

/** The same said in both languages. Product names and values need no translation. */
export interface BothLanguages {
  de: string;
  en: string;
}

/** One thing to type, tick or paste. */
export interface DeviceSetting {
  /** The field in the firmware's own words; empty for text that is pasted as a whole. */
  name: BothLanguages;
  /** What goes there. Ticks have none. */
  value: string;
  /** `text` is typed, `block` pasted as it stands (several lines or one command), the others are checkboxes. */
  kind: 'text' | 'block' | 'tick' | 'untick';
  isSecret?: boolean;
}

/** What to do at the device so that it sends here. */
export interface DeviceInstructions {
  /** Firmware and page or file. */
  where: BothLanguages;
  settings: readonly DeviceSetting[];
  notes: readonly BothLanguages[];
}

/** Ways a device can send. */
export const DEVICE_WAYS = [
  'airrohr-api',
  'airrohr-path',
  'airrohr-influx',
  'tasmota',
  'esphome',
  'airgradient',
  'zigbee',
  'mqtt',
  'influx-line',
] as const;
/** One of `DEVICE_WAYS`. */
export type DeviceWay = (typeof DEVICE_WAYS)[number];

const MAKERS: Readonly<Record<DeviceWay, (device: KeyedDevice, reach: Reach) => DeviceInstructions>> = {
  'airrohr-api': airrohrApi,
  'airrohr-path': airrohrPath,
  'airrohr-influx': airrohrInflux,
  tasmota,
  esphome,
  airgradient,
  zigbee,
  mqtt: plainMqtt,
  'influx-line': influxLine,
};

/** The exact settings for a device and a way. The only source of them: command line, web page and print sheet read these. */
export function deviceInstructions(way: DeviceWay, device: KeyedDevice, reach: Reach): DeviceInstructions {
  return MAKERS[way](device, reach);
}

/** Ways a device can send by what its id begins with; the usual one first. */
export function waysOf(deviceId: string): readonly [DeviceWay, ...DeviceWay[]] {
  const kind = deviceId.slice(0, deviceId.indexOf('-'));
  return WAYS_BY_KIND[kind] ?? ['mqtt', 'influx-line'];
}

const AIRROHR: readonly [DeviceWay, ...DeviceWay[]] = ['airrohr-api', 'airrohr-influx', 'airrohr-path'];
const WAYS_BY_KIND: Readonly<Record<string, readonly [DeviceWay, ...DeviceWay[]]>> = {
  esp8266: AIRROHR,
  esp32: AIRROHR,
  tasmota: ['tasmota'],
  esphome: ['esphome'],
  airgradient: ['airgradient'],
  zigbee: ['zigbee'],
};

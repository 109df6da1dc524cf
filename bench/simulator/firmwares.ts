import type { Air } from './air.ts';
import { airrohrFields, airrohrJson, type Fields } from './airrohrBodies.ts';

/** A device as its firmware knows itself. */
export interface Unit {
  deviceId: string;
  token: string;
  /** What follows the first hyphen of the device id. */
  chipId: string;
  /** Loop passes since the last push: makes the bodies of airRohr unique. */
  samples: number;
}

/** An MQTT message. */
export interface Publish {
  topic: string;
  body: string;
}

/** An HTTP push. */
export interface Push {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A kind of device: what it calls itself, which sensors it has, and what it sends in one cycle, over MQTT or HTTP. */
export interface Firmware {
  name: string;
  prefix: 'esp8266' | 'tasmota' | 'esphome' | 'airgradient';
  sensorModels: readonly string[];
  publishes?: (unit: Unit, air: Air) => Publish[];
  pushes?: (unit: Unit, air: Air) => Push[];
}

/**
 * Real payloads of several ages and formats with other values in them. Their sources, one a format: the captures named in
 * `tests/fixtures/wire/SOURCES.md`.
 */
export const FIRMWARES: readonly Firmware[] = [
  airrohr('NRZ-2017-090', ['sds011', 'dht22']),
  airrohr('NRZ-2020-129', ['sds011', 'bme280']),
  airrohr('NRZ-2024-135', ['sds011', 'bme280']),
  airrohr('NRZ-2020-133', ['sps30']),
  {
    name: 'airRohr NRZ-2024-135, token in the path',
    prefix: 'esp8266',
    sensorModels: ['sds011', 'bme280'],
    pushes: (unit, air) => [
      { path: `/push/${unit.token}`, headers: json(), body: airrohrJson('NRZ-2024-135', unit, allFields(unit, air)) },
    ],
  },
  {
    name: 'airRohr NRZ-2024-135, a push a sensor',
    prefix: 'esp8266',
    sensorModels: ['sds011', 'bme280'],
    pushes: pushPerSensor,
  },
  {
    name: 'airRohr NRZ-2024-135, InfluxDB lines',
    prefix: 'esp8266',
    sensorModels: ['sds011', 'bme280'],
    pushes: (unit, air) => [
      { path: '/write?db=sensors', headers: { ...basic(unit), 'Content-Type': 'text/plain' }, body: line(unit, air) },
    ],
  },
  {
    name: 'Tasmota, SDS011 + BME280',
    prefix: 'tasmota',
    sensorModels: ['sds011', 'bme280'],
    publishes: ({ deviceId }, air) => [{ topic: `tele/${deviceId}/SENSOR`, body: tasmotaBody(air) }],
  },
  {
    name: 'ESPHome, a number a topic',
    prefix: 'esphome',
    sensorModels: ['sds011'],
    publishes: ({ deviceId }, air) => [
      { topic: `${deviceId}/sensor/pm_2_5/state`, body: air.pm25.toFixed(1) },
      { topic: `${deviceId}/sensor/pm_10/state`, body: air.pm10.toFixed(1) },
    ],
  },
  {
    name: 'AirGradient 3.1.3',
    prefix: 'airgradient',
    sensorModels: ['pms5003'],
    publishes: (unit, air) => [{ topic: `airgradient/readings/${unit.chipId}`, body: airgradientBody(unit, air) }],
  },
];

function airrohr(version: string, sensorModels: readonly string[]): Firmware {
  const body = (unit: Unit, air: Air) => airrohrJson(version, unit, airrohrFields(sensorModels, unit, air));
  return {
    name: `airRohr ${version}, ${sensorModels.join(' + ')}`,
    prefix: 'esp8266',
    sensorModels,
    publishes: (unit, air) => [{ topic: `buergerluft/${unit.deviceId}/airrohr`, body: body(unit, air) }],
    pushes: (unit, air) => [
      {
        path: '/data.php',
        headers: { ...json(), ...basic(unit), 'X-Sensor': unit.deviceId, 'User-Agent': `${version}/${unit.chipId}` },
        body: body(unit, air),
      },
    ],
  };
}

function allFields(unit: Unit, air: Air): Fields {
  return airrohrFields(['sds011', 'bme280'], unit, air);
}

/** As it pushes to sensor.community: the sensor is told by the pin, its names have no prefix. */
function pushPerSensor(unit: Unit, air: Air): Push[] {
  const push = (pin: string, fields: Fields): Push => ({
    path: '/v1/push-sensor-data/',
    headers: { ...json(), ...basic(unit), 'X-Sensor': unit.deviceId, 'X-PIN': pin },
    body: airrohrJson('NRZ-2024-135', undefined, fields),
  });
  return [
    push('1', [
      ['P1', air.pm10.toFixed(2)],
      ['P2', air.pm25.toFixed(2)],
    ]),
    push('11', [
      ['temperature', air.temperature.toFixed(2)],
      ['pressure', air.pressure.toFixed(2)],
      ['humidity', air.humidity.toFixed(2)],
    ]),
  ];
}

function line(unit: Unit, air: Air): string {
  const fields = allFields(unit, air).map(([name, value]) => `${name}=${value}`);
  return `feinstaub,node=${unit.deviceId} ${fields.join(',')}\n`;
}

function tasmotaBody(air: Air): string {
  return JSON.stringify({
    // Its clock is never believed: firmware without NTP starts in 1970.
    Time: '1970-01-01T00:03:12',
    BME280: {
      Temperature: round(air.temperature, 1),
      Humidity: round(air.humidity, 1),
      DewPoint: round(air.temperature - 4, 1),
      Pressure: round(air.pressure / 100, 1),
    },
    SDS0X1: { 'PM2.5': round(air.pm25, 1), PM10: round(air.pm10, 1) },
    PressureUnit: 'hPa',
    TempUnit: 'C',
  });
}

function airgradientBody({ chipId, samples }: Unit, air: Air): string {
  return JSON.stringify({
    ...{ wifi: -46, serialno: chipId, rco2: 447 },
    ...{ pm01: Math.round(air.pm1), pm02: Math.round(air.pm25), pm10: Math.round(air.pm10), pm003Count: 442 },
    ...{ atmp: round(air.temperature, 2), rhum: Math.round(air.humidity) },
    ...{ tvocIndex: 100, tvocRaw: 33_051, noxIndex: 1, noxRaw: 16_307 },
    ...{ boot: samples % 100_000, bootCount: samples % 100_000, firmware: '3.1.3', model: 'I-9PSL' },
  });
}

function json() {
  return { 'Content-Type': 'application/json' };
}

function basic({ deviceId, token }: Unit) {
  return { Authorization: `Basic ${Buffer.from(`${deviceId}:${token}`).toString('base64')}` };
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

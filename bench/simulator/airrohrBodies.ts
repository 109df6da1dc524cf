import type { Air } from './air.ts';
import type { Unit } from './firmwares.ts';

/** Names and values of an airRohr body, in the firmware's order. */
export type Fields = (readonly [name: string, value: string])[];

/** What an airRohr of these sensors sends in one cycle: values as text, two decimals, health last. */
export function airrohrFields(sensorModels: readonly string[], unit: Unit, air: Air): Fields {
  const fields = sensorModels.flatMap((model) => SENSORS[model]?.(air) ?? []);
  return [
    ...fields,
    ['samples', String(unit.samples)],
    ['min_micro', String(25 + (unit.samples % 9))],
    ['max_micro', String(20_000 + (unit.samples % 7919))],
    ['signal', `-${50 + (unit.samples % 40)}`],
  ];
}

/** The body as the firmware writes it, blanks included; without `unit` as it goes to sensor.community. */
export function airrohrJson(version: string, unit: Unit | undefined, fields: Fields): string {
  const id = unit === undefined ? '' : `"esp8266id": "${unit.chipId}", `;
  const values = fields.map(([name, value]) => `{"value_type":"${name}","value":"${value}"}`);
  return `{${id}"software_version": "${version}", "sensordatavalues":[${values.join(',')}]}`;
}

const SENSORS: Readonly<Record<string, (air: Air) => Fields>> = {
  sds011: (air) => [
    ['SDS_P1', air.pm10.toFixed(2)],
    ['SDS_P2', air.pm25.toFixed(2)],
  ],
  sps30: (air) => [
    ['SPS30_P0', air.pm1.toFixed(2)],
    ['SPS30_P2', air.pm25.toFixed(2)],
    ['SPS30_P4', air.pm4.toFixed(2)],
    ['SPS30_P1', air.pm10.toFixed(2)],
    ['SPS30_N05', (air.pm1 * 6).toFixed(2)],
    ['SPS30_N1', (air.pm1 * 7).toFixed(2)],
    ['SPS30_N25', (air.pm1 * 7.1).toFixed(2)],
    ['SPS30_N4', (air.pm1 * 7.2).toFixed(2)],
    ['SPS30_N10', (air.pm1 * 7.2).toFixed(2)],
    ['SPS30_TS', '0.68'],
  ],
  dht22: (air) => [
    ['temperature', air.temperature.toFixed(2)],
    ['humidity', air.humidity.toFixed(2)],
  ],
  bme280: (air) => [
    ['BME280_temperature', air.temperature.toFixed(2)],
    ['BME280_pressure', air.pressure.toFixed(2)],
    ['BME280_humidity', air.humidity.toFixed(2)],
  ],
};

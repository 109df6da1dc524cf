import { readFileSync } from 'node:fs';

/** A record of sensor.community's files, as their documentation and captures have it. */
export interface ServedRecord {
  id: number;
  timestamp: string;
  sampling_rate: null;
  location: {
    id: number;
    latitude: string;
    longitude: string;
    altitude: string;
    country: string;
    exact_location: number;
    indoor: number;
  };
  sensor: { id: number; pin: string; sensor_type: { id: number; name: string; manufacturer: string } };
  sensordatavalues: { id?: number; value: string | number; value_type: string }[];
}

/** A capture of the fixtures. */
export function captured(name: string): ServedRecord[] {
  const parsed = JSON.parse(
    readFileSync(new URL(`../fixtures/sensorCommunity/${name}`, import.meta.url), 'utf8'),
  ) as unknown;
  return (Array.isArray(parsed) ? parsed : [parsed]) as ServedRecord[];
}

/** Every capture with all its parts. */
export const CAPTURES = [
  '2019-04-16-data-excerpt.json',
  '2019-04-25-data.json',
  'public-api-v1-sensor-2018-dht22.json',
  'public-api-v1-sensor-2018-sds011.json',
  'public-api-v1-sensor-2020-sds011.json',
  'public-api-v1-sensor-2023-long-coordinates.json',
  'public-api-2023-bme280.json',
  'public-api-dust-min-2019-empty-altitude.json',
];

/** Names and types of everything in a record, `sensordatavalues` by the kinds of entries it has. */
export function shapeOf(record: ServedRecord): Record<string, string> {
  const shape: Record<string, string> = {};
  visit(record, '', shape);
  return shape;
}

function visit(node: unknown, path: string, shape: Record<string, string>): void {
  if (Array.isArray(node)) {
    for (const each of node as ServedRecord['sensordatavalues']) {
      visit(each, `${path}[${each.value_type === 'pressure_at_sealevel' ? 'sealevel' : ''}]`, shape);
    }
  } else if (typeof node === 'object' && node !== null) {
    for (const [name, child] of Object.entries(node)) visit(child, path === '' ? name : `${path}.${name}`, shape);
  } else shape[path] = node === null ? 'null' : typeof node;
}

/** The numbers of a record by their name there; `pressure_at_sealevel` too. */
export function numbersOf(record: ServedRecord): Record<string, number> {
  return Object.fromEntries(record.sensordatavalues.map(({ value_type, value }) => [value_type, Number(value)]));
}

/** Their names there, in the order they stand in. */
export function typesOf({ sensordatavalues }: ServedRecord): string[] {
  return sensordatavalues.map(({ value_type }) => value_type);
}

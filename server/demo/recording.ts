import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../process/packageRoot.ts';
import { DEMO_STATIONS, type DemoStation } from './demoStations.ts';

/** Values under the names the firmware gives them, as text with two decimals, as it sends them. */
export type RecordedValues = readonly (readonly [valueType: string, value: string])[];

/** One message of the recording. */
export interface RecordedMessage {
  /** Index into `DEMO_STATIONS`. */
  station: number;
  /** ms since the start of the station's first day. */
  offset: number;
  values: RecordedValues;
}

/** `value_type` of each column after sensor and time. */
const VALUE_TYPES = ['SDS_P1', 'SDS_P2', 'temperature', 'humidity'] as const;

/** Reads the bundled recording, in order of `offset`. */
export async function loadRecording(): Promise<RecordedMessage[]> {
  const bytes = await readFile(join(packageRoot(), 'demo/data/recording.csv.gz'));
  return parseRecording(gunzipSync(bytes).toString('utf8'), DEMO_STATIONS);
}

/** Reads the recording's text: a header, then `sensor;time;pm10;pm25;temperature;humidity` a line. */
export function parseRecording(text: string, stations: readonly DemoStation[]): RecordedMessage[] {
  const indexOf = new Map(stations.map(({ sensor }, index) => [sensor, index]));
  const messages = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => parseLine(line, stations, indexOf));
  return messages.sort((a, b) => a.offset - b.offset || a.station - b.station);
}

function parseLine(line: string, stations: readonly DemoStation[], indexOf: Map<string, number>): RecordedMessage {
  const [sensor = '', time = '', ...columns] = line.split(';');
  const station = indexOf.get(sensor);
  const firstDay = station === undefined ? undefined : stations[station]?.firstDay;
  if (station === undefined || firstDay === undefined) throw new Error(`Recording names an unknown sensor: ${line}`);
  const offset = Date.parse(`${time}Z`) - firstDay;
  if (!Number.isFinite(offset)) throw new Error(`Recording holds an unreadable time: ${line}`);
  const values = VALUE_TYPES.flatMap((type, column) => {
    const value = columns[column];
    return value ? [[type, Number(value).toFixed(2)] as const] : [];
  });
  return { station, offset, values };
}

import { z } from 'zod';
import { HOUR_MS } from '../../domain/durations.ts';
import type { ReferenceType } from '../../domain/station.ts';
import { emptyReferenceFile, officialNumber, type ReferenceFile, type ReferenceReason } from './referenceFile.ts';

/** The API counts in CET all year (`uba-collector`, `bund-api` of the sources). */
const CET_MS = HOUR_MS;

/** Numbers of the API's components. */
const COMPONENTS: Readonly<Record<string, 'pm10' | 'pm25'>> = { '1': 'pm10', '9': 'pm25' };
/** Numbers of its averaging times: daily mean and hourly mean. Others (gliding, maxima) are no means of windows of ours. */
const SCOPES: Readonly<Record<string, { span: '1h' | '24h'; ms: number }>> = {
  '1': { span: '24h', ms: 24 * HOUR_MS },
  '2': { span: '1h', ms: HOUR_MS },
};
const TYPES: Readonly<Record<string, ReferenceType>> = { '1': 'background', '2': 'industrial', '3': 'traffic' };

const cell = z.union([z.string(), z.number()]).nullable();
const measuresSchema = z.object({
  indices: z.object({ data: z.object({ 'station id': z.object({ 'date start': z.array(z.string()) }) }) }),
  // Where there is nothing, it is an empty list.
  data: z.union([z.record(z.string(), z.record(z.string(), z.array(cell))), z.array(z.never()).transform(() => ({}))]),
});
const stationsSchema = z.object({
  indices: z.array(z.string()),
  data: z.record(z.string(), z.array(cell)),
});

/**
 * An answer of the Umweltbundesamt's API as it was saved, `measures/json` or `stations/json`; undefined for anything
 * else.
 *
 *   {"indices":{"data":{"station id":{"date start":["component id","scope id","value","date end","index"]}}},
 *    "data":{"112":{"2024-01-01 00:00:00":[1,2,27,"2024-01-01 01:00:00","1"]}}}
 *   -> station 112, hourly mean of PM10 from 2023-12-31T23:00Z, 27 µg/m³
 */
export function readUbaApi(json: unknown): ReferenceFile | undefined {
  const measures = measuresSchema.safeParse(json);
  if (measures.success) return readMeasures(measures.data);
  const stations = stationsSchema.safeParse(json);
  return stations.success && stations.data.indices.includes('station code') ? readStations(stations.data) : undefined;
}

function readMeasures({ indices, data }: z.output<typeof measuresSchema>): ReferenceFile {
  const file = emptyReferenceFile();
  const names = indices.data['station id']['date start'];
  for (const [code, byStart] of Object.entries(data)) {
    for (const [start, cells] of Object.entries(byStart)) {
      file.rows++;
      const of = (name: string) => String(cells[names.indexOf(name)] ?? '');
      readMeasure(file, { code, start, component: of('component id'), scope: of('scope id'), value: of('value') });
    }
  }
  return file;
}

function readMeasure(
  file: ReferenceFile,
  entry: { code: string; start: string; component: string; scope: string; value: string },
) {
  const refuse = (reason: ReferenceReason, detail: string) =>
    void file.refused.push({ reason, line: file.rows, detail: `${entry.code} ${detail}` });
  const quantity = COMPONENTS[entry.component];
  if (quantity === undefined) return;
  const scope = SCOPES[entry.scope];
  if (scope === undefined) return refuse('gliding-mean', `scope ${entry.scope}`);
  const start = cetTime(entry.start);
  if (start === undefined) return refuse('time-unreadable', entry.start);
  const value = officialNumber(entry.value);
  if (value === undefined) return;
  if (typeof value === 'string') return refuse(value, entry.value);
  file.values.push({ code: entry.code, quantity, span: scope.span, start, value });
}

function cetTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):\d\d$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute) - CET_MS;
}

function readStations({ indices, data }: z.output<typeof stationsSchema>): ReferenceFile {
  const file = emptyReferenceFile();
  for (const cells of Object.values(data)) {
    const of = (name: string) => String(cells[indices.indexOf(name)] ?? '');
    file.rows++;
    const [lat, lon] = [Number(of('station latitude')), Number(of('station longitude'))];
    if (!Number.isFinite(lat) || !Number.isFinite(lon) || of('station code') === '') continue;
    file.places.push({
      code: of('station code'),
      number: of('station id'),
      name: of('station name'),
      position: { lat, lon },
      type: TYPES[of('station type id')] ?? 'unknown',
    });
  }
  return file;
}

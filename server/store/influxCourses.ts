import { coursesOf, type SensorCourse } from '../domain/course.ts';
import type { Reading } from '../domain/reading.ts';
import type { InfluxClient } from './influxClient.ts';
import { presentFields } from './influxQueries.ts';
import { rowPages } from './influxRows.ts';
import { stationIn, timeIn } from './influxText.ts';
import type { ReadingStore } from './readingStore.ts';

/** Stations in one query. */
const STATIONS_PER_QUERY = 50;

/** Courses of some stations' instruments; `ReadingStore.courses`. */
export async function coursesOfStations(
  client: InfluxClient,
  { stationIds, from, to }: Parameters<ReadingStore['courses']>[0],
): Promise<SensorCourse[]> {
  const readings: Reading[] = [];
  for (let first = 0; first < stationIds.length; first += STATIONS_PER_QUERY) {
    const where = stationIn(stationIds.slice(first, first + STATIONS_PER_QUERY));
    const fields = await presentFields(client, `${where} AND ${timeIn(from, to)}`);
    const columns = ['station', 'sensor', 'flags', ...fields.map(({ field }) => field)].join(', ');
    for await (const { rows } of rowPages(client, { columns, measurement: 'reading', where }, { from, to })) {
      for (const [measuredAt, station, sensor, flags, ...found] of rows) {
        const reading: Reading = {
          stationId: String(station),
          sensor: String(sensor),
          measuredAt,
          values: {},
          flags: Number(flags),
        };
        for (const [index, { quantity }] of fields.entries()) {
          if (typeof found[index] === 'number') reading.values[quantity] = found[index];
        }
        readings.push(reading);
      }
    }
  }
  return coursesOf(readings);
}

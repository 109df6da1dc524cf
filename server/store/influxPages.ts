import { CELL_MS, type Cell } from '../domain/aggregate.ts';
import type { Reading } from '../domain/reading.ts';
import { flagsAbout } from './admissionFlags.ts';
import type { InfluxClient, InfluxSeries } from './influxClient.ts';
import { presentFields } from './influxQueries.ts';
import { addExtras, MESSAGE_COLUMNS, messageOf, READING_COLUMNS, readingOf } from './influxReadings.ts';
import { edgeTime, rowPages } from './influxRows.ts';
import { stationIs, timeIn, type VALUE_FIELDS } from './influxText.ts';
import type { ReadingStore } from './readingStore.ts';

/** Time one query of cells covers: with 15,000 stations an answer of some 50 MB. */
const CELLS_STEP_MS = 30 * 60_000;

/** Half-open stretch of time, epoch ms. */
interface Window {
  from: number;
  to: number;
}

/** Pages of 5-minute cells; `ReadingStore.cells`. */
export async function* cellPages(client: InfluxClient, window: Window): AsyncGenerator<Cell[]> {
  const first = await edgeTime(client, 'first', { measurement: 'reading' }, window);
  const last = await edgeTime(client, 'last', { measurement: 'reading' }, window);
  if (first === undefined || last === undefined) return;
  const fields = (await presentFields(client, timeIn(first, last + 1))).filter((field) => field.isValid);
  for (let start = first - (first % CELLS_STEP_MS); start <= last; start += CELLS_STEP_MS) {
    const step = { from: Math.max(start, window.from), to: Math.min(start + CELLS_STEP_MS, window.to) };
    for (const field of fields) {
      const page = await cellsOf(client, field, step);
      if (page.length > 0) yield page;
    }
  }
}

async function cellsOf(
  client: InfluxClient,
  { quantity, field }: (typeof VALUE_FIELDS)[number],
  { from, to }: Window,
): Promise<Cell[]> {
  const found = await client.query(
    `SELECT sum(${field}), count(${field}), min(${field}), max(${field}) FROM reading WHERE ${timeIn(from, to)}
      GROUP BY time(${CELL_MS}ms), station, sensor fill(none)`,
  );
  return found.flatMap((series) => {
    const rows = series.values as [number, number, number, number, number][];
    return rows.flatMap(([start, sum, count, min, max]): Cell[] => {
      return count ? [{ ...tagsOf(series), quantity, start, sum, count, min, max }] : [];
    });
  });
}

/** Newest value of every series and quantity in a window; `ReadingStore.latest`. */
export async function latestValues(client: InfluxClient, { from, to }: Window): ReturnType<ReadingStore['latest']> {
  const latest = new Map<string, Latest>();
  for (const { quantity, field } of await presentFields(client, timeIn(from, to))) {
    const found = await client.query(
      `SELECT last(${field}), flags FROM reading WHERE ${timeIn(from, to)} GROUP BY station, sensor`,
    );
    for (const series of found) {
      const [measuredAt, value, mask] = series.values[0] as [number, number, number];
      const { stationId, sensor } = tagsOf(series);
      const key = `${stationId}/${sensor}/${quantity}`;
      // Valid and invalid values are two fields: the newer of the two is the latest.
      if (measuredAt < (latest.get(key)?.measuredAt ?? Number.NEGATIVE_INFINITY)) continue;
      latest.set(key, { stationId, sensor, quantity, measuredAt, value, flags: flagsAbout(mask, quantity) });
    }
  }
  return [...latest.values()];
}

type Latest = Awaited<ReturnType<ReadingStore['latest']>>[number];

/** Pages of readings; `ReadingStore.scan`. */
export async function* scanPages(
  client: InfluxClient,
  { stationId, from, to }: Window & { stationId?: string },
): AsyncGenerator<Reading[]> {
  const where = stationId === undefined ? undefined : stationIs(stationId);
  const source = { columns: READING_COLUMNS, measurement: 'reading', where } as const;
  for await (const { rows } of rowPages(client, source, { from, to })) {
    const readings = rows.map(readingOf);
    await addExtras(client, readings, where);
    yield readings;
  }
}

/** Pages of fingerprints; `ReadingStore.fingerprints`. */
export async function* fingerprintPages(
  client: InfluxClient,
  from: number,
): AsyncGenerator<{ stationId: string; measuredAt: number; hi: number; lo: number }[]> {
  const source = { columns: MESSAGE_COLUMNS, measurement: 'message' } as const;
  for await (const { rows } of rowPages(client, source, { from, to: Number.POSITIVE_INFINITY })) {
    yield rows.map(messageOf).flatMap(({ stationId, measuredAt, fingerprint }) => {
      return fingerprint ? [{ stationId, measuredAt, ...fingerprint }] : [];
    });
  }
}

function tagsOf({ tags }: InfluxSeries): { stationId: string; sensor: string } {
  return { stationId: tags?.station ?? '', sensor: tags?.sensor ?? '' };
}

import { CELL_MS } from '../../domain/aggregate.ts';
import { MINUTE_MS } from '../../domain/durations.ts';
import type { Reading } from '../../domain/reading.ts';
import { flagsAbout } from '../admissionFlags.ts';
import { CellColumns } from '../cellColumns.ts';
import type { CellBlock } from '../readingStore.ts';
import type { InfluxClient, InfluxSeries } from './influxClient.ts';
import { presentFields } from './influxQueries.ts';
import { addExtras, READING_COLUMNS, readingOf } from './influxReadings.ts';
import { edgeTime, rowPages } from './influxRows.ts';
import { stationIs, timeIn, type VALUE_FIELDS } from './influxText.ts';

/** Time one query of cells covers: with 15,000 stations an answer of some 50 MB. */
const CELLS_STEP_MS = 30 * MINUTE_MS;

/** Half-open stretch of time, epoch ms. */
interface Window {
  from: number;
  to: number;
}

/** Blocks of newest values, then of 5-minute cells; `ReadingStore.cells`. */
export async function* cellBlocks(client: InfluxClient, window: Window): AsyncGenerator<CellBlock> {
  const first = await edgeTime(client, 'first', { measurement: 'reading' }, window);
  const last = await edgeTime(client, 'last', { measurement: 'reading' }, window);
  if (first === undefined || last === undefined) return;
  const fields = await presentFields(client, timeIn(first, last + 1));
  for (const field of fields) yield await latestOf(client, field, window);
  for (let start = first - (first % CELLS_STEP_MS); start <= last; start += CELLS_STEP_MS) {
    const step = { from: Math.max(start, window.from), to: Math.min(start + CELLS_STEP_MS, window.to) };
    for (const field of fields) if (field.isValid) yield await cellsOf(client, field, { start, step });
  }
}

type ValueField = (typeof VALUE_FIELDS)[number];

async function cellsOf(
  client: InfluxClient,
  { quantity, field }: ValueField,
  { start, step }: { start: number; step: Window },
): Promise<CellBlock> {
  const found = await client.query(
    `SELECT sum(${field}), count(${field}), min(${field}), max(${field}) FROM reading WHERE ${timeIn(step.from, step.to)}
      GROUP BY time(${CELL_MS}ms), station, sensor fill(none)`,
  );
  const columns = new CellColumns(CELLS_STEP_MS / CELL_MS);
  columns.clear(start);
  for (const series of found) {
    const slot = columns.addSeries({ ...tagsOf(series), quantity }) * columns.cellCount;
    for (const [at, sum, count, min, max] of series.values as [number, number, number, number, number][]) {
      if (count) columns.setCell(slot + (at - start) / CELL_MS, { sum, count, min, max });
    }
  }
  return columns;
}

/** Valid and invalid values of a quantity are two fields and so two blocks: the newer value of the two is the latest. */
async function latestOf(client: InfluxClient, { quantity, field }: ValueField, window: Window): Promise<CellBlock> {
  const found = await client.query(
    `SELECT last(${field}), flags FROM reading WHERE ${timeIn(window.from, window.to)} GROUP BY station, sensor`,
  );
  const columns = new CellColumns(0);
  for (const series of found) {
    const [measuredAt, value, mask] = series.values[0] as [number, number, number];
    const place = columns.addSeries({ ...tagsOf(series), quantity });
    columns.latestTimes[place] = measuredAt;
    columns.latestValues[place] = value;
    columns.latestFlags[place] = flagsAbout(mask, quantity);
  }
  return columns;
}

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

function tagsOf({ tags }: InfluxSeries): { stationId: string; sensor: string } {
  return { stationId: tags?.station ?? '', sensor: tags?.sensor ?? '' };
}

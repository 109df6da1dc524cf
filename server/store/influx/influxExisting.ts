import { type Existing, keyOf, type LateKey } from '../admission.ts';
import { clustersOf } from '../admissionClusters.ts';
import type { InfluxClient } from './influxClient.ts';
import { addExtras, MESSAGE_COLUMNS, messageOf, READING_COLUMNS, readingOf } from './influxReadings.ts';
import { type InfluxRow, type RowSource, windowPages } from './influxRows.ts';
import { seriesIs, stationIs } from './influxText.ts';

/** Alternatives in one query: beyond about a hundred they cost more than a further query. */
const MAX_ALTERNATIVES = 100;

/** Reads what is stored under `late`. Neighbours of the keys that come along are of no harm. */
export async function readExisting(client: InfluxClient, late: readonly LateKey[]): Promise<Existing> {
  const existing: Existing = { readings: new Map(), messages: new Map() };
  for (const cluster of clustersOf(late)) {
    const ofReadings = cluster.filter((key) => key.sensor !== '');
    for (const part of alternatives(ofReadings, ({ stationId, sensor }) => `(${seriesIs(stationId, sensor)})`)) {
      await readReadings(client, part, existing);
    }
    const ofMessages = cluster.filter((key) => key.sensor === '');
    for (const part of alternatives(ofMessages, ({ stationId }) => stationIs(stationId))) {
      await readMessages(client, part, existing);
    }
  }
  return existing;
}

/** Series named in one query, and the time it covers. */
interface Part {
  where: string;
  from: number;
  to: number;
}

function alternatives(keys: readonly LateKey[], condition: (key: LateKey) => string): Part[] {
  const [first, last] = [keys[0], keys.at(-1)];
  if (!first || !last) return [];
  const conditions = [...new Set(keys.map(condition))];
  const parts: Part[] = [];
  for (let start = 0; start < conditions.length; start += MAX_ALTERNATIVES) {
    const where = conditions.slice(start, start + MAX_ALTERNATIVES).join(' OR ');
    parts.push({ where, from: first.measuredAt, to: last.measuredAt + 1 });
  }
  return parts;
}

async function readReadings(client: InfluxClient, part: Part, existing: Existing): Promise<void> {
  const rows = await allRows(client, { columns: READING_COLUMNS, measurement: 'reading', where: part.where }, part);
  const readings = rows.map(readingOf);
  await addExtras(client, readings, part.where);
  for (const reading of readings) {
    existing.readings.set(keyOf(reading), { values: reading.values, extra: reading.extra ?? {}, flags: reading.flags });
  }
}

async function readMessages(client: InfluxClient, part: Part, existing: Existing): Promise<void> {
  const rows = await allRows(client, { columns: MESSAGE_COLUMNS, measurement: 'message', where: part.where }, part);
  for (const message of rows.map(messageOf)) existing.messages.set(keyOf({ ...message, sensor: '' }), message);
}

async function allRows(client: InfluxClient, source: RowSource, part: Part): Promise<InfluxRow[]> {
  const rows: InfluxRow[] = [];
  for await (const page of windowPages(client, source, part)) rows.push(...page.rows);
  return rows;
}

import { isValid } from '../../domain/assessment/flag.ts';
import type { Quantity } from '../../domain/quantity.ts';
import type { Reading } from '../../domain/reading.ts';
import type { MessageRow } from '../admissionMerge.ts';
import { HEALTH_COLUMNS } from '../healthColumns.ts';
import { isFullRequest, type LineBlock } from './influxLineBlock.ts';
import { InfluxLineWriter } from './influxLineWriter.ts';
import { checkedSensor, checkedStation, extraField } from './influxText.ts';

/** Rows of one append. */
export interface LineRows {
  readings: readonly Reading[];
  messages: readonly MessageRow[];
}

/** The rows' lines as requests. */
export function* blocksOfRows(writer: InfluxLineWriter, rows: LineRows): Generator<LineBlock> {
  const end = rows.readings.length + rows.messages.length;
  let first = 0;
  // A row with a name that is none may have ended an earlier turn in the middle of a line.
  writer.clear();
  for (let at = 0; at < end; at++) {
    writeRow(writer, rows, at);
    if (at + 1 < end && !isFullRequest(writer.lines, writer.length)) continue;
    const [from, to] = [first, at + 1];
    first = to;
    yield { count: writer.lines, text: writer.take(), lines: () => linesOfRows(rows, from, to) };
  }
}

function writeRow(writer: InfluxLineWriter, { readings, messages }: LineRows, at: number): void {
  const reading = readings[at];
  if (reading === undefined) writeMessage(writer, messages[at - readings.length]!);
  else writeReading(writer, reading);
}

function linesOfRows(rows: LineRows, from: number, to: number): string[] {
  const writer = new InfluxLineWriter();
  const lines: string[] = [];
  for (let at = from; at < to; at++) {
    writeRow(writer, rows, at);
    const text = writer.take();
    // Readings hold no text that could have a line break in it.
    lines.push(...(at < rows.readings.length ? text.split('\n') : [text]));
  }
  return lines;
}

/** A reading's lines: its values and flags, and its unknown quantities apart. */
function writeReading(writer: InfluxLineWriter, reading: Reading): void {
  const { flags, values, extra, measuredAt } = reading;
  beginOfReading(writer, 'reading', reading);
  writer.ascii(' flags=');
  writer.number(flags);
  for (const name in values) {
    writer.ascii(',');
    writer.ascii(name);
    writer.ascii(isValid(flags, name as Quantity) ? '=' : '_x=');
    writer.number(values[name as Quantity]!);
  }
  endAt(writer, measuredAt);
  if (extra === undefined) return;
  beginOfReading(writer, 'extra', reading);
  let separator = ' ';
  for (const name in extra) {
    field(writer, separator + extraField(name), extra[name]!);
    separator = ',';
  }
  endAt(writer, measuredAt);
}

/** A message's line. All numbers are floats: a field that was once an integer could never hold anything else. */
function writeMessage(writer: InfluxLineWriter, row: MessageRow): void {
  const { stationId, measuredAt, receivedAt, fingerprint, earlierParts, health } = row;
  writer.begin('message,station=');
  writer.ascii(checkedStation(stationId));
  field(writer, ' received', receivedAt);
  if (fingerprint) {
    field(writer, ',fp_hi', fingerprint.hi);
    field(writer, ',fp_lo', fingerprint.lo);
  }
  if (earlierParts) {
    // One point a key: what it held before would be lost.
    writer.ascii(',fp_parts=');
    writer.quoted(earlierParts.map(({ hi, lo }) => `${hi}.${lo}`).join(' '));
  }
  for (const [name, property] of HEALTH_COLUMNS) {
    const value = health[property];
    if (value === undefined) continue;
    writer.ascii(',');
    field(writer, name, value);
  }
  if (health.firmware !== undefined) {
    writer.ascii(',firmware=');
    writer.quoted(health.firmware);
  }
  endAt(writer, measuredAt);
}

/** Measurement and tags, these in order, or the server would have to sort them. */
function beginOfReading(writer: InfluxLineWriter, measurement: string, { sensor, stationId }: Reading): void {
  writer.begin(measurement);
  writer.ascii(',sensor=');
  writer.ascii(checkedSensor(sensor));
  writer.ascii(',station=');
  writer.ascii(checkedStation(stationId));
}

function field(writer: InfluxLineWriter, name: string, value: number): void {
  writer.ascii(name);
  writer.ascii('=');
  writer.number(value);
}

function endAt(writer: InfluxLineWriter, time: number): void {
  writer.ascii(' ');
  writer.number(time);
}

import type { Reading } from '../domain/reading.ts';
import type { Station } from '../domain/station.ts';
import { RECENT_MS, type RecentReading, type RecentReadings, type SensorRecent } from './recentReadings.ts';
import { fillFromLine, fillWithMeans, timeAt } from './recentTable.ts';
import { dropEntry, newEntry } from './recordChunk.ts';
import { keepHead } from './recordHead.ts';
import { type LogName, PARTS, type PartKind } from './recordKinds.ts';
import type { RecordLog } from './recordLog.ts';
import { putMeans, putMeasured, putReading, type ValueRules } from './recordText.ts';
import type { RecordFrame, RecordWriter } from './recordWriter.ts';
import { type Frame, type FrameSources, framesOf } from './stationFrames.ts';
import { emptyRow, onlyPart, partOf } from './valueRow.ts';

/** What of a station's readings is to be written, as of when, and where to. */
export interface ReadingsWanted {
  /** Epoch ms. */
  now: number;
  writer: RecordWriter;
  /** Instruments that are wanted. */
  takes: (frame: Frame) => boolean;
  /** True for the newest reading first: many clients look at the first record of a sensor only. */
  isNewestFirst?: boolean;
}

/** What the readings of a station are written from. */
export interface ReadingSources extends FrameSources {
  recent: Pick<RecentReadings, 'of'>;
}

/** Writes single readings of one station. */
export function putStation(station: Station, wanted: ReadingsWanted, sources: ReadingSources): void {
  const frames = framesOf(station, sources);
  const { rules } = frames;
  const since = Math.max(wanted.now - RECENT_MS, rules.movedAt - 1);
  for (const { sensor, readings } of sources.recent.of(station.id, since)) {
    const frame = frames.of(sensor);
    if (frame === undefined || !wanted.takes(frame)) continue;
    for (const reading of wanted.isNewestFirst === true ? readings.toReversed() : readings) {
      putReading(wanted.writer, frame, { reading, rules });
    }
  }
}

/** Where records are written. */
export type LogOf = (name: LogName) => RecordLog;

/** Where and how the records of an instrument are written. */
export interface RecentTargets {
  readings: RecordLog<RecentReading>;
  logOf: LogOf;
  rules: ValueRules;
}

/** Writes what of an instrument is new: readings, and their mean. */
export function putRecent(frame: RecordFrame, sensor: SensorRecent, to: RecentTargets): void {
  for (let line = sensor.firstNew; line < sensor.readings.length; line++) putLineRecord(frame, sensor, { line, to });
  sensor.firstNew = sensor.readings.length;
  putMean(frame, sensor, to);
}

function putLineRecord(
  frame: RecordFrame,
  sensor: SensorRecent,
  { line, to }: { line: number; to: RecentTargets },
): void {
  const { readings, rules } = to;
  const reading = sensor.readings[line]!;
  const measuredAt = timeAt(sensor, line);
  fillFromLine(measured, sensor, { line, rules });
  putMeasured(readings.begin(), frame, { measuredAt, row: measured, rules, extra: reading.extra });
  readings.commit(reading, measuredAt);
}

/** The mean of five minutes: whole among its part, or among the others with a record cut for each part. */
function putMean(frame: RecordFrame, sensor: SensorRecent, { logOf, rules }: RecentTargets): void {
  const measuredAt = timeAt(sensor, sensor.readings.length - 1);
  fillWithMeans(means, sensor, rules);
  const extra = sensor.hasExtra ? extraMeans(sensor) : undefined;
  const only = onlyPart(means);
  const log = logOf(only ?? 'other');
  putMeans(log.begin(), frame, { measuredAt, row: means, rules, extra });
  if (only === undefined) putCuts(frame, sensor, { logOf, rules, measuredAt, extra });
  else dropCuts(sensor);
  // Last: the frame may lie in the record that this one replaces.
  log.commit(sensor, measuredAt);
  keepHead(sensor, frame);
}

/** Where means go, and what goes with them. */
interface MeansTargets {
  logOf: LogOf;
  rules: ValueRules;
  measuredAt: number;
  extra: Reading['extra'] | undefined;
}

function putCuts(frame: RecordFrame, sensor: SensorRecent, { logOf, rules, measuredAt, extra }: MeansTargets): void {
  sensor.cuts ??= {};
  for (const part of PARTS) {
    sensor.cuts[part] ??= newEntry();
    const cuts = logOf(`cut-${part}`);
    // Who measures several parts and counts particles (SEN5x) counts them with its particulates.
    const counts = part === 'dust' ? extra : undefined;
    putMeans(cuts.begin(), frame, { measuredAt, row: partOf(means, part), rules, extra: counts });
    cuts.commit(sensor.cuts[part], measuredAt);
  }
}

/** Rows being worked on. */
const [measured, means] = [emptyRow(), emptyRow()];

/** Means of the values that we do not judge, in the order in which the first reading has them; undefined for none. */
function extraMeans({ readings }: SensorRecent): Record<string, number> | undefined {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { extra } of readings) {
    for (const name in extra) {
      const before = sums.get(name) ?? { sum: 0, count: 0 };
      sums.set(name, { sum: before.sum + extra[name]!, count: before.count + 1 });
    }
  }
  if (sums.size === 0) return undefined;
  return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count]));
}

/** Takes the mean of an instrument out of the files. */
export function dropMeans(sensor: SensorRecent): void {
  dropEntry(sensor);
  dropCuts(sensor);
}

function dropCuts({ cuts }: SensorRecent): void {
  for (const part in cuts) dropEntry(cuts[part as PartKind]!);
}

import type { Quantity } from '../domain/quantity.ts';
import type { Station } from '../domain/station.ts';
import { meansOf, RECENT_MS, type RecentReadings, type SensorRecent } from './recentReadings.ts';
import { dropEntry, newEntry } from './recordChunk.ts';
import { type LogName, PARTS, type PartKind, QUANTITIES_OF } from './recordKinds.ts';
import type { RecordLog } from './recordLog.ts';
import { putMeans, putReading, type ValueRules } from './recordText.ts';
import type { RecordWriter } from './recordWriter.ts';
import { type Frame, type FrameSources, framesOf } from './stationFrames.ts';

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
  const since = Math.max(wanted.now - RECENT_MS, frames.movedAt - 1);
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

/** The mean of five minutes: whole among its part, or among the others with a record cut for each part. */
export function putRecentMeans(frame: Frame, sensor: SensorRecent, to: { logOf: LogOf; rules: ValueRules }): void {
  const { measuredAt } = sensor.readings.at(-1)!;
  const means = meansOf(sensor.readings);
  const record = { measuredAt, means, rules: to.rules };
  const only = onlyPart(means, to.rules);
  const log = to.logOf(only ?? 'other');
  putMeans(log.begin(), frame, record);
  log.commit(sensor.mean, measuredAt);
  if (only !== undefined) {
    dropCuts(sensor);
    return;
  }
  sensor.cuts ??= {};
  for (const part of PARTS) {
    sensor.cuts[part] ??= newEntry();
    const cuts = to.logOf(`cut-${part}`);
    putMeans(cuts.begin(), frame, { ...record, quantities: QUANTITIES_OF[part] });
    cuts.commit(sensor.cuts[part], measuredAt);
  }
}

/** Takes the mean of an instrument out of the files. */
export function dropMeans(sensor: SensorRecent): void {
  dropEntry(sensor.mean);
  dropCuts(sensor);
}

function dropCuts({ cuts }: SensorRecent): void {
  for (const part in cuts) dropEntry(cuts[part as PartKind]!);
}

/** The part all means belong to; undefined where there are several or none. */
function onlyPart(means: Partial<Record<Quantity, number>>, rules: ValueRules): PartKind | undefined {
  let only: PartKind | undefined;
  for (const part of PARTS) {
    if (!hasPart(part, means, rules)) continue;
    if (only !== undefined) return undefined;
    only = part;
  }
  return only;
}

function hasPart(part: PartKind, means: Partial<Record<Quantity, number>>, rules: ValueRules): boolean {
  for (const quantity of QUANTITIES_OF[part]) {
    if (means[quantity] !== undefined && rules.publishes(quantity)) return true;
  }
  return false;
}

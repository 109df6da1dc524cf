import type { InstrumentMeans } from '../live/instrumentMeans.ts';
import { dropEntry } from './recordChunk.ts';
import { HeadedEntry, headOf, keepHead } from './recordHead.ts';
import { MEANS_KINDS, type MeansKind } from './recordKinds.ts';
import type { RecordLog } from './recordLog.ts';
import { putMeans, type ValueRules } from './recordText.ts';
import type { StationPlace } from './townRecords.ts';
import { leaveOutUnpublished } from './valueRow.ts';

/** The records of an instrument in the files of sliding means. */
export class MeanRecord {
  readonly stationId: string;
  readonly sensor: string;
  /** What of its values is written; undefined once its station is in no file. */
  rules: ValueRules | undefined;
  /** Number of the look that told it last. */
  look = 0;
  readonly '1h' = new HeadedEntry();
  readonly '24h' = new HeadedEntry();

  constructor({ station, frames }: StationPlace, sensor: string) {
    this.stationId = station.id;
    this.sensor = sensor;
    this.rules = frames.rules;
  }
}

/** Where the records of sliding means are written. */
export type MeansLogs = readonly { kind: MeansKind; log: RecordLog }[];

/** The records of the sliding means of all instruments, all of them written anew with each look. */
export class MeanRecords {
  readonly #placeOf: (stationId: string) => StationPlace | undefined;
  #look = 0;
  /** As they were told the last time. */
  #told: MeanRecord[] = [];

  constructor(placeOf: (stationId: string) => StationPlace | undefined) {
    this.#placeOf = placeOf;
  }

  /** Writes what `tell` tells: for each instrument a row for each log. */
  write(tell: (visit: (means: InstrumentMeans) => void) => void, logs: MeansLogs): void {
    this.#look++;
    const before = this.#told;
    const told: MeanRecord[] = [];
    let isAsBefore = true;
    tell((means) => {
      const guess = before[told.length];
      const record = this.#recordOf(means, guess);
      if (record === undefined) return;
      if (record !== guess) isAsBefore = false;
      record.look = this.#look;
      told.push(record);
      this.#put(record, means, logs);
    });
    this.#told = told;
    if (isAsBefore && told.length === before.length) return;
    for (const record of before) if (record.look !== this.#look) dropMeans(record);
  }

  /** The records of what is told; `guess` are those told here the last time, mostly it. */
  #recordOf({ stationId, sensor }: InstrumentMeans, guess: MeanRecord | undefined): MeanRecord | undefined {
    const isIt = guess?.stationId === stationId && guess.sensor === sensor && guess.rules !== undefined;
    if (isIt) return guess;
    const place = this.#placeOf(stationId);
    return place && (place.means.find((known) => known.sensor === sensor) ?? added(place, sensor));
  }

  #put(record: MeanRecord, { rows, lastMeasuredAt }: InstrumentMeans, logs: MeansLogs): void {
    const { rules } = record;
    const frame =
      headOf(record['1h']) ?? headOf(record['24h']) ?? this.#placeOf(record.stationId)?.frames.of(record.sensor);
    if (frame === undefined || rules === undefined) {
      dropMeans(record);
      return;
    }
    for (let at = 0; at < logs.length; at++) {
      const { kind, log } = logs[at]!;
      const row = rows[at]!;
      leaveOutUnpublished(row, rules.publishes);
      putMeans(log.begin(), frame, { measuredAt: lastMeasuredAt, row, rules });
      log.commit(record[kind], lastMeasuredAt);
      keepHead(record[kind], frame);
    }
  }
}

function added(place: StationPlace, sensor: string): MeanRecord {
  const made = new MeanRecord(place, sensor);
  place.means.push(made);
  return made;
}

/** The station of an instrument has other frames from now on, or is in no file any more. */
export function renewMeans(record: MeanRecord, rules: ValueRules | undefined): void {
  record.rules = rules;
  for (const kind of MEANS_KINDS) record[kind].headLength = 0;
  if (rules === undefined) dropMeans(record);
}

function dropMeans(record: MeanRecord): void {
  for (const kind of MEANS_KINDS) dropEntry(record[kind]);
}

import type { Quantity } from '../domain/quantity.ts';
import { publicPosition, publishes, type Station } from '../domain/station.ts';
import { standsSince } from '../domain/stationHistory.ts';
import {
  forgetBefore,
  meansOf,
  RECENT_MS,
  type RecentReading,
  type RecentReadings,
  type SensorRecent,
  type StationRecent,
} from './recentReadings.ts';
import { putMeans, putReading, type ValueRules } from './recordText.ts';
import { type RecordFrame, type RecordWriter, recordFrame } from './recordWriter.ts';
import type { SensorNumbers } from './sensorNumbers.ts';
import { sensorTypeOf } from './sensorTypes.ts';
import { valueOrderOf } from './valueOrder.ts';

/** What a file holds: single readings or means of five minutes, an hour or a day. */
export type RecordKind = ShelfKind | PartKind;
/** Kinds that are kept; the others are cut from `5min`. */
export type ShelfKind = 'readings' | '5min' | '1h' | '24h';
/** Kinds that hold some quantities only. */
export type PartKind = 'dust' | 'climate' | 'noise';

/** Quantities of the files that hold a part only. */
const QUANTITIES_OF: Readonly<Record<PartKind, readonly Quantity[]>> = {
  dust: ['pm1', 'pm25', 'pm4', 'pm10'],
  climate: ['temperature', 'humidity', 'pressure'],
  noise: ['noise'],
};

/** Kinds that hold a part of the five-minute means. */
export const PARTS = Object.keys(QUANTITIES_OF) as PartKind[];

/** Where records of a kind go. Those that belong to one part lie together, so that the file of a part is cut from one run. */
export type StripName = PartKind | 'other' | `cut-${PartKind}`;

/** All strips of the five-minute means; other kinds have `other` alone. */
export const PART_STRIPS: readonly StripName[] = [...PARTS, 'other', ...PARTS.map((part) => `cut-${part}` as const)];

/** True for a kind that holds some quantities only. */
export function isPart(kind: RecordKind): kind is PartKind {
  return Object.hasOwn(QUANTITIES_OF, kind);
}

/** Begins the external id of a place of sensor.community. */
const LOCATION_PREFIX = 'sensor.community-location:';
/** Altitudes are public to this step, metres: finer ones would tell on which side of a hill a house stands. */
const ALTITUDE_STEP = 10;

/** A sliding mean of one instrument. */
export interface InstrumentMeans {
  sensor: string;
  means: Partial<Record<Quantity, number>>;
  /** Epoch ms of its newest reading. */
  lastMeasuredAt: number;
}

/** What records are made from. */
export interface RecordSources {
  recent: Pick<RecentReadings, 'ofStation'>;
  numbers: Pick<SensorNumbers, 'numberOf'>;
  /** Sliding means, of every instrument of a station, that rest on enough readings. */
  means: (stationId: string, average: '1h' | '24h', now: number) => Iterable<InstrumentMeans>;
  /** ISO 3166-1 code of the country the instance is in. */
  country: string;
}

/** What of a station is to be written, as of when, and where to. */
export interface RecordsWanted {
  kind: ShelfKind;
  /** Epoch ms. */
  now: number;
  writerOf: (name: StripName) => RecordWriter;
  /** What is kept of the station, when the caller has it at hand. */
  recent?: StationRecent;
  frames?: StationFrames;
  /** True when what is written is kept: readings note where they lie in it. */
  isKept?: boolean;
  /** The station's piece as it was written last, and what it lies in: readings still in it are taken over. */
  written?: { bytes: Uint8Array; start: number };
  /** True for the newest reading first: many clients look at the first record of a sensor only. */
  isNewestFirst?: boolean;
  /** Instruments that are wanted; all when left out. */
  takes?: (frame: Frame) => boolean;
}

/** Writes the records of one station in one kind of file; until when they hold, epoch ms. */
export function putStation(station: Station, wanted: RecordsWanted, sources: RecordSources): number {
  const { kind, now, writerOf, takes } = wanted;
  const frames = wanted.frames ?? framesOf(station, sources);
  const rules = frames.rules;
  const frameOf = (sensor: string) => {
    const frame = frames.of(sensor);
    return frame === undefined || takes?.(frame) === false ? undefined : frame;
  };
  if (kind === '1h' || kind === '24h') {
    for (const { sensor, means, lastMeasuredAt } of sources.means(station.id, kind, now)) {
      const frame = frameOf(sensor);
      if (frame !== undefined) putMeans(writerOf('other'), frame, { measuredAt: lastMeasuredAt, means, rules });
    }
    return now;
  }
  let holdsUntil = Number.POSITIVE_INFINITY;
  const start = kind === 'readings' ? writerOf('other').at : 0;
  const ofStation = wanted.recent ?? sources.recent.ofStation(station.id);
  forgetBefore(ofStation, Math.max(now - RECENT_MS, frames.movedAt - 1));
  for (const recent of ofStation.sensors) {
    if (recent.readings.length === 0) continue;
    holdsUntil = Math.min(holdsUntil, recent.readings[0]!.measuredAt + RECENT_MS);
    const frame = frameOf(recent.sensor);
    if (frame === undefined) continue;
    if (kind === '5min') putRecentMeans(frame, { recent, rules, writerOf });
    else putReadings(frame, recent.readings, { wanted, rules, start });
  }
  return holdsUntil;
}

/** Every reading as a record; those that lie in the piece written last as the bytes they are. */
function putReadings(
  frame: Frame,
  readings: readonly RecentReading[],
  { wanted, rules, start }: { wanted: RecordsWanted; rules: ValueRules; start: number },
): void {
  const writer = wanted.writerOf('other');
  const { written } = wanted;
  for (const reading of wanted.isNewestFirst ? readings.toReversed() : readings) {
    const at = writer.at;
    if (written === undefined || reading.length === 0) putReading(writer, frame, { reading, rules });
    else {
      const from = written.start + reading.offset;
      writer.copy(written.bytes, from, from + reading.length);
    }
    if (wanted.isKept !== true) continue;
    reading.offset = at - start;
    reading.length = writer.at - at;
  }
}

/** The mean of five minutes: whole among its part, or among the others with a record cut for each part. */
function putRecentMeans(
  frame: Frame,
  { recent, rules, writerOf }: { recent: SensorRecent; rules: ValueRules; writerOf: RecordsWanted['writerOf'] },
): void {
  const { measuredAt } = recent.readings.at(-1)!;
  const means = meansOf(recent.readings);
  const record = { measuredAt, means, rules };
  let [only, count]: [PartKind | undefined, number] = [undefined, 0];
  for (const part of PARTS) {
    if (!hasPart(part, means, rules)) continue;
    only = part;
    count++;
  }
  putMeans(writerOf(only !== undefined && count === 1 ? only : 'other'), frame, record);
  if (count < 2) return;
  for (const part of PARTS) putMeans(writerOf(`cut-${part}`), frame, { ...record, quantities: QUANTITIES_OF[part] });
}

function hasPart(part: PartKind, means: Partial<Record<Quantity, number>>, rules: ValueRules): boolean {
  for (const quantity of QUANTITIES_OF[part]) {
    if (means[quantity] !== undefined && rules.publishes(quantity)) return true;
  }
  return false;
}

/** The frame of one instrument. */
export interface Frame extends RecordFrame {
  /** As readings name it. */
  sensor: string;
  /** Type name as in the records. */
  type: string;
}

/** What stays the same in the records of a station: made anew when the registry has changed it. */
const framesByStation = new WeakMap<Station, StationFrames>();

/** The frames of a station: the same object while the registry does not change it. */
export function framesOf(station: Station, sources: RecordSources): StationFrames {
  const known = framesByStation.get(station);
  if (known !== undefined) return known;
  const made = new StationFrames(station, sources);
  framesByStation.set(station, made);
  return made;
}

/** Frames of a station's instruments, each made when it is first needed. */
export class StationFrames {
  readonly #stationId: string;
  readonly #location: string;
  readonly #numbers: RecordSources['numbers'];
  readonly #frames: Frame[] = [];
  /** What of its values is written. */
  readonly rules: ValueRules;
  /** Since when the station stands where it does, epoch ms: readings of a former place are not told of this one. */
  readonly movedAt: number;

  constructor(station: Station, { country, numbers }: RecordSources) {
    this.rules = rulesOf(station);
    this.movedAt = standsSince(station) ?? Number.NEGATIVE_INFINITY;
    this.#stationId = station.id;
    this.#location = locationText(station, country);
    this.#numbers = numbers;
  }

  /** The frame of an instrument; undefined until it has a number. */
  of(sensor: string): Frame | undefined {
    for (const known of this.#frames) if (known.sensor === sensor) return known;
    const sensorId = this.#numbers.numberOf(this.#stationId, sensor);
    if (sensorId === undefined) return undefined;
    const { name: type, id, manufacturer, pin } = sensorTypeOf(sensor);
    const sensorType = `{"id":${id},"name":"${type}","manufacturer":"${manufacturer}"}`;
    const text = `${this.#location},"sensor":{"id":${sensorId},"pin":"${pin}","sensor_type":${sensorType}}`;
    const frame = { ...recordFrame(sensorId, text, valueOrderOf(type)), sensor, type };
    this.#frames.push(frame);
    return frame;
  }
}

function rulesOf(station: Station): ValueRules {
  return { publishes: (quantity) => publishes(station, quantity), altitudeMetres: publicAltitude(station) };
}

/**
 * Place of a station as records tell it. The altitude is text and, where nobody said it, `0.0`: their clients read it as a
 * number and stop at an empty text. Nothing is computed from that.
 */
function locationText(station: Station, country: string): string {
  const { lat, lon } = publicPosition(station);
  const altitude = (publicAltitude(station) ?? 0).toFixed(1);
  const indoor = station.isIndoor ? 1 : 0;
  return (
    `"location":{"id":${publicLocationId(station)},"latitude":"${lat}","longitude":"${lon}","altitude":"${altitude}",` +
    `"country":"${country}","exact_location":0,"indoor":${indoor}}`
  );
}

/** A place that came from sensor.community keeps its number. */
function publicLocationId({ externalIds, locationId }: Station): number {
  const theirs = externalIds.findLast((id) => id.startsWith(LOCATION_PREFIX));
  const number = Number(theirs?.slice(LOCATION_PREFIX.length));
  return Number.isSafeInteger(number) && number > 0 ? number : locationId;
}

function publicAltitude({ altitudeMetres }: Station): number | undefined {
  return altitudeMetres === undefined ? undefined : Math.round(altitudeMetres / ALTITUDE_STEP) * ALTITUDE_STEP;
}

import type { Quantity } from '../domain/quantity.ts';
import { publicPosition, publishes, type Station } from '../domain/station.ts';
import { meansOf, RECENT_MS, type RecentReading, type RecentReadings } from './recentReadings.ts';
import {
  meanValues,
  measuredValues,
  type RecordContent,
  type RecordFrame,
  recordText,
  type ValueRules,
} from './recordText.ts';
import type { SensorNumbers } from './sensorNumbers.ts';
import { sensorTypeOf } from './sensorTypes.ts';

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

const PARTS = Object.keys(QUANTITIES_OF) as PartKind[];

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
  recent: Pick<RecentReadings, 'of'>;
  numbers: Pick<SensorNumbers, 'numberOf'>;
  /** Sliding means, of every instrument of a station, that rest on enough readings. */
  means: (stationId: string, average: '1h' | '24h', now: number) => Iterable<InstrumentMeans>;
  /** ISO 3166-1 code of the country the instance is in. */
  country: string;
}

/** The records of one sensor, joined by commas. */
export interface SensorRecords {
  sensorId: number;
  /** Type name as in the records. */
  type: string;
  text: string;
  /** Of a five-minute mean: what of it goes into the files of a part. The same text where it is all of it. */
  parts?: Partial<Record<PartKind, string>>;
}

/** The records of one station in one kind of file, and until when they hold, epoch ms. */
export function stationRecords(station: Station, kind: ShelfKind, now: number, sources: RecordSources) {
  const frames = framesOf(station, sources);
  if (kind === '1h' || kind === '24h') {
    const found = [...slidingMeans(station, kind, now, sources)].flatMap(({ sensor, ...content }) => {
      return toRecords(frames.of(sensor), content) ?? [];
    });
    return { found, holdsUntil: Number.POSITIVE_INFINITY };
  }
  const found: SensorRecords[] = [];
  let holdsUntil = Number.POSITIVE_INFINITY;
  const rules = rulesOf(station);
  for (const { sensor, readings } of sources.recent.of(station.id, now - RECENT_MS)) {
    holdsUntil = Math.min(holdsUntil, readings[0]!.measuredAt + RECENT_MS);
    const frame = frames.of(sensor);
    if (frame === undefined) continue;
    const records = kind === 'readings' ? singleRecords(frame, readings, rules) : meanRecord(frame, readings, rules);
    if (records !== undefined) found.push(records);
  }
  return { found, holdsUntil };
}

function* slidingMeans(station: Station, kind: '1h' | '24h', now: number, sources: RecordSources) {
  const rules = rulesOf(station);
  for (const { sensor, means, lastMeasuredAt } of sources.means(station.id, kind, now)) {
    yield { sensor, measuredAt: lastMeasuredAt, values: meanValues(means, rules) };
  }
}

/** Every reading as a record; one that was written before is not written again. */
function singleRecords(frame: Frame, readings: readonly RecentReading[], rules: ValueRules): SensorRecords | undefined {
  const texts: string[] = [];
  for (const reading of readings) {
    if (reading.written?.frame !== frame) {
      const values = measuredValues({ sensor: '', ...reading }, rules);
      reading.written = {
        frame,
        text: values.length === 0 ? '' : recordText(frame, { measuredAt: reading.measuredAt, values }),
      };
    }
    if (reading.written.text !== '') texts.push(reading.written.text);
  }
  return texts.length === 0 ? undefined : { sensorId: frame.sensorId, type: frame.type, text: texts.join(',') };
}

function meanRecord(frame: Frame, readings: readonly RecentReading[], rules: ValueRules): SensorRecords | undefined {
  const { measuredAt } = readings.at(-1)!;
  const means = meansOf(readings);
  const record = toRecords(frame, { measuredAt, values: meanValues(means, rules) });
  if (record === undefined) return undefined;
  const present = PARTS.filter((part) =>
    QUANTITIES_OF[part].some((name) => means[name] !== undefined && rules.publishes(name)),
  );
  const only = present.length === 1;
  const textOf = (part: PartKind) => {
    if (only) return record.text;
    const some = Object.fromEntries(QUANTITIES_OF[part].map((name) => [name, means[name]]));
    return recordText(frame, { measuredAt, values: meanValues(some, rules) });
  };
  return { ...record, parts: Object.fromEntries(present.map((part) => [part, textOf(part)])) };
}

function toRecords(frame: Frame | undefined, content: RecordContent): SensorRecords | undefined {
  if (frame === undefined || content.values.length === 0) return undefined;
  return { sensorId: frame.sensorId, type: frame.type, text: recordText(frame, content) };
}

interface Frame extends RecordFrame {
  type: string;
}

/** What stays the same in the records of a station: made anew when the registry has changed it. */
const framesByStation = new WeakMap<Station, StationFrames>();

function framesOf(station: Station, sources: RecordSources): StationFrames {
  const known = framesByStation.get(station);
  if (known !== undefined) return known;
  const made = new StationFrames(station, sources);
  framesByStation.set(station, made);
  return made;
}

class StationFrames {
  readonly #stationId: string;
  readonly #location: string;
  readonly #numbers: RecordSources['numbers'];
  readonly #bySensor = new Map<string, Frame>();

  constructor(station: Station, { country, numbers }: RecordSources) {
    this.#stationId = station.id;
    this.#location = locationText(station, country);
    this.#numbers = numbers;
  }

  /** The frame of an instrument; undefined until it has a number. */
  of(sensor: string): Frame | undefined {
    const known = this.#bySensor.get(sensor);
    if (known !== undefined) return known;
    const sensorId = this.#numbers.numberOf(this.#stationId, sensor);
    if (sensorId === undefined) return undefined;
    const { name: type, id, manufacturer, pin } = sensorTypeOf(sensor);
    const sensorType = `{"id":${id},"name":"${type}","manufacturer":"${manufacturer}"}`;
    const text = `${this.#location},"sensor":{"id":${sensorId},"pin":"${pin}","sensor_type":${sensorType}}`;
    const frame = { sensorId, type, text };
    this.#bySensor.set(sensor, frame);
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

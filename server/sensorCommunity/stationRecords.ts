import type { Quantity } from '../domain/quantity.ts';
import { publicPosition, publishes, type Station } from '../domain/station.ts';
import { meansOf, RECENT_MS, type RecentReadings } from './recentReadings.ts';
import { meanValues, measuredValues, type RecordFrame, recordText, type ValueRules } from './recordText.ts';
import type { SensorNumbers } from './sensorNumbers.ts';
import { sensorTypeOf } from './sensorTypes.ts';

/** What a file holds: single readings or means of five minutes, an hour or a day. */
export type RecordKind = 'readings' | '5min' | 'dust' | 'climate' | 'noise' | '1h' | '24h';

/** Quantities of the files that hold a part only. */
const QUANTITIES_OF: Readonly<Partial<Record<RecordKind, readonly Quantity[]>>> = {
  dust: ['pm1', 'pm25', 'pm4', 'pm10'],
  climate: ['temperature', 'humidity', 'pressure'],
  noise: ['noise'],
};

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
}

/** The records of one station in one kind of file, and until when they hold, epoch ms. */
export function stationRecords(station: Station, kind: RecordKind, now: number, sources: RecordSources) {
  const location = locationText(station, sources.country);
  const found: SensorRecords[] = [];
  let holdsUntil = Number.POSITIVE_INFINITY;
  const add = (sensor: string, textOf: (frame: RecordFrame) => string | undefined) => {
    const sensorId = sources.numbers.numberOf(station.id, sensor);
    if (sensorId === undefined) return;
    const { name: type, id, manufacturer, pin } = sensorTypeOf(sensor);
    const sensorType = `{"id":${id},"name":"${type}","manufacturer":"${manufacturer}"}`;
    const text = textOf({
      sensorId,
      text: `${location},"sensor":{"id":${sensorId},"pin":"${pin}","sensor_type":${sensorType}}`,
    });
    if (text !== undefined) found.push({ sensorId, type, text });
  };
  const rules = rulesOf(station, kind);
  if (kind === '1h' || kind === '24h') {
    for (const { sensor, means, lastMeasuredAt } of sources.means(station.id, kind, now)) {
      add(sensor, (frame) => joined([{ measuredAt: lastMeasuredAt, values: meanValues(means, rules) }], frame));
    }
    return { found, holdsUntil };
  }
  for (const { sensor, readings } of sources.recent.of(station.id, now - RECENT_MS)) {
    holdsUntil = Math.min(holdsUntil, readings[0]!.measuredAt + RECENT_MS);
    add(sensor, (frame) => {
      if (kind !== 'readings') {
        const { measuredAt } = readings.at(-1)!;
        return joined([{ measuredAt, values: meanValues(meansOf(readings), rules) }], frame);
      }
      const contents = readings.map((reading) => {
        return { measuredAt: reading.measuredAt, values: measuredValues({ sensor, ...reading }, rules) };
      });
      return joined(contents, frame);
    });
  }
  return { found, holdsUntil };
}

function joined(contents: readonly Parameters<typeof recordText>[1][], frame: RecordFrame): string | undefined {
  const texts = contents.filter(({ values }) => values.length > 0).map((content) => recordText(frame, content));
  return texts.length === 0 ? undefined : texts.join(',');
}

function rulesOf(station: Station, kind: RecordKind): ValueRules {
  const only = QUANTITIES_OF[kind];
  const isPart = (quantity: Quantity) => only === undefined || only.includes(quantity);
  return {
    publishes: (quantity) => isPart(quantity) && publishes(station, quantity),
    altitudeMetres: publicAltitude(station),
  };
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

import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { publicPosition, publishes, type Station } from '../domain/station.ts';
import { standsSince } from '../domain/stationHistory.ts';
import type { ValueRules } from './recordText.ts';
import { type RecordFrame, recordFrame } from './recordWriter.ts';
import type { SensorNumbers } from './sensorNumbers.ts';
import { sensorTypeOf } from './sensorTypes.ts';
import { valueOrderOf } from './valueOrder.ts';

/** Begins the external id of a place of sensor.community. */
const LOCATION_PREFIX = 'sensor.community-location:';
/** Altitudes are public to this step, metres: finer ones would tell on which side of a hill a house stands. */
const ALTITUDE_STEP = 10;

/** What frames are made from. */
export interface FrameSources {
  numbers: Pick<SensorNumbers, 'numberOf'>;
  /** ISO 3166-1 code of the country the instance is in: of every station that says none. */
  country: string;
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
export function framesOf(station: Station, sources: FrameSources): StationFrames {
  const known = framesByStation.get(station);
  if (known !== undefined) return known;
  const made = new StationFrames(station, sources);
  framesByStation.set(station, made);
  return made;
}

/** What of a station's readings is written. */
export interface StationRules extends ValueRules {
  /** Since when it stands where it does, epoch ms: readings of a former place are not told of this one. */
  movedAt: number;
}

/** Frames of a station's instruments, each made when it is first needed. */
export class StationFrames {
  readonly #stationId: string;
  readonly #location: string;
  readonly #numbers: FrameSources['numbers'];
  readonly #frames: Frame[] = [];
  /** What of its values is written. */
  readonly rules: StationRules;

  constructor(station: Station, { country, numbers }: FrameSources) {
    this.rules = rulesOf(station);
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

/** Few, and the same for most stations: they stay at hand. */
const rulesByKey = new Map<string, StationRules>();

function rulesOf(station: Station): StationRules {
  const altitudeMetres = publicAltitude(station);
  const published = QUANTITIES.filter((quantity) => publishes(station, quantity));
  const movedAt = standsSince(station) ?? Number.NEGATIVE_INFINITY;
  const key = `${published.join()} ${altitudeMetres} ${movedAt}`;
  const known = rulesByKey.get(key);
  if (known !== undefined) return known;
  const made = { publishes: (quantity: Quantity) => published.includes(quantity), altitudeMetres, movedAt };
  // Those of a moved station are its own.
  if (movedAt === Number.NEGATIVE_INFINITY) rulesByKey.set(key, made);
  return made;
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
    `"country":"${countryOf(station, country)}","exact_location":0,"indoor":${indoor}}`
  );
}

/** ISO 3166-1 code of the country of a station, of an instance in `country`. */
export function countryOf(station: Station, country: string): string {
  return station.country ?? country;
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

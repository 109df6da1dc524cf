import { isValid } from '../domain/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';

/** How far back their files reach, ms. */
export const RECENT_MS = 300_000;
/** Readings kept per instrument: one every 5 s, the firmware's shortest interval, fills the five minutes. */
const MAX_READINGS = 60;
/** Instruments kept per station, as in the aggregator; more come only from a device that invents names. */
const MAX_SENSORS = 16;

/** A reading of a known instrument. */
export interface RecentReading extends Omit<Reading, 'stationId' | 'sensor'> {
  /** Its record, once somebody asked, and what that was written with. */
  written?: { frame: object; text: string };
}

interface StationRecent {
  revision: number;
  bySensor: Map<string, RecentReading[]>;
}

/** The readings of the last five minutes of every station, by instrument, in order of time. Bounded by stations. */
export class RecentReadings {
  readonly #stations = new Map<string, StationRecent>();

  /** Takes a stored reading, or a part of one: parts with one time become one. */
  note(reading: Reading): void {
    let station = this.#stations.get(reading.stationId);
    if (station === undefined) {
      station = { revision: 0, bySensor: new Map() };
      this.#stations.set(reading.stationId, station);
    }
    let list = station.bySensor.get(reading.sensor);
    if (list === undefined) {
      if (station.bySensor.size === MAX_SENSORS) return;
      list = [];
      station.bySensor.set(reading.sensor, list);
    }
    station.revision++;
    insert(list, reading);
  }

  /** Another number than before when something of the station came in. */
  revisionOf(stationId: string): number {
    return this.#stations.get(stationId)?.revision ?? 0;
  }

  /** Instruments of the station with the readings after `since`, epoch ms, in order of time. */
  *of(stationId: string, since: number): Generator<{ sensor: string; readings: RecentReading[] }> {
    const station = this.#stations.get(stationId);
    if (station === undefined) return;
    for (const [sensor, list] of station.bySensor) {
      while (list.length > 0 && list[0]!.measuredAt <= since) list.shift();
      if (list.length > 0) yield { sensor, readings: list };
    }
  }

  /** Forgets a station. */
  remove(stationId: string): void {
    this.#stations.delete(stationId);
  }
}

/** Means of the valid values of some readings. */
export function meansOf(readings: readonly RecentReading[]): Partial<Record<Quantity, number>> {
  const means: Partial<Record<Quantity, number>> = {};
  for (const quantity of QUANTITIES) {
    let [sum, count] = [0, 0];
    for (const { values, flags } of readings) {
      const value = values[quantity];
      if (value === undefined || !isValid(flags, quantity)) continue;
      sum += value;
      count++;
    }
    if (count > 0) means[quantity] = sum / count;
  }
  return means;
}

function insert(list: RecentReading[], { measuredAt, values, extra, flags }: Reading): void {
  let at = list.length;
  while (at > 0 && list[at - 1]!.measuredAt > measuredAt) at--;
  const same = list[at - 1];
  if (same?.measuredAt === measuredAt) {
    // New objects: the ones at hand belong to the store's answer.
    same.values = { ...same.values, ...values };
    if (extra !== undefined) same.extra = { ...same.extra, ...extra };
    same.flags = mergedFlags(same.flags, flags);
    delete same.written;
    return;
  }
  list.splice(at, 0, { measuredAt, values, flags, ...(extra && { extra }) });
  // Nobody may ask for long; a list never holds more than its own five minutes.
  const since = list.at(-1)!.measuredAt - RECENT_MS;
  while (list.length > MAX_READINGS || list[0]!.measuredAt <= since) list.shift();
}

/** Masks are sums of powers of two, beyond what `|` can take. */
function mergedFlags(one: number, other: number): number {
  return one === 0 || one === other ? other : Number(BigInt(one) | BigInt(other));
}

import type { Cell } from '../domain/aggregate.ts';
import { cadenceOfCells } from '../domain/cadence.ts';
import { isValid } from '../domain/flag.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { cellOf, type WindowSums } from '../domain/slidingMean.ts';
import { CellRings } from './cellRing.ts';
import { SensorCadence } from './sensorCadence.ts';

/** Instruments kept per station; more come only from a device that invents names. */
const MAX_SENSORS = 16;
const DAY_MS = 86_400_000;
const NO_RING = -1;

/** One instrument of a station. */
export interface SensorHistory {
  sensor: string;
  /** Epoch ms of the newest reading; 0 before the first. */
  lastMeasuredAt: number;
  cadence: SensorCadence;
}

/** One quantity of one instrument: its latest value, and its ring of cells once it had a valid one. */
export interface SeriesHistory {
  sensor: string;
  lastMeasuredAt: number;
  lastValue: number;
  lastFlags: number;
  ring: number;
  instrument: SensorHistory;
}

/** Everything kept of one station. */
export interface StationHistory {
  id: string;
  lastSeenAt: number;
  /** Counts what changed the station: tells cheaply whether an answer made earlier still holds. */
  revision: number;
  isTouched: boolean;
  instruments: SensorHistory[];
  series: Partial<Record<Quantity, SeriesHistory[]>>;
}

/** A latest value as a store gives it. */
export interface StoredLatest {
  stationId: string;
  sensor: string;
  quantity: Quantity;
  measuredAt: number;
  value: number;
  flags: number;
}

/** The records behind the aggregator: by station, instrument and quantity. Bounded by the number of stations. */
export class Histories {
  readonly #dayOffsetMs: number;
  readonly #rings = new CellRings();
  readonly #stationsById = new Map<string, StationHistory>();
  #series = 0;
  #refused = 0;

  /** `dayOffsetMs`: where a day begins for the cadence's "day before", ms east of UTC. */
  constructor(dayOffsetMs: number) {
    this.#dayOffsetMs = dayOffsetMs;
  }

  /** The record of a station; undefined before its first reading. */
  station(stationId: string): StationHistory | undefined {
    return this.#stationsById.get(stationId);
  }

  /** Every station with a reading. */
  stations(): IterableIterator<StationHistory> {
    return this.#stationsById.values();
  }

  /** Folds one reading; undefined when it is of more instruments than are kept. */
  fold(reading: Reading, intervalMs: number | undefined): StationHistory | undefined {
    const station = this.#stationsById.get(reading.stationId) ?? this.#addStation(reading.stationId);
    const instrument = this.#instrument(station, reading.sensor);
    if (instrument === undefined) return undefined;
    this.#noteTime(instrument, reading.measuredAt, intervalMs);
    const cell = cellOf(reading.measuredAt);
    for (const name in reading.values) {
      const quantity = name as Quantity;
      const value = reading.values[quantity]!;
      const series = this.#seriesOf(station, instrument, quantity);
      if (reading.measuredAt >= series.lastMeasuredAt) setLatest(series, reading.measuredAt, value, reading.flags);
      if (isValid(reading.flags, quantity)) this.#rings.add(this.#ringOf(series), cell, value);
    }
    if (reading.measuredAt > station.lastSeenAt) station.lastSeenAt = reading.measuredAt;
    return station;
  }

  /** Takes a cell from the store, unless readings that came in have filled it further. */
  putCell(cell: Cell): StationHistory | undefined {
    const station = this.#stationsById.get(cell.stationId) ?? this.#addStation(cell.stationId);
    const instrument = this.#instrument(station, cell.sensor);
    if (instrument === undefined) return undefined;
    const series = this.#seriesOf(station, instrument, cell.quantity);
    this.#rings.put(this.#ringOf(series), cellOf(cell.start), cell);
    return station;
  }

  /** Takes a latest value from the store, unless a newer one is known. */
  putLatest(latest: StoredLatest): StationHistory | undefined {
    const station = this.#stationsById.get(latest.stationId) ?? this.#addStation(latest.stationId);
    const instrument = this.#instrument(station, latest.sensor);
    if (instrument === undefined) return undefined;
    const series = this.#seriesOf(station, instrument, latest.quantity);
    if (latest.measuredAt > series.lastMeasuredAt) setLatest(series, latest.measuredAt, latest.value, latest.flags);
    instrument.lastMeasuredAt = Math.max(instrument.lastMeasuredAt, latest.measuredAt);
    station.lastSeenAt = Math.max(station.lastSeenAt, latest.measuredAt);
    return station;
  }

  /** Sums over cells `[first, end)` of a series, written to `into`. */
  sums(series: SeriesHistory, first: number, end: number, into: WindowSums): void {
    if (series.ring !== NO_RING) this.#rings.sums(series.ring, first, end, into);
    else Object.assign(into, { sum: 0, count: 0, min: Infinity, max: -Infinity });
  }

  /** Seeds the cadence of a station's instruments with what their cells `[first, end)` say. */
  seedCadence(station: StationHistory, first: number, end: number): void {
    for (const instrument of station.instruments) {
      const list = Object.values(station.series).flat();
      const series = list.find((one) => one.instrument === instrument && one.ring !== NO_RING);
      if (series === undefined) continue;
      const counts = Array.from({ length: end - first }, (_, index) => this.#rings.count(series.ring, first + index));
      const cadenceMs = cadenceOfCells(counts);
      if (cadenceMs !== undefined) instrument.cadence.seed(cadenceMs);
    }
  }

  /** Forgets a station. */
  remove(stationId: string): void {
    const station = this.#stationsById.get(stationId);
    if (station === undefined) return;
    this.#stationsById.delete(stationId);
    for (const list of Object.values(station.series)) {
      this.#series -= list.length;
      for (const { ring } of list) if (ring !== NO_RING) this.#rings.release(ring);
    }
  }

  /** Sizes; `refused`: readings of more instruments than are kept. */
  stats(): { stations: number; series: number; bytes: number; refused: number } {
    const stations = this.#stationsById.size;
    return { stations, series: this.#series, bytes: this.#rings.bytes, refused: this.#refused };
  }

  #noteTime(instrument: SensorHistory, measuredAt: number, intervalMs: number | undefined): void {
    const gapMs = measuredAt - instrument.lastMeasuredAt;
    if (intervalMs !== undefined) instrument.cadence.noteInterval(intervalMs, measuredAt);
    // Fields of one cycle may come one by one with the same time: no gap.
    else if (gapMs > 0 && instrument.lastMeasuredAt > 0) {
      instrument.cadence.noteGap(gapMs, Math.floor((measuredAt + this.#dayOffsetMs) / DAY_MS));
    }
    if (gapMs > 0) instrument.lastMeasuredAt = measuredAt;
  }

  #addStation(id: string): StationHistory {
    const station: StationHistory = { id, lastSeenAt: 0, revision: 0, isTouched: false, instruments: [], series: {} };
    this.#stationsById.set(id, station);
    return station;
  }

  #instrument(station: StationHistory, sensor: string): SensorHistory | undefined {
    for (const known of station.instruments) if (known.sensor === sensor) return known;
    if (station.instruments.length === MAX_SENSORS) {
      this.#refused++;
      return undefined;
    }
    const added = { sensor, lastMeasuredAt: 0, cadence: new SensorCadence() };
    station.instruments.push(added);
    return added;
  }

  #seriesOf(station: StationHistory, instrument: SensorHistory, quantity: Quantity): SeriesHistory {
    let list = station.series[quantity];
    if (list === undefined) {
      list = [];
      station.series[quantity] = list;
    }
    for (const known of list) if (known.instrument === instrument) return known;
    const { sensor } = instrument;
    const added = { sensor, lastMeasuredAt: 0, lastValue: Number.NaN, lastFlags: 0, ring: NO_RING, instrument };
    list.push(added);
    this.#series++;
    return added;
  }

  #ringOf(series: SeriesHistory): number {
    if (series.ring === NO_RING) series.ring = this.#rings.allocate();
    return series.ring;
  }
}

function setLatest(series: SeriesHistory, measuredAt: number, value: number, flags: number): void {
  series.lastMeasuredAt = measuredAt;
  series.lastValue = value;
  series.lastFlags = flags;
}

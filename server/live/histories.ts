import { isValid } from '../domain/assessment/flag.ts';
import { DAY_MS } from '../domain/durations.ts';
import { cadenceOfCells } from '../domain/means/cadence.ts';
import { cellOf, type WindowSums } from '../domain/means/slidingMean.ts';
import { PLACE_OF_QUANTITY, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import type { CellBlock } from '../store/readingStore.ts';
import { CellRings } from './cellRing.ts';
import { type RingTotals, takeTotals } from './ringTotals.ts';
import { SensorCadence } from './sensorCadence.ts';

/** Instruments kept per station; more come only from a device that invents names. */
const MAX_SENSORS = 16;
const NO_RING = -1;

/** One instrument of a station. */
export interface SensorHistory {
  sensor: string;
  /** Epoch ms of the newest reading; 0 before the first. */
  lastMeasuredAt: number;
  cadence: SensorCadence;
  /** The place in `QUANTITIES` of each quantity with cells, followed by its ring: all that means are made of, side by side. */
  rings: number[];
}

/** One quantity of one instrument: its latest value, and its ring of cells once it had a valid one. */
export interface SeriesHistory {
  sensor: string;
  quantity: Quantity;
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
  /** Another number with each change of the station: tells cheaply whether an answer made earlier still holds. */
  revision: number;
  isTouched: boolean;
  instruments: SensorHistory[];
  series: Partial<Record<Quantity, SeriesHistory[]>>;
}

/** The records behind the aggregator: by station, instrument and quantity. Bounded by the number of stations. */
export class Histories {
  readonly #dayOffsetMs: number;
  readonly #rings = new CellRings();
  readonly #stationsById = new Map<string, StationHistory>();
  readonly #sums: WindowSums = { sum: 0, count: 0, min: 0, max: 0 };
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

  /**
   * Takes what a block from the store holds of the series at `place`: cells that readings which came in have not filled
   * further, and the latest value unless a newer one is known.
   */
  put(block: CellBlock, place: number): StationHistory | undefined {
    const latestAt = block.latestTimes[place]!;
    const firstSlot = place * block.cellCount;
    const isEmpty = latestAt === Number.NEGATIVE_INFINITY && !hasCells(block, firstSlot);
    if (isEmpty) return undefined;
    const { stationId, sensor, quantity } = block.series[place]!;
    const station = this.#stationsById.get(stationId) ?? this.#addStation(stationId);
    const instrument = this.#instrument(station, sensor);
    if (instrument === undefined) return undefined;
    const series = this.#seriesOf(station, instrument, quantity);
    if (latestAt > series.lastMeasuredAt) {
      setLatest(series, latestAt, block.latestValues[place]!, block.latestFlags[place]!);
    }
    if (latestAt > instrument.lastMeasuredAt) instrument.lastMeasuredAt = latestAt;
    if (latestAt > station.lastSeenAt) station.lastSeenAt = latestAt;
    this.#putCells(series, block, firstSlot);
    return station;
  }

  /** Sums over cells `[first, end)` of a series, written to `into`. */
  sums(series: SeriesHistory, first: number, end: number, into: WindowSums): void {
    if (series.ring !== NO_RING) this.#rings.sums(series.ring, first, end, into);
    else Object.assign(into, { sum: 0, count: 0, min: Infinity, max: -Infinity });
  }

  /** As `sums`, of a ring and without the extremes: those are left as they are. */
  totals(ring: number, first: number, end: number, into: WindowSums): void {
    this.#rings.totals(ring, first, end, into);
  }

  /** Takes the totals of all rings; see `takeTotals`. */
  takeTotals(runs: readonly RingTotals[]): number {
    return takeTotals(this.#rings, runs);
  }

  /** Seeds the cadence of a station's instruments with what their cells `[first, end)` say. */
  seedCadence(station: StationHistory, first: number, end: number): void {
    for (const instrument of station.instruments) {
      const ring = ringOfAny(station, instrument);
      if (ring === NO_RING) continue;
      const counts: number[] = [];
      for (let cell = first; cell < end; cell++) counts.push(this.#rings.count(ring, cell));
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

  #putCells(series: SeriesHistory, block: CellBlock, firstSlot: number): void {
    const sums = this.#sums;
    const firstCell = cellOf(block.start);
    for (let cell = 0; cell < block.cellCount; cell++) {
      const slot = firstSlot + cell;
      if (block.counts[slot] === 0) continue;
      sums.count = block.counts[slot]!;
      sums.sum = block.sums[slot]!;
      sums.min = block.mins[slot]!;
      sums.max = block.maxs[slot]!;
      this.#rings.put(this.#ringOf(series), firstCell + cell, sums);
    }
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
    const added = { sensor, lastMeasuredAt: 0, cadence: new SensorCadence(), rings: [] };
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
    const latest = { lastMeasuredAt: 0, lastValue: Number.NaN, lastFlags: 0 };
    const added = { sensor, quantity, ...latest, ring: NO_RING, instrument };
    list.push(added);
    this.#series++;
    return added;
  }

  #ringOf(series: SeriesHistory): number {
    if (series.ring !== NO_RING) return series.ring;
    series.ring = this.#rings.allocate();
    series.instrument.rings.push(PLACE_OF_QUANTITY[series.quantity], series.ring);
    return series.ring;
  }
}

/** The ring of the first quantity of the instrument that has one. */
function ringOfAny(station: StationHistory, instrument: SensorHistory): number {
  for (const quantity in station.series) {
    const series = station.series[quantity as Quantity]!.find((one) => one.instrument === instrument);
    if (series !== undefined && series.ring !== NO_RING) return series.ring;
  }
  return NO_RING;
}

function hasCells({ counts, cellCount }: CellBlock, firstSlot: number): boolean {
  for (let slot = firstSlot; slot < firstSlot + cellCount; slot++) if (counts[slot] !== 0) return true;
  return false;
}

function setLatest(series: SeriesHistory, measuredAt: number, value: number, flags: number): void {
  series.lastMeasuredAt = measuredAt;
  series.lastValue = value;
  series.lastFlags = flags;
}

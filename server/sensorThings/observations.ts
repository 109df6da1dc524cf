import { flagsOf, isValid } from '../domain/assessment/flag.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { publishes, type Station } from '../domain/station.ts';
import { indoorPeriods } from '../domain/stationHistory.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Series, SeriesValue } from './entities.ts';

/** What is read: one series, everything of a station, or everything. */
export type Source = { series: Series } | { station: Station } | 'everything';

/** What a page asks for. Bounds are half-open, epoch ms, and may be infinite. */
export interface ValueRange {
  from: number;
  to: number;
  isDescending: boolean;
  /** How many values the caller will take about: sizes the first look. */
  need: number;
}

/** What values are read with. */
export interface ValueReaderDeps {
  store: Pick<ReadingStore, 'raw' | 'scan' | 'seriesOf'>;
  station: (stationId: string) => Station | undefined;
  stationCount: () => number;
  /** Epoch ms of the newest reading of all; undefined when nothing came in the last day. */
  newest: () => number | undefined;
  clock: () => number;
}

/** An airRohr's cadence, ms: what a first look expects. */
const CADENCE_MS = 149_000;
const VALUES_PER_CADENCE = 3;
/** A look grows by this where the one before found too little. */
const GROWTH = 4;
/** Values a first look is made for at most: `$skip` may name any number. */
const MAX_NEED = 50_000;
/** Readings of a look, after which the next grows no more: it is held in memory as a whole. */
const ENOUGH_READINGS = 20_000;
const MAX_LOOK_MS = 31 * DAY_MS;
/** Nobody measured before; ends a search backwards. */
const EARLIEST = Date.UTC(2010, 0, 1);
/** Readings that come ahead of our clock are at most this far, ms. */
const AHEAD_MS = 10 * MINUTE_MS;

/** Values in order of time, straight from the store, as many as the caller takes. */
export class ValueReader {
  readonly #deps: ValueReaderDeps;

  constructor(deps: ValueReaderDeps) {
    this.#deps = deps;
  }

  /** Only what is public and valid. */
  async *read(source: Source, range: ValueRange): AsyncGenerator<SeriesValue> {
    if (source !== 'everything' && 'series' in source) yield* this.#ofSeries(source.series, range);
    else yield* this.#ofReadings(source === 'everything' ? undefined : source.station.id, range);
  }

  async *#ofSeries(series: Series, range: ValueRange): AsyncGenerator<SeriesValue> {
    const { station, sensor, quantity } = series;
    const extents = await this.#deps.store.seriesOf(station.id);
    const extent = extents.find((one) => one.sensor === sensor && one.quantity === quantity);
    if (extent === undefined) return;
    const bounds = { from: Math.max(range.from, extent.first), to: Math.min(range.to, extent.last + 1) };
    const look = Math.max(HOUR_MS, Math.min(range.need, MAX_NEED) * CADENCE_MS);
    for (const window of looks({ bounds, isDescending: range.isDescending, firstMs: look, mayGrow: () => true })) {
      const values = await this.#deps.store.raw({ stationId: station.id, sensor, quantity, ...window });
      const valid = values.filter(
        ({ flags, measuredAt }) => isValid(flags, quantity) && !wasIndoors(station, measuredAt),
      );
      if (range.isDescending) valid.reverse();
      for (const { measuredAt, value, flags } of valid) {
        yield { ...series, measuredAt, value, flags: flagsOf(flags, quantity) };
      }
    }
  }

  async *#ofReadings(stationId: string | undefined, range: ValueRange): AsyncGenerator<SeriesValue> {
    const { store, newest, clock, stationCount } = this.#deps;
    const one = stationId === undefined ? {} : { stationId };
    const newestAt = newest();
    const end = newestAt === undefined ? clock() + AHEAD_MS : newestAt + 1;
    const bounds = { from: Math.max(range.from, EARLIEST), to: Math.min(range.to, end) };
    if (!range.isDescending) {
      for await (const page of store.scan({ ...one, ...bounds })) {
        for (const reading of page) yield* this.#valuesOf(reading);
      }
      return;
    }
    const perCadence = VALUES_PER_CADENCE * (stationId === undefined ? Math.max(1, stationCount()) : 1);
    const look = Math.max(5_000, (Math.min(range.need, MAX_NEED) / perCadence) * CADENCE_MS);
    let found = 0;
    for (const window of looks({ bounds, isDescending: true, firstMs: look, mayGrow: () => found < ENOUGH_READINGS })) {
      const pages = [];
      for await (const page of store.scan({ ...one, ...window })) pages.push(page);
      const readings = pages.flat().reverse();
      found = readings.length;
      for (const reading of readings) yield* this.#valuesOf(reading);
    }
  }

  *#valuesOf(reading: {
    stationId: string;
    sensor: string;
    measuredAt: number;
    values: Partial<Record<Quantity, number>>;
    flags: number;
  }): Generator<SeriesValue> {
    const { stationId, sensor, measuredAt, values, flags } = reading;
    const station = this.#deps.station(stationId);
    if (station === undefined || wasIndoors(station, measuredAt)) return;
    for (const quantity of QUANTITIES) {
      const value = values[quantity];
      if (value === undefined || !publishes(station, quantity) || !isValid(flags, quantity)) continue;
      yield { station, sensor, quantity, measuredAt, value, flags: flagsOf(flags, quantity) };
    }
  }
}

/** True when a station that is outdoors measured indoors then: no outdoor air, and not public. */
function wasIndoors(station: Station, at: number): boolean {
  return station.formerPlaces !== undefined && indoorPeriods(station).some(({ from, to }) => from <= at && at < to);
}

/** Windows that cover the bounds from one end to the other, each longer than the one before while they may grow. */
function* looks({
  bounds,
  isDescending,
  firstMs,
  mayGrow,
}: {
  bounds: { from: number; to: number };
  isDescending: boolean;
  firstMs: number;
  mayGrow: () => boolean;
}): Generator<{ from: number; to: number }> {
  let [{ from, to }, length] = [bounds, Math.ceil(firstMs)];
  while (from < to) {
    const window = isDescending ? { from: Math.max(from, to - length), to } : { from, to: Math.min(to, from + length) };
    yield window;
    if (isDescending) to = window.from;
    else from = window.to;
    if (mayGrow()) length = Math.max(length, Math.min(MAX_LOOK_MS, length * GROWTH));
  }
}

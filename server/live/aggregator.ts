import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Aggregate, type Average, CELL_MS, MIN_COVERAGE } from '../domain/aggregate.ts';
import { flagsOf } from '../domain/assessment/flag.ts';
import { saysDoubtful } from '../domain/assessment/flagWords.ts';
import { isSilent } from '../domain/assessment/stationAssessor.ts';
import type { LatestValue } from '../domain/contract.ts';
import { HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import { firstCellFrom, latestValue, slidingMean, type WindowSums, windowCells } from '../domain/means/slidingMean.ts';
import { primarySensor } from '../domain/primarySensor.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { DeviceHealth, Reading } from '../domain/reading.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { Histories, type SeriesHistory, type StationHistory } from './histories.ts';
import { type InstrumentMeans, InstrumentMeansTeller, type SlidingAverage } from './instrumentMeans.ts';
import { Refold } from './refold.ts';
import { type Settled, WarmUp } from './warmUp.ts';

/** Readings further ahead of our clock are not folded: one would turn its ring and empty it. */
export const MAX_AHEAD_MS = 10 * MINUTE_MS;
/** How much of a station's past the present is made of, ms: sliding means of a day, and the cell that leaves them. */
const PRESENT_MS = 25 * HOUR_MS;
/** Quantities by which a station's health is told: the first it measures. */
const HEADLINE_ORDER: readonly Quantity[] = ['pm25', 'pm10', ...QUANTITIES];

/** Of a station that was never moved everything counts. */
const ALL_TIME = Number.NEGATIVE_INFINITY;

interface Asked {
  stationId: string;
  quantity: Quantity;
  average: Average;
  now: number;
}

/** How a station is doing, in public: a class, never its outages, signal or firmware. */
export type HealthClass = 'ok' | 'sparse' | 'silent' | 'doubtful' | 'unknown';

/** Facts about a station that anyone may see. */
export interface StationFacts {
  /** Epoch ms of the newest reading. */
  lastSeenAt?: number;
  /** Share of the expected readings of its headline quantity in the last 24 h, 0 to 1. */
  coverage24h: number;
  healthClass: HealthClass;
}

/** What the aggregator needs from outside. */
export interface AggregatorDeps {
  /** Epoch ms. */
  clock: () => number;
  /** Sensor models as a station declares them, first one first. */
  sensorModels: (stationId: string) => readonly string[];
  /** Since when a station stands where it does, epoch ms, if it was ever moved: what is older counts in no value. */
  standsSince?: (stationId: string) => number | undefined;
  /** Words of what history and neighbours say of an instrument's reading of a time, epoch ms. */
  derivedFlags?: (series: {
    stationId: string;
    sensor: string;
    quantity: Quantity;
    measuredAt: number;
  }) => readonly string[];
  /** Where a day begins for the cadence's "day before", ms east of UTC; UTC+1 when left out. */
  dayOffsetMs?: number;
  /** Resolves when everything stored by now has been folded too; in the next turn when left out. */
  settled?: Settled;
}

/**
 * History of every station in memory: 5-minute cells of a day and the latest value, per instrument and quantity. The
 * only state is what `fold` brought; every answer is computed for the clock of the moment, so that silence shows.
 * Bounded by the number of stations: about 5.3 kB a series, five of them for an SDS011 with a BME280.
 */
export class Aggregator {
  readonly #deps: AggregatorDeps;
  readonly #histories: Histories;
  readonly #warmUp: WarmUp;
  readonly #refold: Refold;
  #touched: StationHistory[] = [];
  #tooFarAhead = 0;
  #revision = 0;
  readonly #sums: WindowSums = { sum: 0, count: 0, min: 0, max: 0 };
  readonly #means: InstrumentMeansTeller;

  constructor(deps: AggregatorDeps) {
    this.#deps = deps;
    this.#histories = new Histories(deps.dayOffsetMs ?? HOUR_MS);
    this.#means = new InstrumentMeansTeller(this.#histories, (stationId) => this.#since(stationId));
    const settled = deps.settled ?? nextTurn;
    this.#warmUp = new WarmUp(this.#histories, (station) => this.#touch(station), settled);
    this.#refold = new Refold(settled);
  }

  /** Takes the stored readings of one message; order does not matter, late ones count while their cell is kept. */
  fold(readings: readonly Reading[], health?: DeviceHealth): void {
    const farAhead = this.#deps.clock() + MAX_AHEAD_MS;
    for (const reading of readings) {
      if (reading.measuredAt > farAhead) {
        this.#tooFarAhead++;
        continue;
      }
      this.#warmUp.noteFold(reading);
      this.#refold.noteFold(reading);
      const station = this.#histories.fold(reading, health?.interval);
      if (station !== undefined) this.#touch(station);
    }
  }

  /**
   * Reads the last 24 h back from the store: resolves when the last hour is there, `rest` when the day is. Readings
   * may be folded before and meanwhile; each counts once. May be run again after a failure of either.
   */
  warm(store: ReadingStore, now: number): Promise<{ rest: Promise<void> }> {
    return this.#warmUp.run(store, now);
  }

  /** Reads the cells since `from`, epoch ms, back from the store, once `warm` and its rest are done. */
  readBack(store: ReadingStore, from: number): Promise<void> {
    return this.#warmUp.readSince(store, from, this.#deps.clock());
  }

  /** Reads a station's last day anew, of which readings were removed; what comes meanwhile counts once. */
  refold(store: Pick<ReadingStore, 'scan'>, stationId: string): Promise<void> {
    const now = this.#deps.clock();
    const window = { stationId, from: now - PRESENT_MS, to: now + MAX_AHEAD_MS };
    return this.#refold.run(store, window, (readings) => {
      this.#forget(stationId);
      this.fold(readings);
    });
  }

  /** Ids of the stations a reading touched since the last call. */
  takeTouched(): string[] {
    const touched = this.#touched;
    this.#touched = [];
    for (const station of touched) station.isTouched = false;
    return touched.map((station) => station.id);
  }

  /** The mean or latest value of the instrument that speaks for the station; undefined when none ever measured it. */
  aggregate(stationId: string, quantity: Quantity, average: Average, now = this.#deps.clock()): Aggregate | undefined {
    return this.#aggregate({ stationId, quantity, average, now }, this.#since(stationId));
  }

  /** `since`: what is older, epoch ms, does not count. */
  #aggregate({ stationId, quantity, average, now }: Asked, since: number): Aggregate | undefined {
    const series = this.#primary(stationId, quantity, now);
    if (series === undefined) return undefined;
    const { sensor, lastMeasuredAt } = series;
    const flags = this.#flags(stationId, quantity, series);
    const context = { cadenceMs: series.instrument.cadence.at(now), lastMeasuredAt, now };
    if (average === 'latest') {
      const judged = latestValue(series.lastValue, { ...context, since });
      return Object.assign(judged, { stationId, sensor, quantity, average, at: lastMeasuredAt, lastMeasuredAt, flags });
    }
    const { first, end } = windowCells(average, now);
    this.#histories.sums(series, Math.max(first, firstCellFrom(since)), end, this.#sums);
    // Not two spreads in one literal: Node 20 takes 20 µs for that, and this runs a thousand times a second.
    const judged = slidingMean(average, this.#sums, context);
    return Object.assign(judged, { stationId, sensor, quantity, average, at: end * CELL_MS, lastMeasuredAt, flags });
  }

  /** Tells the means of every instrument; see `InstrumentMeansTeller`. */
  eachInstrumentMeans(averages: readonly SlidingAverage[], now: number, visit: (means: InstrumentMeans) => void): void {
    this.#means.each(averages, now, visit);
  }

  /** The latest value per quantity, each from the instrument that speaks for it. Noise too: the caller knows who asks. */
  latest(stationId: string, now = this.#deps.clock()): Partial<Record<Quantity, LatestValue>> {
    const latestByQuantity: Partial<Record<Quantity, LatestValue>> = {};
    const since = this.#since(stationId);
    for (const quantity of QUANTITIES) {
      const series = this.#primary(stationId, quantity, now);
      if (series === undefined || series.lastMeasuredAt === 0 || series.lastMeasuredAt < since) continue;
      latestByQuantity[quantity] = {
        value: series.lastValue,
        measuredAt: new Date(series.lastMeasuredAt).toISOString(),
        flags: this.#latestFlags(stationId, quantity, { series, now }),
        sensor: series.sensor,
      };
    }
    return latestByQuantity;
  }

  /** Another number than before when something of the station was folded in between; 0 for an unknown station. */
  revisionOf(stationId: string): number {
    return this.#histories.station(stationId)?.revision ?? 0;
  }

  /** Another number than before when something of any station was folded in between. */
  get revision(): number {
    return this.#revision;
  }

  /** Epoch ms of a station's newest reading; far cheaper than `facts`. */
  lastSeenAt(stationId: string): number | undefined {
    return this.#histories.station(stationId)?.lastSeenAt;
  }

  /** Instruments of a station and what each measured in the last day; empty before its first reading. */
  seriesOf(stationId: string): { sensor: string; quantity: Quantity }[] {
    const series = this.#histories.station(stationId)?.series ?? {};
    return QUANTITIES.flatMap((quantity) => (series[quantity] ?? []).map(({ sensor }) => ({ sensor, quantity })));
  }

  /** Epoch ms of the newest reading of all stations; undefined before the first. */
  newest(): number | undefined {
    let newest = 0;
    for (const { lastSeenAt } of this.#histories.stations()) if (lastSeenAt > newest) newest = lastSeenAt;
    return newest === 0 ? undefined : newest;
  }

  /** Public facts about a station; `unknown` before its first reading. */
  facts(stationId: string, now = this.#deps.clock()): StationFacts {
    const station = this.#histories.station(stationId);
    const quantity = station && HEADLINE_ORDER.find((name) => station.series[name] !== undefined);
    if (station === undefined || quantity === undefined) return { coverage24h: 0, healthClass: 'unknown' };
    // How the device works does not depend on where it stands.
    const day = this.#aggregate({ stationId, quantity, average: '24h', now }, ALL_TIME)!;
    const latest = this.#aggregate({ stationId, quantity, average: 'latest', now }, ALL_TIME)!;
    return { lastSeenAt: station.lastSeenAt, coverage24h: day.coverage, healthClass: healthClassOf(day, latest) };
  }

  /** Name of the instrument that speaks for a station, e.g. `sds011`; undefined when none ever measured the quantity. */
  primarySensor(stationId: string, quantity: Quantity, now = this.#deps.clock()): string | undefined {
    return this.#primary(stationId, quantity, now)?.sensor;
  }

  /** Forgets a station. */
  removeStation(stationId: string): void {
    this.#refold.noteRemoval(stationId);
    this.#forget(stationId);
  }

  /** Sizes for metrics; `refused`: readings not folded, too far ahead or of an invented instrument. */
  stats(): { stations: number; series: number; bytes: number; refused: number } {
    const stats = this.#histories.stats();
    return { ...stats, refused: stats.refused + this.#tooFarAhead };
  }

  /** How often an instrument reports, ms; undefined for one without history here. */
  cadenceOf(stationId: string, sensor: string, now = this.#deps.clock()): number | undefined {
    const instruments = this.#histories.station(stationId)?.instruments;
    return instruments?.find((known) => known.sensor === sensor)?.cadence.at(now);
  }

  #forget(stationId: string): void {
    this.#warmUp.noteRemoval(stationId);
    this.#histories.remove(stationId);
  }

  #since(stationId: string): number {
    return this.#deps.standsSince?.(stationId) ?? ALL_TIME;
  }

  /** Raw and derived words on a series' newest value. */
  #flags(stationId: string, quantity: Quantity, series: SeriesHistory): string[] {
    const { sensor, lastMeasuredAt: measuredAt, lastFlags } = series;
    const raw: string[] = flagsOf(lastFlags, quantity);
    const derived = this.#deps.derivedFlags?.({ stationId, sensor, quantity, measuredAt });
    return derived === undefined || derived.length === 0 ? raw : raw.concat(derived);
  }

  #latestFlags(
    stationId: string,
    quantity: Quantity,
    { series, now }: { series: SeriesHistory; now: number },
  ): string[] {
    const flags = this.#flags(stationId, quantity, series);
    if (isSilent(series.lastMeasuredAt, series.instrument.cadence.at(now), now)) flags.push('silent');
    return flags;
  }

  #primary(stationId: string, quantity: Quantity, now: number): SeriesHistory | undefined {
    const candidates = this.#histories.station(stationId)?.series[quantity];
    if (candidates === undefined || candidates.length < 2) return candidates?.[0];
    return primarySensor(candidates, { quantity, declared: this.#deps.sensorModels(stationId), now });
  }

  #touch(station: StationHistory): void {
    // A number no station ever had: one that is forgotten and comes back is not taken for what it was.
    station.revision = ++this.#revision;
    if (station.isTouched) return;
    station.isTouched = true;
    this.#touched.push(station);
  }
}

/** True when flags say something against the value. */
export function isDoubtful({ flags }: Pick<Aggregate, 'flags'>): boolean {
  return saysDoubtful(flags);
}

function healthClassOf(day: Aggregate, latest: Aggregate): HealthClass {
  if (latest.state !== 'ok') return 'silent';
  if (isDoubtful(latest)) return 'doubtful';
  return day.coverage < MIN_COVERAGE ? 'sparse' : 'ok';
}

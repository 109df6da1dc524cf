import { DEFAULT_CADENCE_MS, STALE_AFTER_MS } from '../aggregate.ts';
import { isOfficialSensor } from '../correction/referenceMeans.ts';
import { staleAfterMs } from '../means/slidingMean.ts';
import { PARTICULATES, type Quantity } from '../quantity.ts';
import type { Reading } from '../reading.ts';
import { type DerivedFlag, THRESHOLDS } from './assessment.ts';
import { isValid } from './flag.ts';
import { HumidityHistory } from './humidityHistory.ts';

/** Derived flags of one reading, by quantity; a quantity without any is absent. */
export type ReadingFlags = Partial<Record<Quantity, readonly DerivedFlag[]>>;

/**
 * True when a humidity sensor is known to break soon after `measuredAt`: what a recomputation knows and a live
 * assessor cannot.
 */
export type BreaksLater = (sensor: string, measuredAt: number) => boolean;

const NONE: ReadingFlags = Object.freeze({});
const HUMID: readonly DerivedFlag[] = Object.freeze(['humid' as const]);
const NO_FLAGS: readonly DerivedFlag[] = Object.freeze([]);

/** One run of equal values of one quantity. */
interface Run {
  value: number;
  since: number;
  count: number;
}

/** One particle sensor: its runs, by quantity, and its last reading, which may come in parts. */
interface Instrument {
  lastMeasuredAt: number;
  isRestart: boolean;
  pm25: number | undefined;
  pm10: number | undefined;
  runs: Partial<Record<Quantity, Run>>;
}

/**
 * Judges one station's readings by their history, in order of time: stuck, PM2.5 above PM10, humid, first after a
 * pause. The same readings give the same flags, live or recomputed. A late reading is judged without history; its
 * station is recomputed afterwards.
 */
export class StationAssessor {
  readonly #breaksLater: BreaksLater | undefined;
  readonly #instrumentBySensor = new Map<string, Instrument>();
  readonly #humidityBySensor = new Map<string, HumidityHistory>();

  constructor(breaksLater?: BreaksLater) {
    this.#breaksLater = breaksLater;
  }

  /** A humidity sensor it has heard was proved broken at `provedAt`, epoch ms, before all it has seen. */
  noteProof(sensor: string, provedAt: number): void {
    this.#humidityBySensor.get(sensor)?.noteProof(provedAt);
  }

  /**
   * Flags of the readings of one message (one `measuredAt`), in their order. Humidity is looked at first, whatever
   * the order, so that the flags do not depend on it. `cadenceMs`: how often this station reports.
   */
  assess(readings: readonly Reading[], cadenceMs: number = DEFAULT_CADENCE_MS): ReadingFlags[] {
    for (const reading of readings) this.#noteHumidity(reading);
    return readings.map((reading) => this.#flagsOf(reading, cadenceMs));
  }

  #flagsOf(reading: Reading, cadenceMs: number): ReadingFlags {
    const { pm1, pm25, pm4, pm10 } = reading.values;
    const isParticulate = (pm25 ?? pm10 ?? pm1 ?? pm4) !== undefined;
    return this.#withHumidity(reading, isParticulate ? this.#particulateFlags(reading, cadenceMs) : NONE);
  }

  #noteHumidity({ sensor, measuredAt, values, flags }: Reading): void {
    if (values.humidity === undefined || !isValid(flags, 'humidity')) return;
    let history = this.#humidityBySensor.get(sensor);
    if (history === undefined) {
      history = new HumidityHistory();
      this.#humidityBySensor.set(sensor, history);
    }
    if (measuredAt > history.measuredAt) history.add(measuredAt, values.humidity);
  }

  #withHumidity(reading: Reading, flags: ReadingFlags): ReadingFlags {
    if (reading.values.humidity === undefined) return flags;
    return this.#isBroken(reading.sensor, reading.measuredAt) ? { ...flags, humidity: ['humidity-broken'] } : flags;
  }

  #isBroken(sensor: string, measuredAt: number): boolean {
    return this.#humidityBySensor.get(sensor)?.isBroken === true || this.#breaksLater?.(sensor, measuredAt) === true;
  }

  #particulateFlags({ sensor, measuredAt, values }: Reading, cadenceMs: number): ReadingFlags {
    const instrument = this.#instrument(sensor);
    const sinceMs = measuredAt - instrument.lastMeasuredAt;
    if (sinceMs > 0) beginReading(instrument, measuredAt, cadenceMs);
    if (sinceMs >= 0) {
      instrument.pm25 = values.pm25 ?? instrument.pm25;
      instrument.pm10 = values.pm10 ?? instrument.pm10;
    }
    // A published mean is no instrument: it neither sticks nor begins anew after a pause.
    const isOfficial = isOfficialSensor(sensor);
    let common = this.#isHumid(measuredAt) ? HUMID : NO_FLAGS;
    if (sinceMs >= 0 && instrument.isRestart && !isOfficial) common = [...common, 'restart'];
    const isInverted = isPm25AbovePm10(
      values.pm25 ?? (sinceMs === 0 ? instrument.pm25 : undefined),
      values.pm10 ?? (sinceMs === 0 ? instrument.pm10 : undefined),
    );
    let flags: ReadingFlags = NONE;
    for (const quantity of PARTICULATES) {
      const value = values[quantity];
      if (value === undefined) continue;
      const words =
        sinceMs >= 0 && !isOfficial && isStuck(instrument, quantity, value, measuredAt)
          ? ['stuck' as const, ...common]
          : common;
      const isConcerned = isInverted && (quantity === 'pm25' || quantity === 'pm10');
      const all = isConcerned ? [...words, 'pm25-above-pm10' as const] : words;
      if (all.length > 0) flags = { ...flags, [quantity]: all };
    }
    return flags;
  }

  /** Judged by the sound humidity sensor heard last, at most ten minutes away; without one, nothing is called humid. */
  #isHumid(measuredAt: number): boolean {
    let value = Number.NaN;
    let newest = measuredAt - STALE_AFTER_MS;
    for (const [sensor, history] of this.#humidityBySensor) {
      if (history.measuredAt < newest || history.measuredAt > measuredAt || this.#isBroken(sensor, measuredAt))
        continue;
      newest = history.measuredAt;
      value = history.value;
    }
    return value >= THRESHOLDS.humidFrom;
  }

  #instrument(sensor: string): Instrument {
    let instrument = this.#instrumentBySensor.get(sensor);
    if (instrument === undefined) {
      instrument = {
        lastMeasuredAt: Number.NEGATIVE_INFINITY,
        isRestart: false,
        pm25: undefined,
        pm10: undefined,
        runs: {},
      };
      this.#instrumentBySensor.set(sensor, instrument);
    }
    return instrument;
  }
}

/** The first part of a new reading: a pause before it ends the runs. */
function beginReading(instrument: Instrument, measuredAt: number, cadenceMs: number): void {
  const sinceMs = measuredAt - instrument.lastMeasuredAt;
  instrument.isRestart = sinceMs > staleAfterMs(cadenceMs) && sinceMs !== Number.POSITIVE_INFINITY;
  if (instrument.isRestart) instrument.runs = {};
  instrument.lastMeasuredAt = measuredAt;
  instrument.pm25 = undefined;
  instrument.pm10 = undefined;
}

/** True when PM2.5, a part of PM10, is above it by more than the two may differ. */
export function isPm25AbovePm10(pm25: number | undefined, pm10: number | undefined): boolean {
  if (pm25 === undefined || pm10 === undefined) return false;
  return pm25 > pm10 + Math.max(THRESHOLDS.pm25AbovePm10, THRESHOLDS.pm25AbovePm10Share * pm10);
}

/** True when a station has not been heard for longer than it may be silent. Times epoch ms. */
export function isSilent(lastMeasuredAt: number, cadenceMs: number, now: number): boolean {
  return now - lastMeasuredAt > staleAfterMs(cadenceMs);
}

/** Pauses between readings longer than `staleAfterMs`, `[last before, first after]`, epoch ms. */
export function silences(times: readonly number[], cadenceMs: number): [number, number][] {
  return times.flatMap((time, at) => {
    const before = times[at - 1];
    return before !== undefined && isSilent(before, cadenceMs, time) ? [[before, time] as [number, number]] : [];
  });
}

/** Notes the value and says whether its run has lasted too long. */
function isStuck(instrument: Instrument, quantity: Quantity, value: number, measuredAt: number): boolean {
  const run = instrument.runs[quantity];
  if (run === undefined) {
    instrument.runs[quantity] = { value, since: measuredAt, count: 1 };
    return false;
  }
  if (run.value !== value) {
    run.value = value;
    run.since = measuredAt;
    run.count = 1;
    return false;
  }
  run.count += 1;
  const after = value < THRESHOLDS.stuckLowBelow ? THRESHOLDS.stuckLowAfterMs : THRESHOLDS.stuckAfterMs;
  return measuredAt - run.since >= after && run.count >= THRESHOLDS.stuckReadings;
}

import { HOUR_MS } from '../durations.ts';
import type { Names } from '../names.ts';
import type { FlagClass } from './flag.ts';

/**
 * Flags that need history or neighbours: derived data, recomputed from raw values at any time, never part of a raw
 * row. They mark; only `stuck` takes a value out of means, because an instrument that repeats itself for hours does
 * not measure.
 */

/** Version of all rules and thresholds of the assessment; changes with any of them, and figures carry it. */
export const METHOD_VERSION = 'assessment-2';

/** Every derived flag with its class and its words for people. */
export const DERIVED_FLAGS = {
  stuck: {
    class: 'invalid',
    names: { de: 'hängt: seit Stunden derselbe Wert', en: 'stuck: the same value for hours' },
  },
  'pm25-above-pm10': {
    class: 'doubtful',
    names: { de: 'PM2,5 über PM10', en: 'PM2.5 above PM10' },
  },
  spike: {
    class: 'doubtful',
    names: { de: 'Ausreißer: nur hier, Nachbarn wie sonst', en: 'spike: only here, neighbours as usual' },
  },
  unusual: {
    class: 'info',
    names: {
      de: 'ungewöhnlich hoch oder tief; kein Vergleich mit Nachbarn möglich',
      en: 'unusual; no neighbours to compare with',
    },
  },
  'shared-event': {
    class: 'info',
    names: { de: 'ungewöhnlich, auch bei den Nachbarn', en: 'unusual, at the neighbours too' },
  },
  'unlike-neighbours': {
    class: 'info',
    names: { de: 'weicht in dieser Stunde von den Nachbarn ab', en: 'differs from the neighbours in this hour' },
  },
  humid: {
    class: 'info',
    names: { de: 'feuchte Luft: der Sensor zeigt eher zu viel', en: 'humid air: the sensor tends to read high' },
  },
  'humidity-broken': {
    class: 'doubtful',
    names: { de: 'Feuchtesensor defekt, Feuchte nicht beurteilt', en: 'humidity sensor broken, humidity not judged' },
  },
  annotated: {
    class: 'info',
    names: { de: 'von der Betreiberin oder dem Betreiber erläutert', en: 'explained by the host' },
  },
  silent: {
    class: 'info',
    names: { de: 'meldet sich nicht', en: 'not reporting' },
  },
  restart: {
    class: 'info',
    names: { de: 'erster Wert nach einer Pause', en: 'first value after a pause' },
  },
} as const satisfies Record<string, { class: FlagClass; names: Names }>;

/** The word of a derived flag, as every API and CSV shows it. */
export type DerivedFlag = keyof typeof DERIVED_FLAGS;

/**
 * Flags that rest on neighbours: judged for the last closed hour and no part of stored rows, which would then change
 * with every station that comes or goes.
 */
export const LAST_HOUR_FLAGS = [
  'spike',
  'shared-event',
  'unusual',
  'unlike-neighbours',
] as const satisfies DerivedFlag[];

/** True when a value with these derived flags counts in means. */
export function isCounted(flags: readonly DerivedFlag[]): boolean {
  return !flags.some((flag) => DERIVED_FLAGS[flag].class === 'invalid');
}

/**
 * Thresholds. P1 to P7 are the steps of the project's quality pipeline; where a source is named, the number is its,
 * the others are our own choice, fixed on Bristol October to December 2018 and shown on January to March 2019 and
 * Bochum 2022.
 */
export const THRESHOLDS = {
  /** P1: PM2.5 may lie above PM10 by this much, µg/m³, or this share of PM10, whichever is larger. */
  pm25AbovePm10: 2,
  pm25AbovePm10Share: 0.1,
  /**
   * P3: the same raw value for so long is a stuck instrument; longer below `stuckLowBelow`, where 0.1 µg/m³ of
   * resolution is coarse, ms.
   */
  stuckAfterMs: 6 * HOUR_MS,
  stuckLowAfterMs: 12 * HOUR_MS,
  /** µg/m³. */
  stuckLowBelow: 2,
  /** Fewer equal readings than this prove nothing, however far apart. */
  stuckReadings: 7,
  /** P4, after FILTER (Hassani 2025) as adapted in Sofia: window, least hours, multiple of the scaled MAD. */
  spikeWindowMs: 360 * HOUR_MS,
  spikeMinHours: 90,
  spikeMads: 10,
  /** P4: no smaller distance is a spike, µg/m³. */
  spikeFloor: 20,
  /** P4: the neighbourhood moved too when its median station is at this many times its own usual, or the inverse. */
  movedRatio: 1.5,
  /** P4: fewer other stations cannot tell: their median must survive one bad sensor. */
  movedStations: 3,
  /** P5: strong humidity, % (Jayaratne 2018: over-reading from 75 %; NILU 2021). */
  humidFrom: 85,
  /** Hours at or above `humidFrom` that make a day humid. */
  humidDayHours: 6,
  /** P6, after CrowdQC+: stations an hour needs, greatest robust z on log(1 + x). */
  agreementStations: 5,
  agreementZ: 3.5,
  /** P6: spread of log(1 + x) below which sensors cannot agree better; instruments of one model differ by some 10 %. */
  agreementMinSpread: 0.1,
  /** P7: least correlation of logs with the district's median over a month (CrowdQC+ has 0.9 for temperature). */
  correlation: 0.7,
  /** P7: least hours for a month's correlation: 80 % of 30 days. */
  correlationHours: 576,
} as const;

import type { Average } from '../aggregate.ts';
import { MINUTE_MS } from '../durations.ts';
import type { QuietHours } from './quietHours.ts';

/** Particulates an alert may watch. */
export type WatchedQuantity = 'pm25' | 'pm10';
/** Means it may watch: never a snapshot. */
export type WatchedAverage = Exclude<Average, 'latest'>;

/** Quantities an alert may be set to. */
export const WATCHED_QUANTITIES = ['pm25', 'pm10'] as const satisfies readonly WatchedQuantity[];
/** Means an alert may be set to. */
export const WATCHED_AVERAGES = ['1h', '24h'] as const satisfies readonly WatchedAverage[];

/** A rolling mean and the value, µg/m³, above which somebody wants to know. */
export interface MeanThreshold {
  quantity: WatchedQuantity;
  average: WatchedAverage;
  value: number;
}

/** What a station's owner wants to be told. */
export interface AlertSettings {
  /** Minutes without any reading; null: not told. */
  silentAfterMinutes: number | null;
  /** Tell when the particle sensor repeats one value for hours. */
  isStuckTold: boolean;
  above: MeanThreshold[];
  /** The monthly mail "Ihre Station". */
  isMonthly: boolean;
  quietHours: QuietHours | null;
}

/** Most thresholds of one station. */
export const MAX_THRESHOLDS = 4;
/** Range of a threshold's value, µg/m³. */
export const THRESHOLD_VALUES = { least: 1, most: 1000 } as const;
/** Range of `silentAfterMinutes`: an hour, since a router restarts, to a week. */
export const SILENT_MINUTES = { least: 60, most: 10_080 } as const;

/** What holds until the owner says something else. */
export const DEFAULT_ALERTS: AlertSettings = Object.freeze({
  silentAfterMinutes: 180,
  isStuckTold: true,
  above: [],
  isMonthly: false,
  quietHours: null,
});

/** What one alert of a station watches. */
export type StationRule =
  | { kind: 'silent'; afterMs: number }
  | { kind: 'stuck' }
  | { kind: 'above'; threshold: MeanThreshold };

/** The rules of the settings under names that stay: `silent`, `stuck`, `above-pm25-1h-25`. */
export function rulesOf(settings: AlertSettings): Map<string, StationRule> {
  const rules = new Map<string, StationRule>();
  const { silentAfterMinutes, isStuckTold, above } = settings;
  if (silentAfterMinutes !== null) rules.set('silent', { kind: 'silent', afterMs: silentAfterMinutes * MINUTE_MS });
  if (isStuckTold) rules.set('stuck', { kind: 'stuck' });
  for (const threshold of above) {
    const { quantity, average, value } = threshold;
    rules.set(`above-${quantity}-${average}-${value}`, { kind: 'above', threshold });
  }
  return rules;
}

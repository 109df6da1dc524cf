import { meanOfMeans } from '../decimal.ts';
import { DAY_MS, HOUR_MS } from '../durations.ts';
import type { TimeWindow } from '../means/calendarWindows.ts';

/**
 * Means that official networks made. They are stored as readings of two instruments, under the start of their window:
 * hourly means, and daily means where the network publishes no hours.
 */
export const OFFICIAL_SENSORS = { '1h': 'official', '24h': 'official24h' } as const;

/** True for means of an official network: they are whole numbers that may repeat for hours without being stuck. */
export function isOfficialSensor(sensor: string): boolean {
  return sensor === OFFICIAL_SENSORS['1h'] || sensor === OFFICIAL_SENSORS['24h'];
}

/** How long each mean holds, ms. */
export const OFFICIAL_SPAN_MS = { '1h': HOUR_MS, '24h': DAY_MS } as const;

/** An hour or a day. */
export type OfficialSpan = keyof typeof OFFICIAL_SENSORS;

/** Over what the values of such an instrument are means; undefined for any other. */
export function officialSpanOf(sensor: string): OfficialSpan | undefined {
  if (sensor === OFFICIAL_SENSORS['1h']) return '1h';
  return sensor === OFFICIAL_SENSORS['24h'] ? '24h' : undefined;
}

/** Over what an official station's values are means, from its instruments: hours, days or both; none before its first value. */
export function officialSpansOf(series: readonly { sensor: string }[]): OfficialSpan[] {
  return (['1h', '24h'] as const).filter((span) => series.some(({ sensor }) => officialSpanOf(sensor) === span));
}

/** An hour is published some time after it ended; older than this it says nothing of now. */
export const OFFICIAL_STALE_AFTER_MS = 3 * HOUR_MS;
/** Least hours of a day: 18 (39. BImSchV Anl. 11). */
const MIN_SHARE = 0.75;

/** A mean of an official station. */
export interface OfficialMean {
  /** Epoch ms, start of the window. */
  start: number;
  value: number;
}

/** What a station published of one quantity. */
export interface OfficialMeans {
  hours: readonly OfficialMean[];
  days: readonly OfficialMean[];
}

/**
 * An official station's mean of a window of whole hours or days: the published day where the window is one, else the
 * mean of its hours, or of its published days, when at least 75 % are there; undefined otherwise.
 */
export function officialMean({ hours, days }: OfficialMeans, { start, end }: TimeWindow): number | undefined {
  const ofHours = partMean(hours, { start, end }, HOUR_MS);
  return ofHours ?? partMean(days, { start, end }, DAY_MS);
}

function partMean(parts: readonly OfficialMean[], { start, end }: TimeWindow, width: number): number | undefined {
  const inside = parts.filter((part) => part.start >= start && part.start + width <= end).map(({ value }) => value);
  const possible = Math.floor((end - start) / width);
  return inside.length === 0 || inside.length < MIN_SHARE * possible ? undefined : meanOfMeans(inside);
}

/**
 * Of stations, the nearest first, with how many values each has in a window: place of the nearest with at least half as
 * many as the one that has the most; undefined where none has any. So a stray value speaks for no window while another
 * station measured all of it, and a short campaign still has its nearest station. The share is our choice.
 */
export function nearestMeasuring(counts: readonly number[]): number | undefined {
  const most = Math.max(0, ...counts);
  return most === 0 ? undefined : counts.findIndex((count) => count >= most / 2);
}

import { BROKEN_FOR_MS } from '../domain/assessment/humidityHistory.ts';
import { DAY_MS } from '../domain/durations.ts';

/** Readings before a stretch that its rows may rest on, ms: a run of equal values, the cadence of the days before. */
export const NARROW_MS = 3 * DAY_MS;
/** The same with a humidity sensor that may have been proved broken earlier, and how far its proof reaches. */
export const WIDE_MS = BROKEN_FOR_MS + NARROW_MS;

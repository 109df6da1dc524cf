import { BROKEN_FOR_MS } from '../domain/assessment/humidityHistory.ts';

/** Readings before a stretch that its rows may rest on, ms: a run of equal values, the cadence of the days before. */
export const NARROW_MS = 3 * 86_400_000;
/** The same with a humidity sensor that may have been proved broken earlier, and how far its proof reaches. */
export const WIDE_MS = BROKEN_FOR_MS + NARROW_MS;

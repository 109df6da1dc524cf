import type { Rollups, WaitedSoFar } from './rollups.ts';

/** Rollups as whoever answers reads them. */
export type ReadRollups = Pick<Rollups, 'rows' | 'hours' | 'upToDate'>;

/**
 * The same rows for one answer, whose steps share one patience: while rows are being made anew, an answer of many steps
 * waits for them no longer than one of a single step.
 */
export function forOneAnswer(rollups: ReadRollups, waited: WaitedSoFar = { ms: 0 }): ReadRollups {
  return {
    rows: (query) => rollups.rows({ ...query, waited }),
    ...(rollups.hours && { hours: (query) => rollups.hours!({ ...query, waited }) }),
    upToDate: (query) => rollups.upToDate({ ...query, waited }),
  };
}

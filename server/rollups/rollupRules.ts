import { ROLLUP_METHOD } from '../domain/means/rollup.ts';

/** What rows are made by: rules, and where days begin. Another text means that every row is to be made anew. */
export function rollupRules(dayOffsetMs: number): string {
  return `${ROLLUP_METHOD} days ${dayOffsetMs}`;
}

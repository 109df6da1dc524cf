import type { ClockFlag } from './clockMean.ts';

/** Bits of a row's clock flags, in stored masks. Append only. */
const CLOCK_FLAGS: readonly ClockFlag[] = ['open', 'below-coverage', 'cadence-too-slow', 'not-corrected'];

/** Clock flags as a mask. */
export function clockMask(flags: readonly ClockFlag[]): number {
  let mask = 0;
  for (const flag of flags) mask += 1 << CLOCK_FLAGS.indexOf(flag);
  return mask;
}

/** The words of a mask. */
export function clockFlagsOf(mask: number): ClockFlag[] {
  return mask === 0 ? [] : CLOCK_FLAGS.filter((_, bit) => (mask >> bit) & 1);
}

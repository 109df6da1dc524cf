import { flagBit, flagsOf, RAW_FLAGS, type RawFlag } from '../domain/assessment/flag.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';

/** Bits that speak of one quantity only, per quantity; BigInt because masks reach beyond 32 bits. */
const BITS_OF: ReadonlyMap<Quantity, bigint> = new Map(QUANTITIES.map((quantity) => [quantity, ownBits(quantity)]));
const BITS_OF_ALL = [...BITS_OF.values()].reduce((all, bits) => all | bits, 0n);

/** Both masks' flags together. */
export function unionOfFlags(a: number, b: number): number {
  if (a === b) return a;
  return Number(BigInt(a) | BigInt(b));
}

/** The flags of a mask that concern a value of `quantity`: its own, and those of the whole reading (a claimed time). */
export function flagsAbout(mask: number, quantity: Quantity): number {
  if (mask === 0) return 0;
  return Number(BigInt(mask) & (~BITS_OF_ALL | (BITS_OF.get(quantity) ?? 0n)));
}

/**
 * The mask of a key once fields are added to it: the added quantities bring their own bits, while what concerns the
 * whole reading stays as the reading that was there first had it. Bits of refused values stay out.
 */
export function flagsWith(before: number, incoming: number, added: readonly Quantity[]): number {
  const own = added.reduce((bits, quantity) => bits | (BITS_OF.get(quantity) ?? 0n), 0n);
  return Number(BigInt(before) | (BigInt(incoming) & own));
}

function ownBits(quantity: Quantity): bigint {
  const everyFlag = 2 ** 52 - 1;
  const isAboutAll = (flag: RawFlag) => QUANTITIES.every((other) => flagsOf(everyFlag, other).includes(flag));
  const own = flagsOf(everyFlag, quantity).filter((flag) => RAW_FLAGS[flag].perQuantity || !isAboutAll(flag));
  return own.reduce((bits, flag) => bits | BigInt(flagBit(flag, quantity)), 0n);
}

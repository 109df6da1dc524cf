import type { Language } from '../names.ts';
import type { Quantity } from '../quantity.ts';

/**
 * How much a flag says against a value. `info`: nothing; `doubtful`: shown, counted, marked; `invalid`: shown as raw,
 * left out of every mean.
 */
export type FlagClass = 'info' | 'doubtful' | 'invalid';

/** Flags that the reading alone justifies. They are stored with the raw row; flags that need history are derived data. */
export const RAW_FLAGS = {
  /** The time came from the device, not from our clock. */
  claimed: {
    class: 'info',
    perQuantity: false,
    names: { de: 'Zeit vom Gerät', en: 'time from the device' },
  },
  /** Outside what the instrument can physically report (a hung BME280 at -145 °C). */
  'out-of-range': {
    class: 'invalid',
    perQuantity: true,
    names: { de: 'unmöglicher Wert', en: 'impossible value' },
  },
  /** At the instrument's full scale (SDS011 999.9 / 1999.9): dirty inlet, weak power. */
  saturated: {
    class: 'invalid',
    perQuantity: true,
    names: { de: 'am Ende des Messbereichs', en: 'at full scale' },
  },
  /** Humidity at its end stop (99.9 and above, 1.0 and below); the instrument is wet or stuck, the value says "very humid" at best. */
  'humidity-end-stop': {
    class: 'doubtful',
    perQuantity: false,
    names: { de: 'Feuchtesensor am Anschlag', en: 'humidity sensor at its end stop' },
  },
} as const satisfies Record<string, { class: FlagClass; perQuantity: boolean; names: Record<Language, string> }>;

/** The word of a raw flag, as every API and CSV shows it. */
export type RawFlag = keyof typeof RAW_FLAGS;

/** The bit of each flag, of those about one value for each quantity. Append only: a stored mask keeps its meaning for ever. At most 52. */
const BIT_OF = {
  claimed: 0,
  'out-of-range': { pm1: 1, pm25: 2, pm4: 3, pm10: 4, temperature: 5, humidity: 6, pressure: 7, noise: 8 },
  saturated: { pm1: 9, pm25: 10, pm4: 11, pm10: 12, temperature: 13, humidity: 14, pressure: 15, noise: 16 },
  'humidity-end-stop': 17,
} as const satisfies Record<RawFlag, number | Record<Quantity, number>>;

/** The number (a power of two) that marks `flag`, for per-quantity flags on `quantity`. Masks are sums of these. */
export function flagBit(flag: RawFlag, quantity?: Quantity): number {
  const bit = BIT_OF[flag];
  if (typeof bit === 'number') return 2 ** bit;
  if (quantity === undefined) throw new RangeError(`${flag} needs a quantity`);
  return 2 ** bit[quantity];
}

/** True when `mask` carries `bit`. Works above 2^31, where `&` does not. */
export function hasBit(mask: number, bit: number): boolean {
  return Math.floor(mask / bit) % 2 === 1;
}

/** `mask` with `bit` set. */
export function withBit(mask: number, bit: number): number {
  return hasBit(mask, bit) ? mask : mask + bit;
}

/** The words in `mask` that concern `quantity`, in table order. */
export function flagsOf(mask: number, quantity: Quantity): RawFlag[] {
  if (mask === 0) return [];
  return (Object.keys(RAW_FLAGS) as RawFlag[]).filter((flag) => {
    if (flag === 'humidity-end-stop' && quantity !== 'humidity') return false;
    return hasBit(mask, flagBit(flag, quantity));
  });
}

/** The bits that make a value of `quantity` invalid; a store filters means by them. */
export function invalidMask(quantity: Quantity): number {
  return flagBit('out-of-range', quantity) + flagBit('saturated', quantity);
}

/** True when a value of `quantity` with this mask counts in means. */
export function isValid(mask: number, quantity: Quantity): boolean {
  return (
    mask === 0 || !(hasBit(mask, flagBit('out-of-range', quantity)) || hasBit(mask, flagBit('saturated', quantity)))
  );
}

/** The two ends of a range as they are written; `most` carries the unit for both. */
export interface TextSpan {
  least: string;
  most: string;
  /** True when rounding leaves no difference: then only `most` is said. */
  isOne: boolean;
}

/** A range from its ends, written without unit. */
export function textSpan(least: string, most: string, unit = ''): TextSpan {
  return { least, most: `${most}${unit}`, isOne: least === most };
}

/** `zwischen 3,1 und 7,9 µg/m³`, or `bei 7,9 µg/m³`. */
export function zwischen({ least, most, isOne }: TextSpan): string {
  return isOne ? `bei ${most}` : `zwischen ${least} und ${most}`;
}

/** `between 3.1 and 7.9 µg/m³`, or `at 7.9 µg/m³`. */
export function between({ least, most, isOne }: TextSpan): string {
  return isOne ? `at ${most}` : `between ${least} and ${most}`;
}

/**
 * How much water on the particles raises an optical reading. Not one formula transfers from place to place: at 95 %
 * the factors here differ by four. For research only, never a default.
 */
export type GrowthFormula = 'kappa-0.4' | 'gamma-de' | 'gamma-bishkek' | 'laulainen' | 'hackair';

/** Relative humidity above which the factors diverge; higher values count as this. Our choice. */
const RH_CAP = 95;

/** Assumed density of dry particles, g/cm³ (Crilley 2018). */
const DRY_DENSITY = 1.65;

/**
 * Growth constants gamma = kappa / 1.65. Sources: Crilley 2018 (0.4 a common start), Streibl 2017 (SDS011), a fit in
 * Bishkek (SDS011).
 */
const GAMMA = { 'kappa-0.4': 0.4 / DRY_DENSITY, 'gamma-de': 0.22, 'gamma-bishkek': 0.05 } as const;

/** hackAIR's regression: 1 + a * aw^b. */
const HACKAIR = { pm25: [0.48756, 8.60068], pm10: [0.81559, 5.83411] } as const;

/** Factor by which a reading at `humidity` (%) is too high; at least 1. NaN for a humidity outside 0 to 100. */
export function growthFactor(formula: GrowthFormula, humidity: number, quantity: 'pm25' | 'pm10' = 'pm25'): number {
  if (!(humidity >= 0 && humidity <= 100)) return Number.NaN;
  const activity = Math.min(humidity, RH_CAP) / 100;
  switch (formula) {
    case 'kappa-0.4':
    case 'gamma-de':
    case 'gamma-bishkek':
      return 1 + GAMMA[formula] * (activity / (1 - activity));
    case 'laulainen':
      return 1 + (0.25 * activity ** 2) / (1 - activity);
    case 'hackair':
      return 1 + HACKAIR[quantity][0] * activity ** HACKAIR[quantity][1];
  }
}

/**
 * Corrections made in the United States for PurpleAir (two PMS5003). Never for SDS011. The sources disagree whether
 * the input is the column `cf_1` (the paper) or `cf_atm` (the code): keep the column's name with the value.
 */

/** Barkjohn 2021, 24 h means: 0.524 * x - 0.0862 * RH + 5.75, µg/m³. */
export function barkjohn2021(x: number, humidity: number): number {
  return 0.524 * x - 0.0862 * humidity + 5.75;
}

/** US EPA's piecewise correction (Barkjohn 2022), µg/m³; negative results are 0. */
export function epaPiecewise(x: number, humidity: number): number {
  return Math.max(0, piece(x, humidity));
}

function piece(x: number, humidity: number): number {
  const damp = 0.0862 * humidity;
  if (x < 30) return 0.524 * x - damp + 5.75;
  if (x < 50) {
    const t = x / 20 - 3 / 2;
    return (0.786 * t + 0.524 * (1 - t)) * x - damp + 5.75;
  }
  if (x < 210) return 0.786 * x - damp + 5.75;
  const smoke = 8.84e-4 * x ** 2;
  if (x >= 260) return 2.966 + 0.69 * x + smoke;
  const t = x / 50 - 21 / 5;
  return (0.69 * t + 0.786 * (1 - t)) * x - damp * (1 - t) + 2.966 * t + 5.75 * (1 - t) + smoke * t;
}

/** Fire and Smoke Map of 2020, superseded; jumps at 343. Only to recognise old figures. */
export function fireAndSmokeMap2020(x: number, humidity: number): number {
  return x <= 343 ? 0.52 * x - 0.086 * humidity + 5.75 : 0.46 * x + 3.93e-4 * x ** 2 + 2.97;
}

/** Two channels of one device, as PurpleAir has. */
export interface Channels {
  a: number;
  b: number;
}

/**
 * True when the channels agree closely enough to be averaged: apart by less than 5 µg/m³, or by less than 61 % of
 * their mean. Barkjohn 2021 from memory, unverified (AirVizR has 62 %).
 */
export function channelsAgree({ a, b }: Channels): boolean {
  return Math.abs(a - b) < 5 || relativeDifference({ a, b }) < 0.61;
}

/** Distance of the channels as a share of their mean. */
export function relativeDifference({ a, b }: Channels): number {
  return Math.abs(a - b) / ((a + b) / 2);
}

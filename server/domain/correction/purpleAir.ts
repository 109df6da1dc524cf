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

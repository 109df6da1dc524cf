/**
 * Firmwares send pressure in Pa (airRohr, `99655.97`) or hPa (Tasmota, `977.0`) without saying which. No air is at
 * 10,000 hPa or below 10,000 Pa, so the size tells: from 10,000 up it is Pa. The one rule for all formats.
 */
const PASCAL_FROM = 10_000;

/** Pressure in hPa from a number in Pa or hPa; Pa are taken at 0.01, as firmware prints them. */
export function toHectopascal(value: number): number {
  // Two roundings, because 102201.18 / 100 is 1022.0117999999999.
  return value >= PASCAL_FROM ? Math.round(value * 100) / 10_000 : value;
}

/** hPa per unit, for the other units Tasmota names (`PressureUnit`). 1 mmHg = 133.322387415 Pa; 1 inHg = 25.4 mmHg. */
export const HECTOPASCAL_PER: ReadonlyMap<unknown, number> = new Map([
  ['mmHg', 1.33322387415],
  ['inHg', 33.863886640341],
]);

/** °C from °F. */
export function toCelsius(fahrenheit: number): number {
  return ((fahrenheit - 32) * 5) / 9;
}

/** A converted number at 0.01, finer than any instrument here, so that the conversion leaves no tail of digits. */
export function roundConverted(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Altitudes a station may have, metres: from the Dead Sea to the highest towns, above sea level. */
export const ALTITUDES = { min: -430, max: 6000 } as const;

/**
 * Station pressure reduced to sea level, in the unit of `pressure`, by the formula sensor.community's server uses
 * (its capture of 2019-02-05, 102745.94 Pa at 12.7 m and 4.06 °C, says 102906.83). `altitudeMetres` above sea level,
 * `temperature` of the air in °C.
 */
export function pressureAtSeaLevel(pressure: number, altitudeMetres: number, temperature: number): number {
  const fall = 0.0065 * altitudeMetres;
  return pressure * (1 - fall / (temperature + fall + 273.15)) ** -5.255;
}

/**
 * What a station measures. Names are the ones of every public interface; units are fixed and never converted
 * after decoding. Append only: means are stored under a quantity's place in this list.
 */
export const QUANTITIES = ['pm1', 'pm25', 'pm4', 'pm10', 'temperature', 'humidity', 'pressure', 'noise'] as const;

/** One measured quantity, e.g. `pm25`. */
export type Quantity = (typeof QUANTITIES)[number];

/** Where a quantity stands in `QUANTITIES`. */
export const PLACE_OF_QUANTITY = Object.fromEntries(QUANTITIES.map((quantity, place) => [quantity, place])) as Readonly<
  Record<Quantity, number>
>;

/** The unit each quantity is stored and shown in. Pressure is station pressure, not reduced to sea level. */
export const UNITS: Readonly<Record<Quantity, string>> = {
  pm1: 'µg/m³',
  pm25: 'µg/m³',
  pm4: 'µg/m³',
  pm10: 'µg/m³',
  temperature: '°C',
  humidity: '%',
  pressure: 'hPa',
  noise: 'dB(A)',
};

/** The particulate mass concentrations. */
export const PARTICULATES = ['pm1', 'pm25', 'pm4', 'pm10'] as const satisfies readonly Quantity[];

/** True for the four particulate mass concentrations. */
export function isParticulate(quantity: Quantity): boolean {
  return quantity === 'pm1' || quantity === 'pm25' || quantity === 'pm4' || quantity === 'pm10';
}

/** Narrows a string from outside to a quantity. */
export function isQuantity(text: string): text is Quantity {
  return (QUANTITIES as readonly string[]).includes(text);
}

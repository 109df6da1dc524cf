import { QUANTITIES, type Quantity } from '../domain/quantity.ts';

/**
 * Many clients read values by their place and not by their name: to them `sensordatavalues[0]` of an SDS011 is PM10 and
 * `[1]` PM2.5, and `[0]` of a DHT22 is the temperature. So values come in the order in which the airRohr firmware pushes
 * them, as they do in captures of 2018, 2020 and 2023; those of 2019 are in the order of the names, which differs for
 * climate only.
 */
const USUAL = beginningWith('pm1', 'pm10', 'pm25', 'pm4', 'temperature', 'pressure');
/** The Bosch instruments without humidity: firmware `fetchSensorBMP` and `fetchSensorBMX280`. */
const PRESSURE_FIRST = beginningWith('pressure', 'temperature');
/** Sensirion's: firmware `fetchSensorSPS30`. */
const UP_TO_PM10 = beginningWith('pm1', 'pm25', 'pm4', 'pm10');

const ORDER_BY_TYPE: Readonly<Record<string, readonly Quantity[]>> = {
  BMP180: PRESSURE_FIRST,
  BMP280: PRESSURE_FIRST,
  SPS30: UP_TO_PM10,
  SEN5X: UP_TO_PM10,
};

function beginningWith(...first: Quantity[]): readonly Quantity[] {
  return [...first, ...QUANTITIES.filter((quantity) => !first.includes(quantity))];
}

/** All quantities, in the order in which an instrument's values stand in its records; `type` as in the records (`SDS011`). */
export function valueOrderOf(type: string): readonly Quantity[] {
  return Object.hasOwn(ORDER_BY_TYPE, type) ? ORDER_BY_TYPE[type]! : USUAL;
}

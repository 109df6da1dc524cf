import type { ServedRecord } from './records.ts';

/** What existing clients read, retold from their public code: each fails where the client would. */

/** Python's `float`: takes text a JavaScript `Number` would take for 0, and refuses it. */
function float(text: string | number): number {
  const value = typeof text === 'number' ? text : Number(text.trim() === '' ? 'empty' : text);
  if (Number.isNaN(value)) throw new Error(`could not convert string to float: '${text}'`);
  return value;
}

/**
 * Home Assistant's client, home-assistant-ecosystem/python-luftdaten, `luftdaten/__init__.py` `get_data`: the newest record
 * of `/airrohr/v1/sensor/<id>/` by its text, every value and the whole position as numbers.
 */
export function readAsPythonLuftdaten(records: ServedRecord[]) {
  const [newest] = [...records].sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
  if (newest === undefined) return undefined;
  const values = Object.fromEntries(newest.sensordatavalues.map(({ value_type, value }) => [value_type, float(value)]));
  const { latitude, longitude, altitude } = newest.location;
  return { values, meta: { latitude: float(latitude), longitude: float(longitude), altitude: float(altitude) } };
}

const MAP_PM_SENSORS = ['SDS011', 'SDS021', 'PMS1003', 'PMS3003', 'PMS5003', 'PMS6003', 'PMS7003', 'HPM', 'SPS30'];
const MAP_CLIMATE = [
  'DHT11',
  'DHT22',
  'BMP180',
  'BMP280',
  'BME280',
  'HTU21D',
  'DS18B20',
  'SHT30',
  'SHT31',
  'SHT35',
  'SHT85',
];

/**
 * The public map, opendata-stuttgart/feinstaub-map-v2, `src/js/feinstaub-api.js` `getData`: dust cells need a sensor it knows
 * and both values in range; the newest time is found by comparing texts.
 */
export function readAsFeinstaubMap(records: ServedRecord[]) {
  const numberOf = ({ sensordatavalues }: ServedRecord, type: string) =>
    Number.parseInt(String(sensordatavalues.find(({ value_type }) => value_type === type)?.value), 10);
  const dust = records
    .filter(({ sensor }) => MAP_PM_SENSORS.includes(sensor.sensor_type.name))
    .filter((record) => numberOf(record, 'P1') < 1900 && numberOf(record, 'P2') < 900)
    .map((record) => ({ id: record.sensor.id, PM10: numberOf(record, 'P1'), PM25: numberOf(record, 'P2') }));
  const climate = records
    .filter(({ sensor }) => MAP_CLIMATE.includes(sensor.sensor_type.name))
    .map((record) => ({
      id: record.sensor.id,
      latitude: record.location.latitude,
      Pressure: numberOf(record, 'pressure_at_sealevel') / 100,
      Humidity: numberOf(record, 'humidity'),
      Temperature: numberOf(record, 'temperature'),
    }));
  const noise = records
    .filter(({ sensor }) => sensor.sensor_type.name === 'DNMS (Laerm)')
    .map((record) => ({ id: record.sensor.id, Noise: numberOf(record, 'noise_LAeq') }));
  const newest = records.reduce((latest, { timestamp }) => (timestamp > latest ? timestamp : latest), '');
  return { dust, climate, noise, newest };
}

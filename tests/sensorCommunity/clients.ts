import type { ServedRecord } from './records.ts';

/**
 * What existing clients read, retold from their public code, as of November 2026: each fails where the client would.
 * https://github.com/home-assistant-ecosystem/python-luftdaten 0.7, https://github.com/opendata-stuttgart/feinstaub-map-v2,
 * https://github.com/toto/homebridge-airrohr, https://github.com/pixxelfriend/MMM-Luftdaten,
 * https://github.com/klein0r/ioBroker.luftdaten, https://github.com/earthobservations/luftdatenpumpe.
 */

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

/**
 * homebridge-airrohr (`lib/data_cache.js`), MMM-Luftdaten (`node_helper.js`) and ioBroker.luftdaten (`main.js`): the first
 * record of a sensor, whichever that is; a value that is falsy counts as none; a name with `_` is cut there (MMM).
 */
export function readFirstRecord([first]: ServedRecord[]) {
  if (first === undefined) return undefined;
  const values: Record<string, number> = {};
  for (const { value_type, value } of first.sensordatavalues) {
    const name = value_type.includes('_') ? (value_type.split('_')[1] ?? '') : value_type;
    if (['P1', 'P2', 'temperature', 'humidity', 'pressure'].includes(name) && value) {
      values[name] = Number.parseFloat(String(value));
    }
  }
  return { timestamp: first.timestamp, values };
}

/**
 * Exporters into time-series stores, as luftdatenpumpe (`source/luftdaten_info.py`): every record of the whole file, its
 * country in capitals, ISO times made of theirs, each value a float.
 */
export function readAsLuftdatenpumpe(records: ServedRecord[]) {
  return records.map(({ location, sensor, timestamp, sensordatavalues }) => ({
    station: location.id,
    sensor: sensor.id,
    country: location.country.toUpperCase(),
    at: Date.parse(`${timestamp.replace(' ', 'T')}Z`),
    position: [location.latitude, location.longitude, location.altitude].map(float),
    values: Object.fromEntries(sensordatavalues.map(({ value_type, value }) => [value_type, float(value)])),
  }));
}

/**
 * Scripts, displays and bots that read values by their place, as many do with a sensor whose type they know:
 * `data[0]["sensordatavalues"][0]["value"]` is PM10 or the temperature, `[1]` PM2.5 or, of a DHT22, the humidity.
 */
export function readByPlace([first]: ServedRecord[]): number[] | undefined {
  return first?.sensordatavalues.map(({ value }) => float(value));
}

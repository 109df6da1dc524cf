import { OFFICIAL_SPAN_MS, officialSpanOf } from '../domain/correction/referenceMeans.ts';
import { isQuantity, type Quantity, UNITS } from '../domain/quantity.ts';
import { modelOf } from '../domain/sensorModel.ts';
import { publicPosition, type Station } from '../domain/station.ts';
import type { Entity } from './model.ts';

/** One series as SensorThings sees it: a Datastream. */
export interface Series {
  station: Station;
  sensor: string;
  quantity: Quantity;
}

/** One stored value of a series. */
export interface SeriesValue extends Series {
  measuredAt: number;
  value: number;
  flags: readonly string[];
}

const GEOJSON = 'application/geo+json';
const MEASUREMENT = 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement';

/** Name and definition of each quantity; definitions are CF standard names where there is one. */
const PROPERTIES: Readonly<Record<Quantity, { name: string; cf?: string }>> = {
  pm1: { name: 'PM1', cf: 'mass_concentration_of_pm1_ambient_aerosol_particles_in_air' },
  pm25: { name: 'PM2.5', cf: 'mass_concentration_of_pm2p5_ambient_aerosol_particles_in_air' },
  pm4: { name: 'PM4' },
  pm10: { name: 'PM10', cf: 'mass_concentration_of_pm10_ambient_aerosol_particles_in_air' },
  temperature: { name: 'Temperature', cf: 'air_temperature' },
  humidity: { name: 'Relative humidity', cf: 'relative_humidity' },
  pressure: { name: 'Air pressure', cf: 'surface_air_pressure' },
  noise: { name: 'Sound level', cf: 'sound_pressure_level_in_air' },
};

/** Unit by name and UCUM code. */
const UNIT_OF: Readonly<Record<Quantity, [name: string, ucum: string]>> = {
  pm1: ['microgram per cubic metre', 'ug/m3'],
  pm25: ['microgram per cubic metre', 'ug/m3'],
  pm4: ['microgram per cubic metre', 'ug/m3'],
  pm10: ['microgram per cubic metre', 'ug/m3'],
  temperature: ['degree Celsius', 'Cel'],
  humidity: ['percent', '%'],
  pressure: ['hectopascal', 'hPa'],
  noise: ['decibel, A-weighted', 'dB[SPL]'],
};

/** What means of official networks are called, by their span. */
const OFFICIAL_MEANS = { '1h': 'Hourly means', '24h': 'Daily means' } as const;

/** A station. */
export function thing({ id, name, isIndoor, sensorModels, status, source, licence, ...more }: Station): Entity {
  const { externalIds, reference } = more;
  const description =
    reference === undefined
      ? `Citizens' sensor station, ${isIndoor ? 'indoor' : 'outdoor'}; not an official measurement.`
      : `Official station of a measuring network (${reference.network}).`;
  const properties = { isIndoor, sensorModels, status, source, licence, externalIds, ...(reference && { reference }) };
  return { type: 'Thing', id, body: { name, description, properties } };
}

/** The public place of a station. */
export function location(station: Station): Entity {
  return { type: 'Location', id: station.id, body: { ...place(station), location: point(station) } };
}

/** That a station has stood where it stands: earlier places are not public. */
export function historicalLocation({ id, createdAt }: Station): Entity {
  const time = `${new Date(createdAt).toISOString().slice(0, 10)}T00:00:00.000Z`;
  return { type: 'HistoricalLocation', id, body: { time } };
}

/** The air at a station. */
export function featureOfInterest(station: Station): Entity {
  return { type: 'FeatureOfInterest', id: station.id, body: { ...place(station), feature: point(station) } };
}

/** One quantity of one instrument of a station. */
export function datastream({ station, sensor, quantity }: Series): Entity {
  const { name } = PROPERTIES[quantity];
  const [unit, ucum] = UNIT_OF[quantity];
  const span = officialSpanOf(sensor);
  const network = station.reference?.network ?? 'an official network';
  const body = {
    name: `${station.name}: ${name} (${sensor})`,
    description:
      span === undefined
        ? `${name}, single readings as the instrument gave them; impossible and saturated ones are left out.`
        : `${name}, ${OFFICIAL_MEANS[span].toLowerCase()} as ${network} states them.`,
    unitOfMeasurement: { name: unit, symbol: UNITS[quantity], definition: `ucum:${ucum}` },
    observationType: MEASUREMENT,
    observedArea: point(station),
    properties: { sensor, licence: station.licence },
  };
  return { type: 'Datastream', id: datastreamId(station.id, sensor, quantity), body };
}

/** A model of instrument. */
export function sensorModel(id: string): Entity {
  const span = officialSpanOf(id);
  const name = span === undefined ? (modelOf(id)?.name ?? id) : `${OFFICIAL_MEANS[span]} of an official network`;
  const description = span === undefined ? `Instrument: ${name}` : `${name}; with which instrument it does not say.`;
  return {
    type: 'Sensor',
    id,
    body: { name, description, encodingType: 'text/html', metadata: name },
  };
}

/** A quantity. */
export function observedProperty(quantity: Quantity): Entity {
  const { name, cf } = PROPERTIES[quantity];
  const definition = cf === undefined ? `urn:buergerluft:${quantity}` : `http://vocab.nerc.ac.uk/standard_name/${cf}/`;
  return {
    type: 'ObservedProperty',
    id: quantity,
    body: { name, definition, description: `${name}, ${UNITS[quantity]}` },
  };
}

/** One value. A mean of an official network holds for its whole window; when the network published it nobody says. */
export function observation({ station, sensor, quantity, measuredAt, value, flags }: SeriesValue): Entity {
  const time = new Date(measuredAt).toISOString();
  const span = officialSpanOf(sensor);
  const end = span && new Date(measuredAt + OFFICIAL_SPAN_MS[span]).toISOString();
  const body = {
    phenomenonTime: end === undefined ? time : `${time}/${end}`,
    result: value,
    resultTime: end === undefined ? time : null,
    ...(flags.length > 0 && { parameters: { flags } }),
  };
  return { type: 'Observation', id: `${datastreamId(station.id, sensor, quantity)}.${measuredAt}`, body };
}

/** What an id of a Datastream or an Observation names; undefined for another text. */
export function parseSeriesId(id: string) {
  const [, stationId = '', sensor = '', quantity = '', time] =
    /^([a-z0-9]{10})\.([^.]{1,60})\.([a-z0-9]+)(?:\.(\d{1,16}))?$/.exec(id) ?? [];
  if (!isQuantity(quantity)) return undefined;
  return { stationId, sensor, quantity, ...(time !== undefined && { measuredAt: Number(time) }) };
}

/** The Sensor of a reading's `sensor`: its model. */
export function modelIdOf(sensor: string): string {
  return modelOf(sensor)?.id ?? sensor;
}

function datastreamId(stationId: string, sensor: string, quantity: Quantity): string {
  return `${stationId}.${sensor}.${quantity}`;
}

function place({ name, positionGridMetres }: Station) {
  const description = `Public position, snapped to a grid of ${Math.max(100, positionGridMetres)} m.`;
  return { name, description, encodingType: GEOJSON };
}

function point(station: Station) {
  const { lat, lon } = publicPosition(station);
  return { type: 'Point', coordinates: [lon, lat] };
}

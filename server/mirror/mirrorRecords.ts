import { modelOfType, targetOf } from '../archive/archiveColumns.ts';
import type { ArchiveRow, ArchiveSource } from '../archive/archiveRow.ts';
import { distanceMetres } from '../domain/distance.ts';
import { isoInstant } from '../domain/isoInstant.ts';
import { ALTITUDES } from '../domain/seaLevel.ts';
import type { Position } from '../domain/station.ts';

/** A circle on the map. */
export interface Region {
  lat: number;
  lon: number;
  kilometres: number;
}

/** A record of the region: a row as the archive would have it. */
export interface MirrorRow extends ArchiveRow {
  source: ArchiveSource & { sensorId: number; model: string; locationId: number; position: Position };
  /** Of the ground, metres; where the record says it. */
  altitudeMetres?: number;
  /** ISO 3166-1, two letters; where the record says it. */
  country?: string;
}

/** The parts of a record we read; anything may be missing. */
interface Record_ {
  timestamp?: unknown;
  location?: { [name in 'id' | 'latitude' | 'longitude' | 'altitude' | 'country' | 'indoor']?: unknown };
  sensor?: { id?: unknown; sensor_type?: { name?: unknown } };
  sensordatavalues?: unknown;
}

/**
 * The records of a region in a file of sensor.community that say they are outdoors. What cannot be read is passed over: the file is somebody
 * else's, and the next one comes in five minutes.
 */
export function mirrorRows(file: readonly unknown[], region: Region): MirrorRow[] {
  const rows: MirrorRow[] = [];
  for (const record of file as (Record_ | null)[]) {
    const row = record === null || typeof record !== 'object' ? undefined : toRow(record, region);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function toRow({ timestamp, location, sensor, sensordatavalues }: Record_, region: Region): MirrorRow | undefined {
  const position = { lat: numberOf(location?.latitude), lon: numberOf(location?.longitude) };
  const [sensorId, locationId] = [sensor?.id, location?.id];
  if (!isId(sensorId) || !isId(locationId) || Number.isNaN(position.lat) || Number.isNaN(position.lon))
    return undefined;
  // 0 is outdoors; 1 is a home, and what does not say may be one.
  if (location?.indoor !== 0 || distanceMetres(position, region) > region.kilometres * 1000) return undefined;
  const measuredAt = timeOf(timestamp);
  const model = modelOfType(laermless(String(sensor?.sensor_type?.name ?? '')));
  if (measuredAt === undefined || model === undefined || !Array.isArray(sensordatavalues)) return undefined;
  const part = valuesOf(sensordatavalues as { value_type?: unknown; value?: unknown }[], model);
  // Nothing measured makes no station.
  if (part.count === 0) return undefined;
  const altitudeMetres = altitudeOf(location?.altitude);
  const country = countryOf(location?.country);
  return {
    source: { sensorId, model, locationId, position: roundedPosition(position), isIndoor: false },
    measuredAt,
    message: { format: 'airrohr', sensors: [{ sensor: model, ...part.measured }], health: {}, refusedFields: [] },
    ...(altitudeMetres !== undefined && { altitudeMetres }),
    ...(country !== undefined && { country }),
  };
}

/** 0 is what a source says of whose altitude nobody told; a place at sea level loses nothing by it. */
function altitudeOf(text: unknown): number | undefined {
  const altitude = numberOf(text);
  const isPossible = altitude >= ALTITUDES.min && altitude <= ALTITUDES.max;
  return isPossible && altitude !== 0 ? altitude : undefined;
}

/** Their noise sensor is called "DNMS (Laerm)" in files and "laerm" in the archive. */
function laermless(name: string): string {
  return name === 'DNMS (Laerm)' ? 'dnms' : name;
}

function valuesOf(entries: readonly { value_type?: unknown; value?: unknown }[], model: string) {
  const values: Record<string, number> = {};
  const extra: Record<string, number> = {};
  for (const { value_type, value } of entries) {
    const target = typeof value_type === 'string' ? targetOf(model, value_type) : undefined;
    const number = numberOf(value);
    if (target === undefined || !Number.isFinite(number) || value_type === 'pressure_at_sealevel') continue;
    // Pressure is in Pa there.
    if (target.to === 'value') values[target.quantity] = target.quantity === 'pressure' ? number / 100 : number;
    else extra[target.name] = number;
  }
  const count = Object.keys(values).length + Object.keys(extra).length;
  return { count, measured: { values, ...(Object.keys(extra).length > 0 && { extra }) } };
}

function isId(id: unknown): id is number {
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && id < 1_000_000_000;
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function countryOf(country: unknown): string | undefined {
  return typeof country === 'string' && /^[A-Za-z]{2}$/.test(country) ? country.toUpperCase() : undefined;
}

/** `2020-10-18 15:16:17`, UTC. */
function timeOf(timestamp: unknown): number | undefined {
  const isTime = typeof timestamp === 'string' && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/.test(timestamp);
  const at = isTime ? isoInstant(`${timestamp.replace(' ', 'T')}Z`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** To three decimals, whatever they publish: some records carry a whole position. */
function roundedPosition({ lat, lon }: Position): Position {
  return { lat: Number(lat.toFixed(3)), lon: Number(lon.toFixed(3)) };
}

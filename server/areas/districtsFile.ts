import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Area, boxAround, boxOf, type Polygon } from '../domain/area.ts';
import { type Box, isInBox } from '../domain/distance.ts';
import { fieldWords } from '../domain/fieldWords.ts';
import type { Position } from '../domain/station.ts';
import { StartError } from '../process/startError.ts';
import { idOf, nameOf } from './areaNames.ts';

/** A ring's points, `[lon, lat]`; a height is dropped. */
const position = z.array(z.number()).min(2);
const polygon = z.array(z.array(position).min(4)).min(1);
const geometrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: polygon }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon) }),
]);
const featureSchema = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  properties: z.record(z.string(), z.unknown()).nullish(),
  geometry: geometrySchema,
});
const fileSchema = z.object({
  type: z.literal('FeatureCollection'),
  crs: z.object({ properties: z.object({ name: z.string().optional() }) }).nullish(),
  features: z.array(z.unknown()).min(1),
});

/** Names of WGS 84 in degrees, the only coordinates of GeoJSON; as files write them. */
const WGS84 = /(CRS84|EPSG:{1,2}(\d*:)?4326|OGC:1\.3:CRS84h?|EPSG:{1,2}(\d*:)?4258)$/i;

/**
 * Reads the operator's districts, in the order of the file; features of one id are one district. `center`: the map's, which
 * tells whether latitude stands first in the file.
 * @throws StartError with one line that says what is wrong and what helps.
 */
export async function readDistricts(file: string, center?: Position): Promise<Area[]> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new StartError(`DISTRICTS: ${file} cannot be read: ${cause.message}`, { cause });
  });
  const areas = parseDistricts(textOf(bytes));
  if (center) refuseSwapped(boxAround(areas.map(({ box }) => box)), center);
  return areas;
}

/** Swapped coordinates are as good as others, but for a place elsewhere: no station would lie in any district. */
function refuseSwapped(box: Box, center: Position): void {
  const swapped = { lat: center.lon, lon: center.lat };
  if (isInBox(center, box) || !isInBox(swapped, box)) return;
  throw new StartError(
    `DISTRICTS has latitude and longitude the wrong way round: MAP_CENTER ${center.lat},${center.lon} lies outside, ${swapped.lat},${swapped.lon} inside. GeoJSON has longitude first.`,
  );
}

/** Files of another encoding would be read as well, with a mark in place of every umlaut in names and addresses. */
function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const remedy = 'convert it, for example with: iconv -f ISO-8859-1 -t UTF-8 yours.geojson > districts.geojson';
  throw new StartError(`DISTRICTS is not in UTF-8, as GeoJSON must be: ${remedy}`);
}

/**
 * The districts in a GeoJSON text.
 * @throws StartError as `readDistricts`.
 */
export function parseDistricts(text: string): Area[] {
  const { crs, features } = readCollection(text);
  const name = crs?.properties.name;
  if (crs && !WGS84.test(name ?? '')) throw wrongCrs(name ?? 'a crs without a name');
  const byId = new Map<string, Area>();
  for (const [index, feature] of features.entries()) addArea(byId, readArea(feature, index + 1), index + 1);
  return [...byId.values()];
}

function readCollection(text: string): z.output<typeof fileSchema> {
  let json: unknown;
  try {
    // Windows programs begin such files with a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new StartError('DISTRICTS is no JSON.', { cause });
  }
  const parsed = fileSchema.safeParse(json, { error: fieldWords });
  if (!parsed.success) throw new StartError(`DISTRICTS is no GeoJSON of polygons: ${firstIssue(parsed.error)}`);
  return parsed.data;
}

function readArea(feature: unknown, number: number): Area {
  const parsed = featureSchema.safeParse(feature, { error: fieldWords });
  if (!parsed.success) {
    throw new StartError(`DISTRICTS is no GeoJSON of polygons: feature ${number}: ${firstIssue(parsed.error)}`);
  }
  const { geometry } = parsed.data;
  const shapes = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const polygons: Polygon[] = shapes.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lon!, lat!])));
  const outside = polygons.flat(2).find(([lon, lat]) => !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90));
  if (outside) throw wrongCrs(`coordinates such as ${outside.join(', ')}`);
  const name = nameOf(parsed.data.properties ?? {});
  const id = idOf({ id: parsed.data.id, properties: parsed.data.properties ?? {}, name });
  if (id === undefined) throw new StartError(`DISTRICTS: feature ${number} has neither an id nor a name.`);
  return { id, name: name ?? id, polygons, box: boxOf(polygons) };
}

/** A district in several features is put together; two districts of one id would be one link for two things. */
function addArea(byId: Map<string, Area>, area: Area, number: number): void {
  const known = byId.get(area.id);
  if (known && known.name !== area.name) {
    throw new StartError(`DISTRICTS: "${known.name}" and feature ${number}, "${area.name}", share the id ${area.id}.`);
  }
  const polygons = [...(known?.polygons ?? []), ...area.polygons];
  byId.set(area.id, { ...area, polygons, box: boxOf(polygons) });
}

function wrongCrs(found: string): StartError {
  const remedy = 'convert it, for example with: ogr2ogr -t_srs EPSG:4326 districts.geojson yours.geojson';
  return new StartError(`DISTRICTS must be in degrees (WGS 84, longitude first), but has ${found}: ${remedy}`);
}

function firstIssue({ issues }: z.ZodError): string {
  const issue = issues[0]!;
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')} ${issue.message}`;
}

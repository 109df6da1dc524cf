import { readFile } from 'node:fs/promises';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { jsonAnswer, type OpenApiPaths, problems } from '../openApiTypes.ts';
import { problem, sendProblem } from '../problem.ts';

/** A ring's or line's points, `[lon, lat]`; a height is dropped. */
const position = z.array(z.number()).min(2);
const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
]);
const fileSchema = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(z.object({ properties: z.record(z.string(), z.unknown()).nullable(), geometry })),
});

/** Outlines of the operator's districts, with nothing of the file but name and shape. */
const districtsSchema = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      properties: z.object({ kind: z.literal('district'), name: z.string().optional() }),
      geometry,
    }),
  ),
});
export type Districts = z.output<typeof districtsSchema>;

/** What `GET /api/v1/districts` says of itself. */
export const districtsPaths: OpenApiPaths = {
  '/api/v1/districts': {
    get: {
      operationId: 'getDistricts',
      summary: 'Outlines of the districts the operator configured, as GeoJSON',
      tags: ['Service'],
      responses: { 200: jsonAnswer('The outlines', districtsSchema, 'application/geo+json'), ...problems(404) },
    },
  },
};

/** Answers with the outlines in `file`, read when they are first asked for; with 404 where none are configured. */
export function createDistrictsHandler(file: string | undefined): RequestHandler {
  let districts: Promise<Districts> | undefined;
  return async (_request, response) => {
    if (file === undefined) {
      sendProblem(response, problem(404, 'not-found', 'No districts are configured.'));
      return;
    }
    districts ??= readDistricts(file);
    response
      .set('Cache-Control', 'public, max-age=3600')
      .type('application/geo+json')
      .json(await districts);
  };
}

/** Decimals kept: 1 m. */
const DECIMALS = 5;

/**
 * Reads the operator's GeoJSON. Polygons only; the name is the first text property whose own name ends in "name".
 * @throws when the file cannot be read or is no such GeoJSON.
 */
export async function readDistricts(file: string): Promise<Districts> {
  const parsed = fileSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`DISTRICTS is no GeoJSON of polygons: ${z.prettifyError(parsed.error)}`);
  return {
    type: 'FeatureCollection',
    features: parsed.data.features.map(({ properties, geometry }) => {
      const name = nameOf(properties ?? {});
      return {
        type: 'Feature',
        properties: { kind: 'district', ...(name !== undefined && { name }) },
        geometry: rounded(geometry),
      };
    }),
  };
}

function nameOf(properties: Record<string, unknown>): string | undefined {
  const named = Object.entries(properties).find(([key, value]) => /name$/i.test(key) && typeof value === 'string');
  return named && String(named[1]);
}

function rounded(shape: z.output<typeof geometry>): z.output<typeof geometry> {
  const ring = (points: number[][]) =>
    points.map((point) => point.slice(0, 2).map((degrees) => Number(degrees.toFixed(DECIMALS))));
  if (shape.type === 'Polygon') return { ...shape, coordinates: shape.coordinates.map(ring) };
  return { ...shape, coordinates: shape.coordinates.map((polygon) => polygon.map(ring)) };
}

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { AreaDirectory } from '../../../areas/areaDirectory.ts';
import { AREA_ID, type Area, type Polygon } from '../../../domain/area.ts';
import { jsonAnswer, type OpenApiPaths, problems } from '../../http/openApiTypes.ts';
import { problem, sendProblem } from '../../http/problem.ts';

/** A ring's points, `[lon, lat]`. */
const position = z.array(z.number()).min(2);
const geometrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
]);

/** Outlines of the operator's districts, with nothing of the file but id, name and shape. */
const districtsSchema = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      properties: z.object({ kind: z.literal('district'), id: z.string().regex(AREA_ID), name: z.string() }),
      geometry: geometrySchema,
    }),
  ),
});

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

const gzipAsync = promisify(gzip);

/** Answers with the outlines of all areas, made and compressed once; with 404 where none are configured. */
export function createDistrictsHandler(directory: Pick<AreaDirectory, 'areas'>): RequestHandler {
  let made: { body: string; gzipped: Promise<Buffer> } | undefined;
  return async (request, response) => {
    const areas = directory.areas();
    if (areas.length === 0) {
      sendProblem(response, problem(404, 'not-found', 'No districts are configured.'));
      return;
    }
    made ??= compressed(JSON.stringify({ type: 'FeatureCollection', features: areas.map(outlineOf) }));
    response.set('Cache-Control', 'public, max-age=3600').type('application/geo+json').vary('Accept-Encoding');
    if (request.acceptsEncodings('gzip') !== 'gzip') return void response.send(made.body);
    response.set('Content-Encoding', 'gzip').send(await made.gzipped);
  };
}

function compressed(body: string): { body: string; gzipped: Promise<Buffer> } {
  return { body, gzipped: gzipAsync(body) };
}

function outlineOf({ id, name, polygons }: Area): z.output<typeof districtsSchema>['features'][number] {
  const shapes = polygons.map(rounded);
  return {
    type: 'Feature',
    properties: { kind: 'district', id, name },
    geometry:
      shapes.length === 1
        ? { type: 'Polygon', coordinates: shapes[0]! }
        : { type: 'MultiPolygon', coordinates: shapes },
  };
}

/** Decimals kept: 1 m. */
const DECIMALS = 5;

function rounded(polygon: Polygon): number[][][] {
  return polygon.map((ring) => ring.map((point) => point.map((degrees) => Number(degrees.toFixed(DECIMALS)))));
}

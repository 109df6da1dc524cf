import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { exampleOf } from './http/exampleOf.ts';
import {
  type JsonSchema,
  jsonAnswer,
  jsonSchema,
  type OpenApiPaths,
  type Operation,
  type RouterSpec,
} from './http/openApiTypes.ts';
import { parameterExample } from './http/parameterExamples.ts';
import { problemSchema } from './http/problem.ts';

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } };
  servers: { url: string }[];
  paths: OpenApiPaths;
  components: Record<string, Record<string, unknown>>;
}

/** What the document says about the instance. */
export interface DocumentFacts {
  title: string;
  version: string;
  /** `PUBLIC_URL`; the document's own address when there is none. */
  publicUrl?: string | undefined;
}

const DESCRIPTION = [
  'Readings of citizens’ particulate sensors. Times are ISO 8601 UTC, windows half-open and labelled by their start.',
  'Positions are snapped to a grid. Values are citizen measurements, not official ones.',
].join(' ');

/** The document's own entry in itself. */
const openApiPaths: OpenApiPaths = {
  '/api/v1/openapi.json': {
    get: {
      operationId: 'getOpenApi',
      summary: 'This document',
      tags: ['Service'],
      responses: { 200: jsonAnswer('OpenAPI 3.1', z.record(z.string(), z.unknown())) },
    },
  },
};

/** Puts the fragments of all routers together; they are generated from the schemas that check the requests. */
export function openApiDocument(specs: readonly RouterSpec[], facts: DocumentFacts): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: facts.title,
      version: facts.version,
      description: DESCRIPTION,
      license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
    },
    servers: [{ url: facts.publicUrl ?? '/' }],
    paths: withExamples(mergePaths([...specs.map(({ paths }) => paths ?? {}), openApiPaths])),
    components: {
      schemas: { Problem: jsonSchema(problemSchema) },
      responses: {
        Problem: {
          description: 'RFC 9457 problem',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'Owner key or admin key, 26 characters of Crockford base32',
        },
      },
    },
  };
}

/** Serves the document as a whole. */
export function createOpenApiRouter(document: OpenApiDocument): Router {
  const body = JSON.stringify(document);
  const router = Router();
  router.get('/openapi.json', (_request: Request, response: Response) => {
    response.set('Cache-Control', 'public, max-age=300').type('json').send(body);
  });
  return router;
}

type Content = Record<string, { schema: JsonSchema; example?: unknown }>;

/** Gives every parameter an example, and every JSON body and answer the one it came with or one made from its schema. */
function withExamples(paths: OpenApiPaths): OpenApiPaths {
  const withExample = ([type, content]: [string, { schema: JsonSchema; example?: unknown }]) => {
    const example = content.example ?? (type.includes('json') ? exampleOf(content.schema) : undefined);
    return [type, example === undefined ? content : { ...content, example }];
  };
  const ofContent = (content: Content = {}) => Object.fromEntries(Object.entries(content).map(withExample));
  const ofResponse = (response: Operation['responses'][string]) =>
    '$ref' in response || response.content === undefined
      ? response
      : { ...response, content: ofContent(response.content) };
  const ofOperation = (operation: Operation, path: string): Operation => ({
    ...operation,
    ...(operation.parameters && {
      parameters: operation.parameters.map((one) => ({ ...one, example: parameterExample(one, path) })),
    }),
    ...(operation.requestBody && {
      requestBody: { ...operation.requestBody, content: ofContent(operation.requestBody.content) },
    }),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, one]) => [status, ofResponse(one)]),
    ),
  });
  return Object.fromEntries(
    Object.entries(paths).map(([path, operations]) => [
      path,
      Object.fromEntries(
        Object.entries(operations).map(([method, operation]) => [method, ofOperation(operation, path)]),
      ),
    ]),
  );
}

function mergePaths(fragments: readonly OpenApiPaths[]): OpenApiPaths {
  const merged: OpenApiPaths = {};
  for (const fragment of fragments) {
    for (const [path, operations] of Object.entries(fragment)) merged[path] = { ...merged[path], ...operations };
  }
  return merged;
}

import type { Router } from 'express';
import { z } from 'zod';

/** A JSON Schema as OpenAPI 3.1 holds it. */
export type JsonSchema = Record<string, unknown>;

interface Content {
  content?: Record<string, { schema: JsonSchema; example?: unknown }>;
}

/** What one method of one path does. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: [string];
  /** Empty: for anyone. Absent: for anyone as well; give `[{ key: [] }]` where a key is needed. */
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: Content & { required: boolean };
  responses: Record<string, (Content & { description: string }) | { $ref: string }>;
}

/** A parameter in path or query. */
export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description: string;
  schema: JsonSchema;
  /** Given to all of them in one place, `parameterExamples.ts`. */
  example?: unknown;
}

/** Methods a fragment may describe. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A router's part of the document: full paths with `{name}` for parameters. */
export type OpenApiPaths = Record<string, Partial<Record<Method, Operation>>>;

/** A router, where it hangs, and what it says of itself. */
export interface RouterSpec {
  /** Prefix of every route of the router, e.g. `/api/v1`, or `/`. */
  path: string;
  router: Router;
  /** Absent only for routers that are no API (pages, device doors). */
  paths?: OpenApiPaths;
  /** True for a router that sees requests before anything adds headers to their answers or reads their bodies. */
  comesFirst?: boolean;
}

/** The JSON Schema of what a zod schema accepts (`input`) or what comes out of it. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** A response with a JSON body. */
export function jsonAnswer(description: string, schema: z.ZodType, mediaType = 'application/json') {
  return { description, content: { [mediaType]: { schema: jsonSchema(schema) } } };
}

/** A response with a JSON body and what one may look like. */
export function jsonAnswerLike(description: string, schema: z.ZodType, example: unknown) {
  return { description, content: { 'application/json': { schema: jsonSchema(schema), example } } };
}

/** A request with a JSON body, and what one may look like where its schema does not tell. */
export function jsonBody(schema: z.ZodType, example?: unknown) {
  const body = { schema: jsonSchema(schema, 'input'), ...(example !== undefined && { example }) };
  return { required: true, content: { 'application/json': body } };
}

/** References to the problem answer for each status, e.g. `problems(400, 404)`. */
export function problems(...statuses: number[]): Record<string, { $ref: string }> {
  return Object.fromEntries(statuses.map((status) => [String(status), { $ref: '#/components/responses/Problem' }]));
}

/** A required part of the path. */
export function pathParameter(name: string, description: string, schema: z.ZodType = z.string()): Parameter {
  return { name, in: 'path', required: true, description, schema: jsonSchema(schema, 'input') };
}

/** An optional part of the query. */
export function queryParameter(name: string, description: string, schema: z.ZodType = z.string()): Parameter {
  return { name, in: 'query', required: false, description, schema: jsonSchema(schema, 'input') };
}

/** For operations that need an owner key or the admin key. */
export const NEEDS_KEY = [{ key: [] }];

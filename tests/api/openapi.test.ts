import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Router } from 'express';
import { createHealthRouter, healthPaths } from '../../server/api/health.ts';
import type { OpenApiPaths, RouterSpec } from '../../server/api/http/openApiTypes.ts';
import { type OpenApiDocument, openApiDocument } from '../../server/api/openapi.ts';
import { createDevicesRouter, devicesPaths } from '../../server/api/stations/devices.ts';
import { createRegistrationRouter, registrationPaths } from '../../server/api/stations/registration.ts';
import { createStationEditsRouter, stationEditsPaths } from '../../server/api/stations/stationEdits.ts';
import { createStationsRouter, stationsPaths } from '../../server/api/stations/stations.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { startServer } from '../../server/start/startServer.ts';
import { startTestServer, type TestServer } from '../support/testServer.ts';

async function documentOf({ send }: TestServer): Promise<OpenApiDocument> {
  return (await send('GET', '/api/v1/openapi.json')).body as unknown as OpenApiDocument;
}

function everyNode(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (typeof node !== 'object' || node === null) return;
  visit(node as Record<string, unknown>);
  for (const child of Object.values(node)) everyNode(child, visit);
}

function resolvePointer(document: unknown, ref: string): unknown {
  const steps = ref.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document);
}

function everySchema(document: OpenApiDocument): object[] {
  const schemas: object[] = [];
  everyNode(document.paths, ({ schema }) => {
    if (typeof schema === 'object' && schema !== null) schemas.push(schema);
  });
  return [...schemas, ...Object.values(document.components.schemas as Record<string, object>)];
}

/** `GET /stations/{id}` and so on: what a router registered, in the document's spelling. */
function registeredRoutes(router: Router, prefix: string): string[] {
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : route.stack.map(({ method }) => {
          const path = `${prefix === '/' ? '' : prefix}${route.path}`.replace(/:(\w+)/g, '{$1}');
          return `${method.toUpperCase()} ${path}`;
        }),
  );
}

function describedRoutes(paths: OpenApiPaths): string[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

function expectSound(document: OpenApiDocument): void {
  everyNode(document, ({ $ref }) => {
    if (typeof $ref === 'string') expect([$ref, typeof resolvePointer(document, $ref)]).toEqual([$ref, 'object']);
  });
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  for (const schema of everySchema(document)) {
    if (!('$ref' in schema)) expect([schema, ajv.validateSchema(schema)]).toEqual([schema, true]);
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  for (const { path, operation } of operations) {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([path, declared.map(({ name }) => name).sort()]).toEqual([path, inPath.sort()]);
    expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
  }
}

describe('the OpenAPI document', () => {
  it('names version, title and address of the instance', async () => {
    const settings = { INSTANCE_NAME: 'Luft in Essen', PUBLIC_URL: 'https://luft.example.org/' };
    const document = await documentOf(await startTestServer({ settings }));
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Luft in Essen', version: '0.0.0-test' },
      servers: [{ url: 'https://luft.example.org' }],
    });
  });

  it('has a target for each reference, a valid JSON Schema in each place, and each operation once', async () => {
    const document = await documentOf(await startTestServer());
    expect(everySchema(document).length).toBeGreaterThan(15);
    expectSound(document);
  });

  it('describes every route that is registered, and none that is not', async () => {
    const { deps, stationStore } = await startTestServer();
    // Routers look at their parts only when a request comes, so the rights may stay out here.
    const needed = { ...deps, stationStore, access: undefined as never, isMetricsPublic: true };
    const specs: Required<Omit<RouterSpec, 'comesFirst'>>[] = [
      { path: '/api/v1', router: createStationsRouter(needed), paths: stationsPaths },
      { path: '/api/v1', router: createRegistrationRouter(needed), paths: registrationPaths },
      { path: '/api/v1', router: createStationEditsRouter(needed), paths: stationEditsPaths },
      { path: '/api/v1', router: createDevicesRouter(needed), paths: devicesPaths },
      { path: '/', router: createHealthRouter(needed), paths: healthPaths },
    ];
    for (const { path, router, paths } of specs) {
      expect(registeredRoutes(router, path).sort()).toEqual(describedRoutes(paths).sort());
    }
  });

  it('is true of real answers', async () => {
    const server = await startTestServer();
    const document = await documentOf(server);
    const body = {
      name: 'Balkon',
      position: { lat: 51.45, lon: 7.01 },
      isIndoor: false,
      acceptedTerms: true,
      deviceId: 'esp8266-15303512',
    };
    const made = await server.send('POST', '/api/v1/stations', { body });
    const { station } = made.body as { station: { id: string } };
    await server.send('POST', `/api/v1/stations/${station.id}/approve`, { key: server.adminToken });
    const answers: [string, 'get' | 'post', string, unknown][] = [
      ['/api/v1/stations', 'post', '201', made.body],
      ['/api/v1/stations', 'get', '200', (await server.send('GET', '/api/v1/stations')).body],
      ['/api/v1/stations/{id}', 'get', '200', (await server.send('GET', `/api/v1/stations/${station.id}`)).body],
      ['/readyz', 'get', '200', (await server.send('GET', '/readyz')).body],
    ];
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    for (const [path, method, status, answer] of answers) {
      const response = document.paths[path]?.[method]?.responses[status];
      const content = response !== undefined && 'content' in response ? response.content : undefined;
      const [schema] = Object.values(content ?? {});
      const isValid = ajv.compile(schema?.schema ?? { not: {} });
      expect([path, isValid(answer), isValid.errors]).toEqual([path, true, null]);
    }
  });

  it('describes the whole program, and no address it describes is missing', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'openapi-'));
    const config = loadConfig({ DATA_DIR: dataDir, HTTP_PORT: '0', HTTP_HOST: '127.0.0.1', MQTT_PORT: '0' });
    const server = await startServer(config, { log: createLog('silent') });
    try {
      const url = `http://127.0.0.1:${server.httpPort}`;
      const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as OpenApiDocument;
      const contract = ['/stations', '/stations/{id}', '/stations/{id}/series', '/stations/{id}/devices', '/map'];
      const tables = [
        '/limits',
        '/indices',
        '/methods',
        '/areas',
        '/areas/{id}',
        '/areas/{id}/series',
        '/areas/{id}/officials',
      ];
      for (const path of [...contract, ...tables]) expect(document.paths).toHaveProperty([`/api/v1${path}`]);
      expectSound(document);
      for (const path of Object.keys(document.paths)) {
        const method = 'put' in document.paths[path]! ? 'PATCH' : 'PUT';
        const answer = await fetch(`${url}${path.replace(/\{\w+\}/g, 'abcdefghij')}`, { method });
        expect([path, answer.status]).toEqual([path, 405]);
      }
    } finally {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('lets a later fragment add methods to a path', () => {
    const operation = { operationId: 'x', summary: 'x', tags: ['x'] as [string], responses: {} };
    const router = undefined as unknown as Router;
    const document = openApiDocument(
      [
        { path: '/', router, paths: { '/a': { get: operation } } },
        { path: '/', router, paths: { '/a': { post: operation } } },
      ],
      { title: 't', version: '1' },
    );
    expect(Object.keys(document.paths['/a'] ?? {})).toEqual(['get', 'post']);
  });
});

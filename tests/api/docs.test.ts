import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../../server/api/openapi.ts';
import { startProgram } from '../support/program.ts';

describe('the description of the API', () => {
  it('has an example of every JSON answer, and each fits its schema', async () => {
    const { get } = await startProgram();
    const document = JSON.parse((await get('/api/v1/openapi.json')).text) as OpenApiDocument;
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const wrong: string[] = [];
    let examples = 0;
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        for (const response of Object.values(responses)) {
          if ('$ref' in response) continue;
          for (const [type, { schema, example }] of Object.entries(response.content ?? {})) {
            if (!type.includes('json')) continue;
            if (!ajv.validate(schema, example)) wrong.push(`${method} ${path}: ${ajv.errorsText()}`);
            examples++;
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(examples).toBeGreaterThan(15);
  });

  it('has an example of every parameter, and each fits its schema', async () => {
    const { get } = await startProgram();
    const { paths } = JSON.parse((await get('/api/v1/openapi.json')).text) as OpenApiDocument;
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const parameters = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) =>
        (operation.parameters ?? []).map((one) => ({ address: `${method} ${path}: ${one.name}`, ...one })),
      ),
    );
    const wrong = parameters.filter(
      ({ schema, example }) => example === undefined || example === 'text' || !ajv.validate(schema, example),
    );
    expect(wrong.map(({ address, example }) => [address, example])).toEqual([]);
    expect(parameters.length).toBeGreaterThan(80);
  });

  it('has an example of every JSON body that is asked for, each fits its schema, and a station made like it is taken', async () => {
    const { get, send } = await startProgram({ settings: { REGISTRATION: 'open' } });
    const { paths } = JSON.parse((await get('/api/v1/openapi.json')).text) as OpenApiDocument;
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const bodies = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) =>
        Object.values(requestBody?.content ?? {}).map((content) => ({ name: `${method} ${path}`, ...content })),
      ),
    );
    expect(bodies.length).toBeGreaterThan(10);
    for (const { name, schema, example } of bodies) {
      expect([name, ajv.validate(schema, example), ajv.errorsText()]).toEqual([name, true, 'No errors']);
      // A placeholder, where nobody knew what stands there.
      expect([name, /"text"(?!:)/.test(JSON.stringify(example))]).toEqual([name, false]);
    }
    const { example: body } = bodies.find(({ name }) => name === 'post /api/v1/stations')!;
    expect((await send('POST', '/api/v1/stations', { body })).status).toBe(201);
  });

  it('shows answers as they usually are: nothing that only special cases have, no words without meaning', async () => {
    const { get } = await startProgram();
    const { paths } = JSON.parse((await get('/api/v1/openapi.json')).text) as OpenApiDocument;
    const exampleOf = (path: string) => {
      const response = paths[path]?.get?.responses[200];
      const [content] = response !== undefined && 'content' in response ? Object.values(response.content ?? {}) : [];
      return content?.example as Record<string, unknown>;
    };
    const { properties } = (exampleOf('/api/v1/stations').features as { properties: Record<string, unknown> }[])[0]!;
    expect(properties).toMatchObject({ status: 'active', source: 'direct', licence: 'ODbL-1.0' });
    for (const name of ['exclusion', 'statusReason', 'reference']) expect(properties).not.toHaveProperty(name);
    for (const path of [
      '/api/v1/stations',
      '/api/v1/stations/{id}',
      '/api/v1/stations/{id}/series',
      '/api/v1/days-above',
    ])
      expect([path, JSON.stringify(exampleOf(path)).includes('"text"')]).toEqual([path, false]);
  });

  it('is a page of its own, in both languages, without scripts of its own and without anything from elsewhere', async () => {
    const { get, url } = await startProgram();
    const document = JSON.parse((await get('/api/v1/openapi.json')).text) as OpenApiDocument;
    for (const language of ['de', 'en']) {
      const { status, text, headers } = await get(`/docs?lang=${language}`);
      expect([status, headers.get('content-language')]).toEqual([200, language]);
      for (const path of Object.keys(document.paths)) expect(text).toContain(path.replaceAll("'", '&#39;'));
      const addresses = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
      expect(addresses.filter((address) => /^(https?:)?\/\//.test(address) && !address.startsWith(url))).toEqual([]);
      expect(text).not.toMatch(/ style="/);
    }
  });
});

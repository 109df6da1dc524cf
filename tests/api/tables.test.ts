import { describe, expect, it } from '@jest/globals';
import { indicesSchema, limitsSchema, methodsSchema } from '../../server/api/tableSchemas.ts';
import { createTablesRouter, tablesPaths } from '../../server/api/tables.ts';
import { METHODS } from '../../server/domain/methods.ts';
import { startTestServer } from '../support/testServer.ts';

function startWith(at: string, areFurtherIndicesOn?: boolean) {
  const clock = () => Date.parse(at);
  const deps = { clock, ...(areFurtherIndicesOn !== undefined && { areFurtherIndicesOn }) };
  return startTestServer({
    clock,
    routers: [{ path: '/api/v1', router: createTablesRouter(deps), paths: tablesPaths }],
  });
}

describe('GET /limits', () => {
  it('answers as described, with what is in force today at UTC+1', async () => {
    const { send } = await startWith('2026-12-10T22:59:59Z');
    const answer = await send('GET', '/api/v1/limits');
    const table = limitsSchema.parse(answer.body);
    // Nothing beside what is described.
    expect(answer.body).toEqual(table);
    expect(table).toMatchObject({ on: '2026-12-10', needsConfirmation: false });
    expect(table).not.toHaveProperty('confirmationNote');
    const inForce = table.limits.filter(({ isInForce }) => isInForce).map(({ id }) => id);
    expect(inForce).toContain('eu2008.pm10.day');
    expect(inForce).not.toContain('eu2024.t1.pm10.day');
    expect(table.limits.find(({ id }) => id === 'de39.pm10.day')).toMatchObject({
      permittedExceedances: 35,
      decidingRank: 36,
      validTo: null,
    });
  });

  it('says after the known change of law that nobody has confirmed it', async () => {
    const { send } = await startWith('2026-12-11T23:00:00Z');
    const table = limitsSchema.parse((await send('GET', '/api/v1/limits')).body);
    expect(table).toMatchObject({ on: '2026-12-12', needsConfirmation: true });
    expect(table.confirmationNote?.de).toContain('nicht bestätigt');
  });

  it('answers for another day, and refuses what is none', async () => {
    const { send } = await startWith('2026-11-23T12:00:00Z');
    const table = limitsSchema.parse((await send('GET', '/api/v1/limits?on=2030-01-01')).body);
    expect(table.limits.find(({ id }) => id === 'eu2024.t1.pm10.day')?.isInForce).toBe(true);
    expect((await send('GET', '/api/v1/limits?on=soon')).status).toBe(400);
    expect((await send('GET', '/api/v1/limits?on=2026-02-30')).status).toBe(400);
  });

  it('is kept by caches and not sent twice', async () => {
    const { url, send } = await startWith('2026-11-23T12:00:00Z');
    const { headers } = await send('GET', '/api/v1/limits');
    expect(headers.get('cache-control')).toBe('public, max-age=3600');
    const again = await fetch(`${url}/api/v1/limits`, { headers: { 'If-None-Match': headers.get('etag')! } });
    expect(again.status).toBe(304);
  });
});

describe('GET /indices', () => {
  it('offers those in force, the US index only where it is turned on', async () => {
    const offered = async (isOn?: boolean) => {
      const { send } = await startWith('2026-11-23T12:00:00Z', isOn);
      const { indices, scales } = indicesSchema.parse((await send('GET', '/api/v1/indices')).body);
      return [indices.filter(({ isOffered }) => isOffered).map(({ id }) => id), scales.map(({ id }) => id)];
    };
    expect(await offered()).toEqual([
      ['lqi-2025', 'eaqi-2024'],
      ['neutral', 'lqi-2025', 'eaqi-2024'],
    ]);
    expect((await offered(true)).flat()).toContain('us-aqi-2024');
  });

  it('names what an index from particulates rests on', async () => {
    const { send } = await startWith('2026-11-23T12:00:00Z');
    const { scales } = indicesSchema.parse((await send('GET', '/api/v1/indices')).body);
    expect(scales.find(({ id }) => id === 'lqi-2025')?.titles.pm25?.de).toBe('LQI-Klasse, nur PM2,5');
  });
});

describe('GET /methods', () => {
  it('answers as described, each version once', async () => {
    const { send } = await startWith('2026-11-23T12:00:00Z');
    const { methods, derivedFlags, windowFlags, sources } = methodsSchema.parse(
      (await send('GET', '/api/v1/methods')).body,
    );
    expect(methods).toHaveLength(METHODS.length);
    expect(methods.find(({ id }) => id === 'raw')?.description.en).toBe('What the sensor reports.');
    expect(new Set(methods.map(({ version }) => version)).size).toBe(METHODS.length);
    expect(derivedFlags.map(({ flag }) => flag)).toContain('stuck');
    expect(windowFlags.map(({ flag, class: of }) => [flag, of])).toEqual([
      ['open', 'info'],
      ['below-coverage', 'invalid'],
      ['cadence-too-slow', 'invalid'],
      ['not-corrected', 'invalid'],
    ]);
    const uncertainty = methods.find(({ id }) => id === 'uncertainty')!;
    expect(uncertainty).toMatchObject({ version: 'uncertainty-4', validFrom: '2026-11-27', validTo: null });
    expect(uncertainty.earlier.map(({ version }) => version)).toEqual([
      'uncertainty-3',
      'uncertainty-2',
      'uncertainty-1',
    ]);
    for (const { validFrom, earlier } of methods) {
      // Each began on the last day of the one before.
      const begins = [validFrom, ...earlier.map((each) => each.validFrom)];
      expect(earlier.map(({ validTo }) => validTo)).toEqual(begins.slice(0, earlier.length));
    }
    for (const key of methods.flatMap((method) => method.sources)) expect(Object.keys(sources)).toContain(key);
  });
});

it('wherever an unconfirmed entry is served, it says so; no other does', async () => {
  const { send } = await startWith('2026-12-24T12:00:00Z', true);
  let unconfirmed = 0;
  for (const path of ['limits', 'indices', 'methods']) {
    everyEntry((await send('GET', `/api/v1/${path}`)).body, (entry) => {
      unconfirmed += entry.isUnconfirmed === true ? 1 : 0;
      expect(entry.mark).toEqual(entry.isUnconfirmed === true ? { de: 'unbestätigt', en: 'unconfirmed' } : undefined);
      const { kind } = entry.verification as { kind: string };
      if (kind === 'memory') expect(entry.isUnconfirmed).toBe(true);
    });
  }
  expect(unconfirmed).toBeGreaterThan(20);
});

function everyEntry(node: unknown, visit: (entry: Record<string, unknown>) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('verification' in node) visit(node as Record<string, unknown>);
  for (const child of Object.values(node)) everyEntry(child, visit);
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ADMIN_TOKEN, type Program, startProgram } from '../../support/program.ts';
import { DISTRICTS } from '../../support/reportHouse.ts';

const asAdmin = { key: ADMIN_TOKEN };
const NOTICES = '/api/v1/admin/notices';
const FOG = {
  kind: 'fog',
  from: '2026-11-22T23:00:00.000Z',
  to: '2026-11-23T23:00:00.000Z',
  text: { de: 'Dichter Nebel im Tal.', en: 'Dense fog in the valley.' },
};

async function listOf({ get }: Program, query = ''): Promise<unknown[]> {
  return JSON.parse((await get(`/api/v1/notices${query}`)).text).notices;
}

describe('a dated notice to everybody', () => {
  it('is written, changed and removed by the operator only', async () => {
    const program = await startProgram();
    expect((await program.send('POST', NOTICES, { body: FOG })).status).toBe(401);
    const made = await program.send('POST', NOTICES, { ...asAdmin, body: FOG });
    const { id } = JSON.parse(made.text);
    expect([made.status, await listOf(program)]).toEqual([201, [{ id, ...FOG }]]);
    const dust = { ...FOG, kind: 'sahara-dust' };
    expect((await program.send('PUT', `${NOTICES}/${id}`, { ...asAdmin, body: dust })).status).toBe(200);
    await program.close();
    const after = await startProgram({ dataDir: program.dataDir });
    expect(await listOf(after)).toEqual([{ id, ...dust }]);
    expect((await after.send('DELETE', `${NOTICES}/${id}`)).status).toBe(401);
    expect((await after.send('DELETE', `${NOTICES}/${id}`, asAdmin)).status).toBe(204);
    expect((await after.send('DELETE', `${NOTICES}/${id}`, asAdmin)).status).toBe(404);
    expect((await after.send('PUT', `${NOTICES}/${id}`, { ...asAdmin, body: dust })).status).toBe(404);
    expect(await listOf(after)).toEqual([]);
  });

  it('needs both languages, an end after its beginning, and is found by the time it touches', async () => {
    const program = await startProgram();
    const post = async (change: object) =>
      (await program.send('POST', NOTICES, { ...asAdmin, body: { ...FOG, ...change } })).status;
    expect(await post({ text: { de: 'Nebel', en: '' } })).toBe(400);
    expect(await post({ to: FOG.from })).toBe(400);
    expect(await post({ to: '2027-11-23T23:00:00Z' })).toBe(400);
    expect(await post({ kind: 'storm' })).toBe(400);
    expect(await post({})).toBe(201);
    expect(await listOf(program, `?to=${FOG.from}`)).toEqual([]);
    expect(await listOf(program, `?from=${FOG.to}`)).toEqual([]);
    expect(await listOf(program, '?from=2026-11-23T22:00:00Z')).toHaveLength(1);
  });

  it('stands on map, station, area and report for values of those days, in the reader’s language', async () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    const program = await startProgram({ clock: () => now });
    await program.close();
    const districts = join(program.dataDir, 'districts.geojson');
    writeFileSync(districts, DISTRICTS);
    const clock = { now };
    const settings = { DISTRICTS: districts };
    const running = await startProgram({ dataDir: program.dataDir, settings, clock: () => clock.now });
    const station = await running.addStation('esp8266-4711', { position: { lat: 51.48, lon: 7.22 } });
    await running.send('POST', NOTICES, { ...asAdmin, body: { ...FOG, text: { ...FOG.text, en: 'Fog <b>' } } });
    const has = async (path: string, text: string) => (await running.get(path)).text.includes(text);
    const german = 'Dichter Nebel im Tal.';
    const area = JSON.parse((await running.get('/api/v1/areas')).text).areas[0].id;
    const report = `/report?area=${area}&quantity=pm25&lang=de&from=2026-11-`;
    expect(await has('/?lang=de', german)).toBe(true);
    expect(await has(`/station/${station.id}?lang=de`, `<strong>Nebel, 23.11.2026:</strong> ${german}`)).toBe(true);
    expect(await has(`/area/${area}?lang=de`, `<strong>Nebel, 23.11.2026:</strong> ${german}`)).toBe(true);
    expect(await has(`/area/${area}?lang=en`, 'Fog, 23/11/2026:</strong> Fog &lt;b&gt;')).toBe(true);
    clock.now += 3 * 86_400_000;
    expect(await has(`${report}22&to=2026-11-24`, `Nebel, 23.11.2026:</strong> ${german}`)).toBe(true);
    expect(await has(`${report}20&to=2026-11-22`, `Nebel, 23.11.2026:</strong> ${german}`)).toBe(false);
    expect(await has(`/area/${area}?lang=de`, `Nebel, 23.11.2026:</strong> ${german}`)).toBe(false);
  });
});

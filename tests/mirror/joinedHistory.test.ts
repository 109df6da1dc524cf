import { expect, it } from '@jest/globals';
import type { Bundle } from '../../server/citation/bundle.ts';
import { ADMIN_TOKEN } from '../support/program.ts';
import { until } from '../support/until.ts';
import { importDay } from './archiveDay.ts';
import { startTown } from './townOfBoth.ts';

const QUESTION = { quantity: 'pm10', from: '2022-02-09', to: '2022-02-09' };

it('what was cited and linked of a sensor stands when its host joins; deleted by its host, it is withdrawn', async () => {
  const before = { former: '', citation: '' };
  const { station, stations, get, send, url } = await startTown({ sensorCommunityId: 39_300 }, async (program) => {
    before.former = await importDay(program);
    const body = { ...QUESTION, station: before.former };
    // Hours of what was imported are made first.
    await until('the day is cited', async () => {
      const { status, text } = await program.send('POST', '/api/v1/citations', { body });
      if (status === 201) before.citation = (JSON.parse(text) as { id: string }).id;
      return status === 201;
    });
  });
  await until('they are one', async () => (await stations()).length === 1);
  const bundle = async () =>
    JSON.parse((await get(`/api/v1/citations/${before.citation}/bundle.json`)).text) as Bundle & { head: object };
  const kept = await bundle();
  expect(kept.stations.map((one) => 'withdrawn' in one)).toEqual([false]);
  expect(JSON.stringify(kept.head)).toContain('ODbL-1.0 (Sensor.Community, https://sensor.community/)');
  expect((await get(`/cite/${before.citation}?lang=en`)).text).not.toContain('withdrawn');

  for (const path of [
    '/station/ID?lang=en',
    '/api/v1/stations/ID',
    '/api/v1/stations/ID/series?quantity=pm10&window=1d',
  ]) {
    const answer = await fetch(url + path.replace('ID', before.former), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([308, path.replace('ID', station.id)]);
  }
  const named = `quantity=pm10&from=2022-02-09&to=2022-02-09`;
  for (const path of [
    `/report?station=ID&${named}&lang=en`,
    `/report/days.csv?${named}&station=ID`,
    '/?station=ID&quantity=pm10',
    '/compare?stations=ID&period=30d',
    '/alerts?quantity=pm10&station=ID',
    `/api/v1/days-above?station=ID&quantity=pm10&year=2022`,
  ]) {
    const answer = await fetch(url + path.replace('ID', before.former), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([308, path.replace('ID', station.id)]);
    expect((await fetch(url + path.replace('ID', before.former))).status).toBe(200);
  }
  const several = await fetch(`${url}/report?station=${before.former}%2Caaaaaaaaa1`, { redirect: 'manual' });
  expect(several.headers.get('location')).toBe(`/report?station=${station.id}%2Caaaaaaaaa1`);
  for (const path of [
    `//example.org/?station=${before.former}`,
    `/host?station=${before.former}`,
    '/?station=nobody',
  ]) {
    const answer = await fetch(url + path, { redirect: 'manual' });
    expect([path, answer.headers.get('location')]).toEqual([path, null]);
  }
  // What the citation's question gives today is the figure of the station that stayed.
  const page = async () => (await get(`/cite/${before.citation}?lang=en&wait=1`)).text;
  await until('the answer is the same', async () =>
    (await page()).includes('The same question has the same answer today.'),
  );
  expect((await get(`/embed/${before.citation}?lang=en&live=1`)).text).not.toContain('has no answer any more');
  const body = { ...QUESTION, station: station.id };
  const again = JSON.parse((await send('POST', '/api/v1/citations', { body })).text) as { answer?: object };
  expect(again).toMatchObject({ id: expect.any(String) });

  const hide = (status: string) =>
    send('PATCH', `/api/v1/stations/${station.id}`, { body: { status }, key: ADMIN_TOKEN });
  await hide('hidden');
  expect((await get(`/station/${before.former}`)).status).toBe(404);
  await hide('active');
  expect((await send('DELETE', `/api/v1/stations/${station.id}`, { key: ADMIN_TOKEN })).status).toBe(204);
  expect((await bundle()).stations.map((one) => 'withdrawn' in one)).toEqual([true]);
  expect((await get(`/api/v1/stations/${before.former}`)).status).toBe(404);
});

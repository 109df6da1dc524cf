import { expect, it } from '@jest/globals';
import type { AdminOverview } from '../../server/domain/operator/adminOverview.ts';
import type { ServedRecord } from '../sensorCommunity/records.ts';
import { ADMIN_TOKEN } from '../support/program.ts';
import { until } from '../support/until.ts';
import { importDay } from './archiveDay.ts';
import { startTown } from './townOfBoth.ts';

it('the operator takes joined stations apart in one step, and joins them again in one', async () => {
  const before = { former: '' };
  const { station, stations, get, send, url } = await startTown({ sensorCommunityId: 39_300 }, async (program) => {
    before.former = await importDay(program);
  });
  await until('they are one', async () => (await stations()).length === 1);
  const joined = async () => {
    const { text } = await send('GET', '/api/v1/admin/overview', { key: ADMIN_TOKEN });
    return (JSON.parse(text) as AdminOverview).stations.joined;
  };
  const daysOf = async (id: string) => {
    const days = 'quantity=pm10&window=1d&from=2022-02-08T23:00:00Z&to=2022-02-09T23:00:00Z';
    const path = `/api/v1/stations/${id}/series?${days}`;
    const ask = async () => JSON.parse((await get(path)).text) as { points: { count: number }[]; isUpToDate?: false };
    await until('its means are made', async () => (await ask()).isUpToDate === undefined);
    return (await ask()).points.reduce((sum, { count }) => sum + count, 0);
  };
  const leadsTo = async () => {
    const answer = await fetch(`${url}/station/${before.former}`, { redirect: 'manual' });
    return [answer.status, answer.headers.get('location')];
  };
  expect(await joined()).toEqual([
    expect.objectContaining({ id: station.id, joinedId: before.former, joinedName: expect.stringContaining('39300') }),
  ]);
  // What a program gets that asks by the number there: its own number in each record is one of ours.
  const asked = async () => {
    const served = JSON.parse((await get('/airrohr/v1/sensor/39300/')).text) as ServedRecord[];
    return served.map(({ sensor }) => sensor.id >= 1_000_000_000);
  };
  expect(await asked()).toEqual([true, true, true]);
  const readings = await daysOf(station.id);
  expect(readings).toBeGreaterThan(400);

  const path = `/api/v1/admin/stations/${station.id}/joined`;
  expect((await send('DELETE', `${path}/${before.former}`)).status).toBe(401);
  const answer = await send('DELETE', `${path}/${before.former}`, { key: ADMIN_TOKEN });
  expect(answer.status).toBe(200);
  const again = JSON.parse(answer.text) as { id: string; source: string; externalIds: string[] };
  expect(again).toMatchObject({ source: 'import', externalIds: expect.arrayContaining(['sensor.community:39300']) });
  const ids = (await stations()).map(({ id }) => id);
  expect([...ids].sort()).toEqual([station.id, again.id].sort());
  expect((await stations()).find(({ id }) => id === station.id)?.externalIds).toEqual([]);
  expect([await daysOf(station.id), await daysOf(again.id), await leadsTo(), await joined()]).toEqual([
    0,
    readings,
    [308, `/station/${again.id}`],
    [],
  ]);
  expect((await send('DELETE', `${path}/${before.former}`, { key: ADMIN_TOKEN })).status).toBe(404);
  // Whoever asks for the sensor there is not given the values of another.
  expect(await asked()).toEqual([]);
  // What it sent itself is still its own, and shown.
  const own = JSON.parse((await get(`/api/v1/stations/${station.id}`)).text) as {
    properties: { latest: Record<string, { value: number }> };
  };
  expect(own.properties.latest.pm25?.value).toBe(12.5);

  expect((await send('PUT', `${path}/${station.id}`, { key: ADMIN_TOKEN })).status).toBe(409);
  expect((await send('PUT', `${path}/${again.id}`, { key: ADMIN_TOKEN })).status).toBe(200);
  expect((await stations()).map(({ id }) => id)).toEqual([station.id]);
  expect([await daysOf(station.id), await leadsTo()]).toEqual([readings, [308, `/station/${station.id}`]]);
  expect((await joined()).map(({ joinedId }) => joinedId)).toEqual([again.id]);
  expect(await asked()).toEqual([true, true, true]);
});

import { describe, expect, it } from '@jest/globals';
import { instanceSchema } from '../../server/api/pages/instance.ts';
import { NOW } from '../archive/archiveHouse.ts';
import type { ServedRecord } from '../sensorCommunity/records.ts';
import { airrohrBody } from '../support/airrohrBody.ts';
import { startProgram } from '../support/program.ts';
import { startRecordServer } from '../support/recordServer.ts';
import { until } from '../support/until.ts';
import { recordAt } from './mirrorHouse.ts';
import { startTown } from './townOfBoth.ts';

it('a mirrored station across the border answers with its own country, and is found by it; a station of a host with ours', async () => {
  const upstream = await startRecordServer();
  const records = [
    recordAt(Date.now() - 60_000, { P1: '12.43', P2: '7.87' }, { country: 'CZ' }),
    recordAt(Date.now() - 60_000, { P1: '13.00', P2: '8.00' }, { country: 'DE', id: 7, latitude: '51.1' }),
  ];
  records[1]!.sensor = { ...records[1]!.sensor, id: 39_301 };
  upstream.body = JSON.stringify(records);
  const settings = { MIRROR_URL: upstream.url, MIRROR_AREA: '51.05,13.74,20', CONTACT: 'luft@example.org' };
  const { get, url, addStation, dataDir, close } = await startProgram({ settings });
  const station = await addStation('esp8266-15303512', { position: { lat: 51.06, lon: 13.75 } });
  const body = airrohrBody(station.deviceId, {});
  expect((await fetch(`${url}/push/${station.token}`, { method: 'POST', body })).status).toBe(204);
  await until('all are there', async () => {
    const { text } = await get('/static/v1/data.json');
    return ['39300', '39301', '"id":1000000'].every((number) => text.includes(number));
  });
  const mirrored = async (path: string) => {
    const found = JSON.parse((await get(path)).text) as ServedRecord[];
    return found
      .map(({ sensor, location }) => [sensor.id < 1_000_000_000 ? sensor.id : 'ours', location.country])
      .filter(([id], at, all) => all.findIndex(([other]) => other === id) === at)
      .sort();
  };
  const all = [
    [39_300, 'CZ'],
    [39_301, 'DE'],
    ['ours', 'DE'],
  ];
  for (const file of ['v1/data', 'v2/data', 'v2/data.dust.min']) {
    expect([file, await mirrored(`/static/${file}.json`)]).toEqual([file, all]);
  }
  expect(await mirrored('/airrohr/v1/filter/country=CZ')).toEqual([[39_300, 'CZ']]);
  expect(await mirrored('/airrohr/v1/filter/country=DE')).toEqual(all.slice(1));
  expect(await mirrored('/airrohr/v1/filter/country=AT,cz/')).toEqual([[39_300, 'CZ']]);
  expect(await mirrored('/airrohr/v1/sensor/39300/')).toEqual([[39_300, 'CZ']]);
  await close();
  const again = await startProgram({ dataDir, settings: { COUNTRY: 'AT' } });
  expect(JSON.parse((await again.get('/airrohr/v1/sensor/39300/')).text)).toMatchObject([
    { location: { country: 'CZ' } },
  ]);
});

it('a program with MIRROR_URL shows the mirrored stations as such, under their own numbers; without it asks nobody', async () => {
  const upstream = await startRecordServer();
  const now = Date.now();
  upstream.body = JSON.stringify([recordAt(now - 60_000, { P1: '12.43', P2: '7.87' })]);
  const settings = { MIRROR_URL: upstream.url, MIRROR_AREA: '51.05,13.74,20', CONTACT: 'luft@example.org' };
  const { get, close, dataDir } = await startProgram({ settings });
  await until('its reading is there', async () => (await get('/static/v1/data.json')).text.includes('39300'));
  const [{ properties }] = (JSON.parse((await get('/api/v1/stations')).text) as { features: [{ properties: object }] })
    .features;
  expect(properties).toMatchObject({ source: 'mirror', licence: 'ODbL-1.0' });
  const [record] = JSON.parse((await get('/static/v1/data.json')).text) as [ServedRecord];
  expect([record.sensor.id, record.location.id, record.sensordatavalues.map(({ value }) => value)]).toEqual([
    39_300,
    25_019,
    ['12.43', '7.87'],
  ]);
  const page = await get(`/station/${(properties as { id: string }).id}?lang=en`);
  expect(page.text).toContain('Readings from <a href="https://sensor.community/">Sensor.Community</a>');
  expect(page.text).toContain('href="https://opendatacommons.org/licenses/odbl/1-0/" rel="license"');
  expect(upstream.requests.map(({ headers }) => headers['user-agent'])).toEqual([
    expect.stringMatching(/^buergerluft\/\d.* \(luft@example\.org\)$/),
  ]);
  // Started again it asks nobody for five minutes, and without MIRROR_URL never; what is there is credited all the same.
  await close();
  const again = await startProgram({ dataDir, settings });
  expect((await again.get('/api/v1/stations')).text).toContain('sensor.community:39300');
  await again.close();
  const without = await startProgram({ dataDir });
  await expectCredit(without.get, (properties as { id: string }).id);
  expect(upstream.requests).toHaveLength(1);
});

/** On every page, at the map's corner, and in files that leave. */
async function expectCredit(get: (path: string) => Promise<{ text: string }>, id: string): Promise<void> {
  for (const path of ['/?lang=de', '/about?lang=de', '/report?lang=de', `/station/${id}?lang=de`]) {
    const { text } = await get(path);
    expect([path, text.includes('Messwerte zum Teil von <a href="https://sensor.community/">')]).toEqual([path, true]);
    expect(text).toContain('<a href="https://opendatacommons.org/licenses/odbl/1-0/" rel="license">ODbL 1.0</a>');
  }
  const instance = JSON.parse((await get('/api/v1/instance')).text);
  expect(instance).toMatchObject({ credits: [{ name: 'Sensor.Community', contentsLicence: 'DbCL 1.0' }] });
  // Parsing drops what the API's description does not name.
  expect(instanceSchema.parse(instance)).toEqual(instance);
  const csv = await get(`/api/v1/stations/${id}/series?quantity=pm25&window=raw&format=csv`);
  expect(csv.text).toContain('# Licence: ODbL-1.0 (Sensor.Community, https://sensor.community/)\n');
}

it('an instance with stations of its own credits nobody', async () => {
  const { get, addStation } = await startProgram();
  await addStation('esp8266-15303512');
  expect((await get('/?lang=de')).text).not.toContain('footer-credits');
  expect(JSON.parse((await get('/api/v1/instance')).text)).not.toHaveProperty('credits');
});

describe('a whole program whose host reports to both', () => {
  it('has one station after it named its number, with the history from there and its credit', async () => {
    const { station, stations, get, close, dataDir, clock } = await startTown({ sensorCommunityId: 39_300 });
    await until('they are one', async () => {
      const found = await stations();
      return found.length === 1 && JSON.stringify(found).includes('sensor.community:39300');
    });
    expect(await stations()).toMatchObject([{ id: station.id, source: 'direct', status: 'active' }]);
    const from = new Date(NOW - 2 * 3_600_000).toISOString();
    const to = new Date(NOW + 600_000).toISOString();
    const valuesNow = async () => {
      const path = `/api/v1/stations/${station.id}/series?quantity=pm25&window=raw&from=${from}&to=${to}`;
      return (JSON.parse((await get(path)).text) as { points: { value: number }[] }).points.map(({ value }) => value);
    };
    await until('it has the values of both', async () => (await valuesNow()).length === 4);
    expect(await valuesNow()).toEqual([7, 10.5, 11.5, 12.5]);
    const servedNow = async () => JSON.parse((await get('/airrohr/v1/sensor/39300/')).text) as ServedRecord[];
    await until('they are served under its number there', async () => (await servedNow()).length === 3);
    const served = await servedNow();
    expect(served.map(({ location }) => location.id)).toEqual([25_019, 25_019, 25_019]);
    // Under its own number too: whoever asks by either goes on.
    const own = served[0]!.sensor.id;
    expect(own).toBeGreaterThanOrEqual(1_000_000_000);
    expect(JSON.parse((await get(`/airrohr/v1/sensor/${own}/`)).text)).toEqual(served);
    const page = await get(`/station/${station.id}?lang=de`);
    expect(page.text).toContain('Ein Teil des Verlaufs ist von <a href="https://sensor.community/">');
    const csv = await get(`/api/v1/stations/${station.id}/series?quantity=pm25&window=raw&format=csv`);
    expect(csv.text).toContain('# Licence: ODbL-1.0; in part ODbL-1.0 (Sensor.Community, https://sensor.community/)\n');
    await close();
    const again = await startProgram({ dataDir, clock });
    const still = JSON.parse((await again.get('/airrohr/v1/sensor/39300/')).text) as ServedRecord[];
    expect(still.map(({ sensor }) => sensor.id)).toEqual([own, own, own]);
  });

  it('counts once without a number too: the mirrored one is listed as left out, with the reason', async () => {
    const { stations, get } = await startTown({});
    await until('the double is found', async () => JSON.stringify(await stations()).includes('"excluded"'));
    const mirrored = (await stations()).find(({ source }) => source === 'mirror');
    expect(mirrored).toMatchObject({ status: 'excluded', statusReason: expect.stringContaining('“Balkon”') });
    const page = await get(`/station/${mirrored?.id}?lang=de`);
    expect(page.text).toContain('sendet dieselben Werte wie eine andere Station');
    const doubtful = async () => {
      const map = JSON.parse((await get('/api/v1/map?quantity=pm25&average=latest')).text) as { doubtful: number[] };
      return map.doubtful.filter((mark) => mark === 1).length;
    };
    await until('the map shows one as doubtful', async () => (await doubtful()) === 1);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { ids, type Json, q, startTown, T0 } from './town.ts';

/**
 * The read requirements of OGC 18-088 (SensorThings API part 1: Sensing 1.1). Names of tests end in the requirement's id
 * after http://www.opengis.net/spec/iot_sensing/1.1/req/.
 */

const SETS = [
  'Things',
  'Locations',
  'HistoricalLocations',
  'Datastreams',
  'Sensors',
  'ObservedProperties',
  'Observations',
  'FeaturesOfInterest',
];

let town: Awaited<ReturnType<typeof startTown>>;

beforeEach(async () => {
  town = await startTown();
});

describe('SensorThings 1.1, read', () => {
  it('the root lists the sets and what it conforms to: resource-path/resource-path-to-entities', async () => {
    const { value, serverSettings } = await town.get('');
    expect(value).toEqual(SETS.map((name) => ({ name, url: `${town.base}/${name}` })));
    expect(serverSettings).toMatchObject({
      conformance: expect.arrayContaining([expect.stringMatching(/req\/request-data$/)]),
    });
    expect(await town.get('/')).toEqual(await town.get(''));
  });

  it('every set answers, every entity has id, self link and links that lead somewhere: datamodel/entity-control-information/common-control-information', async () => {
    for (const set of SETS) {
      const { value } = await town.get(`/${set}?$top=2`);
      expect([set, value.length]).toEqual([set, 2]);
      const [entity] = value as [Json];
      expect(entity['@iot.id']).toEqual(expect.any(String));
      expect(await town.get(String(entity['@iot.selfLink']))).toEqual(entity);
      const links = Object.entries(entity).filter(([name]) => name.endsWith('@iot.navigationLink'));
      expect(links.length).toBeGreaterThan(0);
      for (const [, link] of links) expect((await town.at(String(link))).status).toBe(200);
    }
  });

  it('entities have their mandatory properties and relations: datamodel/*/properties, datamodel/*/relations', async () => {
    const MANDATORY: Record<string, string[]> = {
      Things: ['name', 'description', 'Locations', 'HistoricalLocations', 'Datastreams'],
      Locations: ['name', 'description', 'encodingType', 'location', 'Things', 'HistoricalLocations'],
      HistoricalLocations: ['time', 'Thing', 'Locations'],
      Datastreams: [
        'name',
        'description',
        'unitOfMeasurement',
        'observationType',
        'Thing',
        'Sensor',
        'ObservedProperty',
        'Observations',
      ],
      Sensors: ['name', 'description', 'encodingType', 'metadata', 'Datastreams'],
      ObservedProperties: ['name', 'definition', 'description', 'Datastreams'],
      Observations: ['phenomenonTime', 'result', 'resultTime', 'Datastream', 'FeatureOfInterest'],
      FeaturesOfInterest: ['name', 'description', 'encodingType', 'feature', 'Observations'],
    };
    for (const [set, names] of Object.entries(MANDATORY)) {
      const [entity = {}] = (await town.get(`/${set}?$top=1`)).value;
      for (const name of names)
        expect(`${set} ${name in entity || `${name}@iot.navigationLink` in entity ? name : 'missing'}`).toBe(
          `${set} ${name}`,
        );
    }
    const [stream] = (await town.get('/Datastreams?$top=1')).value;
    expect(stream?.unitOfMeasurement).toEqual({
      name: 'microgram per cubic metre',
      symbol: 'µg/m³',
      definition: 'ucum:ug/m3',
    });
    const [place] = (await town.get('/Locations?$top=1')).value;
    expect(place).toMatchObject({
      encodingType: 'application/geo+json',
      location: { type: 'Point', coordinates: [7.0128, 51.456] },
    });
  });

  it('addresses lead to sets, entities, properties, values, references and on: resource-path/resource-path-to-entities', async () => {
    const { get, at, first, stream } = town;
    const thing = `/Things('${first.id}')`;
    expect(await get(`${thing}/name`)).toEqual({ name: 'Station 15303512' });
    expect((await at(`${thing}/name/$value`)).text).toBe('Station 15303512');
    expect(ids((await get(`${thing}/Datastreams`)).value)).toEqual([stream, `${first.id}.sds011.pm10`]);
    expect((await get(`${thing}/Datastreams/$ref`)).value).toEqual(
      [stream, `${first.id}.sds011.pm10`].map((id) => ({ '@iot.selfLink': `${town.base}/Datastreams('${id}')` })),
    );
    expect((await get(`/Datastreams('${stream}')/Thing`))['@iot.id']).toBe(first.id);
    expect(await get(`/Datastreams('${stream}')/Thing/$ref`)).toEqual({ '@iot.selfLink': `${town.base}${thing}` });
    expect((await get(`${thing}/Datastreams('${stream}')/ObservedProperty/name`)).name).toBe('PM2.5');
    expect((await get(`${thing}/Datastreams('${stream}')/Observations?$top=1`)).value).toHaveLength(1);
    const [observation] = (await get(`/Datastreams('${stream}')/Observations?$top=1`)).value;
    expect((await get(`/Observations('${observation!['@iot.id']}')/Datastream/Sensor`))['@iot.id']).toBe('sds011');
    expect(ids((await get(`/Sensors('sds011')/Datastreams`)).value)).toHaveLength(4);
    expect(ids((await get(`/ObservedProperties('pm25')/Datastreams`)).value)).toEqual([
      stream,
      `${town.second.id}.sds011.pm25`,
    ]);
    expect((await get(`/FeaturesOfInterest('${first.id}')/Observations?$count=true&$top=0`))['@iot.count']).toBe(40);
    for (const wrong of [
      "/Things('nobody')",
      '/Nothing',
      `${thing}/colour`,
      `${thing}/Datastreams('${town.second.id}.sds011.pm25')`,
      `${thing}/name/length`,
      '/Things/name',
      "/Observations('x')",
      '/$value',
    ]) {
      expect([wrong, (await at(wrong)).status]).toEqual([wrong, 404]);
    }
  });

  it('shows nothing of what is not public', async () => {
    const { at, hidden, get } = town;
    for (const path of [
      `/Things('${hidden.id}')`,
      `/Datastreams('${hidden.id}.sds011.pm25')`,
      `/Observations('${hidden.id}.sds011.pm25.${T0}')`,
      `/Datastreams('${town.first.id}.dnms.noise')`,
      `/Datastreams('${town.first.id}.dnms.noise')/Observations`,
    ]) {
      expect([path, (await at(path)).status]).toEqual([path, 404]);
    }
    const everything = JSON.stringify(await Promise.all(SETS.map((set) => get(`/${set}?$top=1000`))));
    for (const secret of [hidden.id, 'dnms', '51.4563719', '7.0123456', 'esp8266']) {
      expect([secret, everything.includes(secret)]).toEqual([secret, false]);
    }
  });

  it('answers with the status the standard gives: request-data/status-code, request-data/query-status-code', async () => {
    const statuses: [string, number][] = [
      [`/Things('${town.first.id}')`, 200],
      [`/Things('${town.first.id}')/id`, 200],
      [`/Things('${town.first.id}')/@iot.id/$value`, 200],
      ["/Things('nobody')", 404],
      ['/Humans', 404],
      [`/Datastreams('${town.stream}')/phenomenonTime`, 204],
      [`/Datastreams('${town.stream}')/phenomenonTime/$value`, 204],
      [`/Datastreams('${town.stream}')/colour`, 404],
      [`/Things${q("$filter=name eq 'nobody'")}`, 200],
      [`/Things${q('$filter=name eq')}`, 400],
      ['/Things?$top=', 400],
      ['/Things?$orderby=name sideways'.replaceAll(' ', '%20'), 400],
      ['/Things?$nonsense=1', 400],
      ['/Things/?$top=1', 200],
      ['/', 200],
    ];
    for (const [path, status] of statuses) expect([path, (await town.at(path)).status]).toEqual([path, status]);
    const head = await fetch(`${town.base}/Things`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('keeps within its bounds', async () => {
    const deep = `/Things${q(`$expand=${'Datastreams($expand=Thing($expand='.repeat(3)}Locations${'))'.repeat(3)}`)}`;
    expect((await town.at(deep)).status).toBe(400);
    expect((await town.get('/Things?$top=100000')).value).toHaveLength(2);
    const written = await fetch(`${town.base}/Things`, { method: 'POST', body: '{}' });
    expect(written.status).toBe(405);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { airrohrBody } from '../support/airrohrBody.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';

/**
 * The read requirements of OGC 18-088 (SensorThings API part 1: Sensing 1.1). Names of tests end in the requirement's id
 * after http://www.opengis.net/spec/iot_sensing/1.1/req/.
 */

type Json = Record<string, unknown>;
interface Answered extends Json {
  value: Json[];
}

const T0 = Date.UTC(2026, 10, 26, 12);
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

/** Properties that can be ordered and selected by, set by set. */
const PROPERTIES_OF: Readonly<Record<string, readonly string[]>> = {
  Things: ['id', 'name', 'description'],
  Locations: ['id', 'name', 'description', 'encodingType'],
  HistoricalLocations: ['id', 'time'],
  Datastreams: ['id', 'name', 'description', 'observationType', 'unitOfMeasurement/name', 'phenomenonTime'],
  Sensors: ['id', 'name', 'description', 'encodingType', 'metadata'],
  ObservedProperties: ['id', 'name', 'definition', 'description'],
  Observations: ['id', 'phenomenonTime', 'result', 'resultTime', 'resultQuality', 'Datastream/id'],
  FeaturesOfInterest: ['id', 'name', 'description', 'encodingType'],
};

let town: Awaited<ReturnType<typeof startTown>>;

/** Two public stations with 20 readings each, one hidden with the same. */
async function startTown() {
  const clock = { now: T0 };
  const program: Program = await startProgram({ clock: () => clock.now, settings: { RATE_LIMIT: '100000,1000' } });
  const stations: OwnStation[] = [];
  for (const id of ['15303512', '15303513', '15303514']) {
    stations.push(
      await program.addStation(`esp8266-${id}`, { name: `Station ${id}`, sensorModels: ['sds011', 'dht22'] }),
    );
  }
  for (let step = 0; step < 20; step++) {
    for (const { deviceId, token } of stations) {
      const sensordatavalues = [
        { value_type: 'SDS_P1', value: `${step + 20}.00` },
        { value_type: 'SDS_P2', value: `${step}.50` },
        { value_type: 'DNMS_noise_LAeq', value: '51.00' },
      ];
      const body = airrohrBody(deviceId, { sensordatavalues, samples: step });
      await fetch(`${program.url}/push/${token}`, { method: 'POST', body });
    }
    clock.now += 149_000;
  }
  const [first, second, hidden] = stations as [OwnStation, OwnStation, OwnStation];
  await program.send('PATCH', `/api/v1/stations/${hidden.id}`, { body: { status: 'hidden' }, key: hidden.ownerKey });
  const base = `${program.url}/sta/v1.1`;
  const at = async (path: string) => {
    const response = await fetch(path.startsWith('http') ? path : `${base}${path}`);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, text, json: (isJson ? JSON.parse(text) : {}) as Answered };
  };
  const get = async (path: string): Promise<Answered> => {
    const { status, json, text } = await at(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return json;
  };
  return { ...program, clock, base, at, get, first, second, hidden, stream: `${first.id}.sds011.pm25` };
}

beforeEach(async () => {
  town = await startTown();
});

const ids = (list: Json[]) => list.map((entity) => entity['@iot.id']);
const q = (options: string) => `?${options.replaceAll(' ', '%20')}`;

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

  it('$select shows what was asked for: request-data/select', async () => {
    const [thing] = (await town.get('/Things?$select=id,name,Datastreams&$top=1')).value;
    expect(Object.keys(thing!).sort()).toEqual(['@iot.id', 'Datastreams@iot.navigationLink', 'name']);
    expect((await town.at('/Things?$select=colour')).status).toBe(400);
  });

  it('$expand shows entities in place, nested and with options: request-data/expand', async () => {
    const path = `/Things('${town.first.id}')${q('$expand=Datastreams($select=id;$orderby=id desc;$expand=Observations($top=1;$select=result),ObservedProperty),Locations')}`;
    const { Datastreams, Locations } = (await town.get(path)) as unknown as { Datastreams: Json[]; Locations: Json[] };
    expect(Locations).toHaveLength(1);
    expect(Datastreams.map((stream) => [stream['@iot.id'], stream.Observations])).toEqual([
      [town.stream, [{ result: 19.5 }]],
      [`${town.first.id}.sds011.pm10`, [{ result: 39 }]],
    ]);
    expect(Datastreams[0]!.ObservedProperty).toMatchObject({ name: 'PM2.5' });
    expect(String(Datastreams[0]!['Observations@iot.nextLink'])).toContain(
      `Datastreams('${town.stream}')/Observations?`,
    );
    const slashed = await town.get('/Datastreams?$expand=Thing/Locations,Thing/HistoricalLocations,Sensor&$top=1');
    expect(slashed.value[0]).toMatchObject({
      Thing: { Locations: [{}], HistoricalLocations: [{}] },
      Sensor: { name: 'Nova SDS011' },
    });
    expect((await town.at('/Things?$expand=Colours')).status).toBe(400);
  });

  it('$orderby sorts both ways: request-data/orderby', async () => {
    const names = async (order: string) =>
      (await town.get(`/Things${q(`$orderby=${order}`)}`)).value.map(({ name }) => name);
    expect(await names('name')).toEqual(['Station 15303512', 'Station 15303513']);
    expect(await names('name desc')).toEqual(['Station 15303513', 'Station 15303512']);
    const streams = await town.get(`/Datastreams${q('$orderby=ObservedProperty/name desc,Thing/name asc&$select=id')}`);
    expect(ids(streams.value)).toEqual([
      `${town.first.id}.sds011.pm25`,
      `${town.second.id}.sds011.pm25`,
      `${town.first.id}.sds011.pm10`,
      `${town.second.id}.sds011.pm10`,
    ]);
    const results = async (order: string) =>
      (await town.get(`/Datastreams('${town.stream}')/Observations${q(`$top=2&$orderby=${order}`)}`)).value.map(
        ({ result }) => result,
      );
    expect(await results('phenomenonTime asc')).toEqual([0.5, 1.5]);
    expect(await results('phenomenonTime desc')).toEqual([19.5, 18.5]);
    expect((await town.at('/Things?$orderby=colour')).status).toBe(400);
    expect(await results('result desc')).toEqual([19.5, 18.5]);
    expect(await results('result')).toEqual([0.5, 1.5]);
    const byTwo = await town.get(
      `/Observations${q('$top=3&$skip=1&$orderby=result desc,phenomenonTime asc&$count=true')}`,
    );
    expect([byTwo['@iot.count'], byTwo.value.map(({ result }) => result)]).toEqual([80, [39, 38, 38]]);
    const next = await town.get(String(byTwo['@iot.nextLink']));
    expect(next.value.map(({ result }) => result)).toEqual([37, 37, 36]);
    // Every property of every set, as the conformance suite asks.
    for (const [set, properties] of Object.entries(PROPERTIES_OF)) {
      for (const property of properties) {
        for (const direction of ['', ' asc', ' desc']) {
          const path = `/${set}${q(`$orderby=${property}${direction}&$top=2`)}`;
          expect([path, (await town.at(path)).status]).toEqual([path, 200]);
        }
      }
    }
    expect((await town.at('/Things?$orderby=Datastreams/name')).status).toBe(501);
  });

  it('$skip and $top cut pages, $count counts all: request-data/skip, request-data/top, request-data/count', async () => {
    const page = await town.get('/Things?$top=1&$skip=1&$count=true');
    expect([page['@iot.count'], ids(page.value), page['@iot.nextLink']]).toEqual([2, [town.second.id], undefined]);
    expect('@iot.count' in (await town.get('/Things'))).toBe(false);
    const values = await town.get(
      `/Datastreams('${town.stream}')/Observations${q('$top=3&$skip=2&$count=true&$filter=result lt 18')}`,
    );
    expect([values['@iot.count'], values.value.map(({ result }) => result)]).toEqual([18, [15.5, 14.5, 13.5]]);
    for (const wrong of ['$top=-1', '$top=x', '$skip=1.5', '$count=maybe'])
      expect((await town.at(`/Things?${wrong}`)).status).toBe(400);
  });

  it.each([
    ['/Observations', '', 80],
    ['/Observations', '$orderby=phenomenonTime asc', 80],
    ['/Observations', '$filter=result ge 20', 40],
    ['/Datastreams', '', 4],
  ])('nextLinks of %s?%s lead through every entity once: request-data/pagination', async (set, options, total) => {
    const seen: unknown[] = [];
    const times: string[] = [];
    let next: string | undefined = `${set}${q(`$top=3${options && `&${options}`}`)}`;
    while (next !== undefined) {
      const page: Answered = await town.get(next);
      expect(page.value.length).toBeLessThanOrEqual(3);
      seen.push(...ids(page.value));
      times.push(...page.value.map(({ phenomenonTime }) => String(phenomenonTime)));
      next = page['@iot.nextLink'] as string | undefined;
    }
    expect([seen.length, new Set(seen).size]).toEqual([total, total]);
    const sorted = [...times].sort();
    expect(times).toEqual(options.includes('asc') ? sorted : sorted.reverse());
  });

  it('$filter works on properties, links and times: request-data/filter, request-data/built-in-filter-operations, request-data/built-in-query-functions', async () => {
    const found = async (path: string, filter: string) =>
      ids((await town.get(`${path}${q(`$filter=${filter}&$select=id`)}`)).value);
    expect(await found('/Things', "endswith(name,'13')")).toEqual([town.second.id]);
    expect(await found('/Things', "properties/isIndoor eq false and name ne 'x'")).toHaveLength(2);
    expect(
      await found('/Datastreams', `ObservedProperty/@iot.id eq 'pm10' and Thing/@iot.id eq '${town.first.id}'`),
    ).toEqual([`${town.first.id}.sds011.pm10`]);
    const since = new Date(T0 + 18 * 149_000).toISOString();
    expect(await found('/Observations', `phenomenonTime ge ${since}`)).toHaveLength(8);
    expect(
      await found('/Observations', `phenomenonTime ge ${since} and Datastream/ObservedProperty/name eq 'PM2.5'`),
    ).toHaveLength(4);
    expect(
      await found('/Locations', "st_within(location,geography'POLYGON((7 51,8 51,8 52,7 52,7 51))')"),
    ).toHaveLength(2);
    const ofFirst = `Datastreams/id eq '${town.stream}'`;
    expect(await found('/Things', ofFirst)).toEqual([town.first.id]);
    expect(await found('/Things', `${ofFirst} and Datastreams/ObservedProperty/name eq 'PM10'`)).toEqual([]);
    expect(await found('/Things', "Datastreams/ObservedProperty/name eq 'PM10'")).toHaveLength(2);
    expect(await found('/ObservedProperties', `Datastreams/Thing/id eq '${town.first.id}'`)).toEqual(['pm25', 'pm10']);
    expect(await found('/Locations', `Things/name eq 'Station 15303513'`)).toEqual([town.second.id]);
    const near = "geo.distance(Locations/location,geography'POINT(7.0123 51.4564)') lt 0.01";
    expect(await found('/Things', near)).toHaveLength(2);
    for (const path of ['Datastreams/Observations/result gt 1', "Datastreams/Thing/Locations/name eq 'x'"]) {
      const throughMany = await town.at(`/Things${q(`$filter=${path}`)}`);
      expect([throughMany.status, throughMany.json.code]).toEqual([501, 'not-supported']);
    }
    const unreadable = await town.at(`/Things${q('$filter=name like 1')}`);
    expect([unreadable.status, unreadable.json.code]).toEqual([400, 'invalid-query']);
    expect((await town.at('/Things?$apply=x')).json.detail).toBe('$apply is not supported.');
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

  it('evaluates $filter, $count, $orderby, $skip, $top in this order, however they stand: request-data/order', async () => {
    const options = ['$top=1', '$skip=1', '$orderby=name desc', "$filter=startswith(name,'Station')", '$count=true'];
    for (const order of [options, [...options].reverse()]) {
      const { value, '@iot.count': count } = await town.get(`/Things${q(order.join('&'))}`);
      expect([ids(value), count]).toEqual([[town.first.id], 2]);
    }
  });

  it('keeps within its bounds', async () => {
    const deep = `/Things${q(`$expand=${'Datastreams($expand=Thing($expand='.repeat(3)}Locations${'))'.repeat(3)}`)}`;
    expect((await town.at(deep)).status).toBe(400);
    expect((await town.get('/Things?$top=100000')).value).toHaveLength(2);
    const written = await fetch(`${town.base}/Things`, { method: 'POST', body: '{}' });
    expect(written.status).toBe(405);
  });
});

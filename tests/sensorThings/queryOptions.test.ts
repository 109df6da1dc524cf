import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Answered, ids, type Json, q, startTown, T0 } from './town.ts';

/** The query options of OGC 18-088; the names of tests end as those of `conformance.test.ts`. */

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

beforeEach(async () => {
  town = await startTown();
});

describe('SensorThings 1.1, query options', () => {
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

  it('$expand takes a link named twice as one, at every depth and in its links to more: request-data/expand', async () => {
    const twice = 'Datastream/Thing/Locations,Datastream/Thing/HistoricalLocations,Datastream($select=name)';
    const [value] = (await town.get(`/Observations${q(`$top=1&$expand=${twice}`)}`)).value;
    const { Thing, ...shown } = value!.Datastream as { Thing: Json };
    expect(Thing).toMatchObject({ Locations: [{}], HistoricalLocations: [{}] });
    expect(Object.keys(shown)).toEqual(['name']);
    const many = 'Datastreams($top=1;$expand=Sensor),Datastreams/ObservedProperty';
    const thing = (await town.get(`/Things${q(`$top=1&$expand=${many}`)}`)).value[0]!;
    const [next] = (await town.get(String(thing['Datastreams@iot.nextLink']))).value;
    expect(next).toMatchObject({ Sensor: {}, ObservedProperty: {} });
    const { status, json } = await town.at(`/Things${q('$expand=Datastreams($top=1),Datastreams($top=2)')}`);
    expect([status, json.detail]).toEqual([400, '$expand has two $top for Datastreams.']);
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
    expect((await town.at(`/Things?$orderby=${Array(17).fill('name').join(',')}`)).status).toBe(400);
  });

  it('$skip and $top cut pages, $count counts all: request-data/skip, request-data/top, request-data/count', async () => {
    const page = await town.get('/Things?$top=1&$skip=1&$count=true');
    expect([page['@iot.count'], ids(page.value), page['@iot.nextLink']]).toEqual([2, [town.second.id], undefined]);
    expect('@iot.count' in (await town.get('/Things'))).toBe(false);
    const values = await town.get(
      `/Datastreams('${town.stream}')/Observations${q('$top=3&$skip=2&$count=true&$filter=result lt 18')}`,
    );
    expect([values['@iot.count'], values.value.map(({ result }) => result)]).toEqual([18, [15.5, 14.5, 13.5]]);
    expect((await town.get('/Things?$top=99999999999')).value).toHaveLength(2);
    for (const wrong of ['$top=-1', '$top=x', '$skip=1.5', '$count=maybe', '$top=1&$top=2', '$top=1&$top[]=2'])
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
    // A misspelt name is refused: "none found" would be taken for an answer.
    for (const [path, name] of [
      ['/Things', 'nmae'],
      ['/Things', 'phenomenonTime'],
      ['/Observations', 'Datastream/nmae'],
      ['/Observations', 'Datastream/Thing'],
      ['/Things', 'Datastreams/colour'],
      ['/Things', 'id/x'],
    ]) {
      const { json, status } = await town.at(`${path}${q(`$filter=not (${name} eq 'x')`)}`);
      expect([name, status, json.detail]).toEqual([
        name,
        400,
        `The filter knows no "${name}" here, as at character 6.`,
      ]);
      expect((await town.at(`${path}?$orderby=${name}`)).status).toBe(400);
    }
    // So is what cannot hold for anything: an empty list would be taken for "there is none".
    for (const [path, filter] of [
      ['/Things', 'name'],
      ['/Things', 'name gt 5'],
      ['/Observations', "result eq 'x'"],
      ['/Observations', "phenomenonTime lt 'abc'"],
      [`/Datastreams('${town.stream}')/Observations`, "result add 'x' gt 1"],
      ['/Things', 'shout(name) eq 1'],
      ['/Things', 'length() eq 1'],
      ['/Things', 'length(5) eq 1'],
    ]) {
      const { json, status } = await town.at(`${path}${q(`$filter=${filter}`)}`);
      expect([filter, status, json.code]).toEqual([filter, 400, 'invalid-query']);
      expect(json.detail).toMatch(/character \d|no condition/);
    }
    const nested = await town.at(`/Things${q('$expand=Datastreams($filter=name gt 5)')}`);
    expect([nested.status, nested.json.detail]).toEqual([400, expect.stringContaining('"gt" at character 6')]);
    for (const twice of [
      "$filter=name eq 'x'&$filter=name ne 'x'",
      '$orderby=name&$orderby=id',
      '$select=id&$select=name',
    ]) {
      const { json, status } = await town.at(`/Things${q(twice)}`);
      expect([twice, status, json.code]).toEqual([twice, 400, 'invalid-query']);
    }
    const lastHour = "phenomenonTime gt now() sub duration'PT6M'";
    expect(await found('/Observations', lastHour)).toHaveLength(8);
    expect(await found('/Observations', 'date(phenomenonTime) eq 2026-11-26 and result eq 19.5')).toHaveLength(2);
    expect((await town.at('/Things?$apply=x')).json.detail).toBe('$apply is not supported.');
  });

  it('evaluates $filter, $count, $orderby, $skip, $top in this order, however they stand: request-data/order', async () => {
    const options = ['$top=1', '$skip=1', '$orderby=name desc', "$filter=startswith(name,'Station')", '$count=true'];
    for (const order of [options, [...options].reverse()]) {
      const { value, '@iot.count': count } = await town.get(`/Things${q(order.join('&'))}`);
      expect([ids(value), count]).toEqual([[town.first.id], 2]);
    }
  });
});

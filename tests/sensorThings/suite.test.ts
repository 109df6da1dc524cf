import { beforeEach, describe, expect, it } from '@jest/globals';
import { CONFORMANCE } from '../../server/sensorThings/conformance.ts';
import { TYPES, type TypeName, typeOfSet } from '../../server/sensorThings/model.ts';
import { type Answered, type Json, startTown } from './town.ts';

/**
 * The steps of OGC's executable test suite (ets-sta10, "Sensing Core" and "Filtering Extension"), which follows whatever it
 * finds: every set and every set an entity links to. The suite itself makes entities before it begins, so that it cannot be
 * run against a service that is only read. Names of tests end as those of `conformance.test.ts`.
 */

/** Mandatory properties (OGC 18-088, tables 2 to 20). */
const MANDATORY: Readonly<Record<TypeName, readonly string[]>> = {
  Thing: ['name', 'description'],
  Location: ['name', 'description', 'encodingType', 'location'],
  HistoricalLocation: ['time'],
  Datastream: ['name', 'description', 'unitOfMeasurement', 'observationType'],
  Sensor: ['name', 'description', 'encodingType', 'metadata'],
  ObservedProperty: ['name', 'definition', 'description'],
  Observation: ['phenomenonTime', 'result', 'resultTime'],
  FeatureOfInterest: ['name', 'description', 'encodingType', 'feature'],
};
const OBJECTS = ['location', 'feature', 'unitOfMeasurement'];

let town: Awaited<ReturnType<typeof startTown>>;

beforeEach(async () => {
  town = await startTown();
});

/** What is wrong, so that one run tells everything. */
let wrong: string[] = [];
beforeEach(() => {
  wrong = [];
});
const note = (isRight: boolean, ...what: unknown[]) => void (isRight || wrong.push(what.join(' ')));
const sound = () => expect(wrong).toEqual([]);

/** The answer at a path; one that is no answer is noted. */
async function seen(path: string): Promise<Answered> {
  const { status, json, text } = await town.at(path);
  note(status === 200, path, status, text.slice(0, 200));
  return status === 200 ? json : { value: [] };
}

const address = (set: string, { '@iot.id': id }: Json) => `${set}('${encodeURIComponent(String(id))}')`;
const linksOf = (type: TypeName) => Object.entries(TYPES[type].links);

/** Every set, and every set that its first entity links to. */
async function everySet(): Promise<[path: string, type: TypeName][]> {
  const sets: [string, TypeName][] = [];
  for (const { set } of Object.values(TYPES)) {
    const type = typeOfSet(set)!;
    sets.push([`/${set}`, type]);
    const [first] = (await seen(`/${set}?$top=1`)).value;
    for (const [link, { to, isCollection }] of linksOf(type)) {
      if (isCollection) sets.push([`${address(`/${set}`, first!)}/${link}`, to]);
    }
  }
  return sets;
}

function noteShape(type: TypeName, entity: Json, path: string): void {
  const wanted = ['@iot.id', '@iot.selfLink', ...MANDATORY[type]];
  for (const name of wanted) note(entity[name] !== undefined, path, 'lacks', name);
}

describe('the steps of the conformance suite', () => {
  it('all that the root claims is of the standard, and named by a test: resource-path, request-data, datamodel', async () => {
    const { serverSettings } = (await town.get('')) as unknown as { serverSettings: { conformance: string[] } };
    expect(serverSettings.conformance).toEqual(CONFORMANCE);
    expect(new Set(CONFORMANCE).size).toBe(CONFORMANCE.length);
    const not = /create-update-delete|batch|multi-datastream|data-array|mqtt/;
    expect(CONFORMANCE.filter((uri) => not.test(uri))).toEqual([]);
    expect((await town.at('/Observations?$resultFormat=dataArray')).status).toBe(400);
    for (const path of ['/MultiDatastreams', '/CreateObservations', '/$batch'])
      expect([path, [400, 404].includes((await town.at(path)).status)]).toEqual([path, true]);
  });

  it('entities, alone and in sets, have the same shape: datamodel/*/properties, datamodel/*/relations', async () => {
    for (const [path, type] of await everySet()) {
      const { value } = await seen(path);
      note(value.length > 0, path, 'is empty');
      for (const entity of value) {
        noteShape(type, entity, path);
        for (const [link] of linksOf(type)) note(`${link}@iot.navigationLink` in entity, path, 'lacks', link);
      }
      const [first] = value;
      expect(await seen(address(`/${TYPES[type].set}`, first!))).toEqual(first);
    }
    for (const { set } of Object.values(TYPES))
      note((await town.at(`/${set}(9223372036854775807)`)).status === 404, set);
    sound();
  });

  it('properties come alone, and bare: resource-path/resource-path-to-entities, request-data/status-code', async () => {
    for (const [type, names] of Object.entries(MANDATORY) as [TypeName, string[]][]) {
      const { set } = TYPES[type];
      const [first] = (await seen(`/${set}?$top=1`)).value;
      for (const name of names) {
        const path = `${address(`/${set}`, first!)}/${name}`;
        expect([path, await seen(path)]).toEqual([path, { [name]: first![name] }]);
        const { status, text } = await town.at(`${path}/$value`);
        note(status === 200 && text.startsWith('{') === OBJECTS.includes(name), path, '$value', text);
      }
    }
    sound();
  });

  it('addresses lead on over four links, with $ref at each set: resource-path/resource-path-to-entities', async () => {
    let steps = 0;
    const walk = async (path: string, type: TypeName, depth: number): Promise<void> => {
      const { value } = await seen(`${path}?$top=2`);
      const { value: references } = await seen(`${path}/$ref?$top=2`);
      expect([path, references]).toEqual([path, value.map((entity) => ({ '@iot.selfLink': entity['@iot.selfLink'] }))]);
      note(value.length > 0, path, 'is empty');
      steps++;
      if (depth === 4 || value[0] === undefined) return;
      for (const [link, { to, isCollection }] of linksOf(type)) {
        const next = `${address(path, value[0])}/${link}`;
        if (isCollection) await walk(next, to, depth + 1);
        else noteShape(to, await seen(next), next);
      }
    };
    for (const { set } of Object.values(TYPES)) await walk(`/${set}`, typeOfSet(set)!, 1);
    expect(steps).toBeGreaterThan(40);
    sound();
  });

  it('every property and link can be selected, alone and together: request-data/select', async () => {
    for (const [path, type] of await everySet()) {
      for (const [index] of MANDATORY[type].entries()) {
        const names = MANDATORY[type].slice(0, index + 1);
        const { value } = await seen(`${path}?$select=${names.join()}&$top=3`);
        for (const entity of value) expect([path, Object.keys(entity).sort()]).toEqual([path, [...names].sort()]);
      }
      for (const [link] of linksOf(type)) {
        const { value } = await seen(`${path}?$select=${link}&$top=3`);
        for (const entity of value) expect([path, Object.keys(entity)]).toEqual([path, [`${link}@iot.navigationLink`]]);
      }
    }
    for (const option of ['$select', '$expand', '$orderby', '$filter', '$top', '$skip', '$count'])
      note((await town.at(`/Things?${option}=`)).status === 400, option);
    sound();
  });

  it('every link can be expanded, over one and two steps, alone and together: request-data/expand', async () => {
    for (const [path, type] of await everySet()) {
      for (const [link, { to, isCollection }] of linksOf(type)) {
        for (const entity of (await seen(`${path}?$expand=${link}&$top=2`)).value) {
          note(Array.isArray(entity[link]) === isCollection, path, link);
          for (const inner of [entity[link]].flat() as Json[]) noteShape(to, inner, `${path} ${link}`);
        }
        for (const [second] of linksOf(to)) {
          for (const entity of (await seen(`${path}?$expand=${link}/${second}&$top=2`)).value) {
            for (const inner of [entity[link]].flat() as Json[]) note(second in inner, path, link, second);
          }
        }
      }
      const both = linksOf(type).flatMap(([link, { to }]) => linksOf(to).map(([second]) => `${link}/${second}`));
      for (const entity of (await seen(`${path}?$expand=${both.join()}&$top=2`)).value) {
        for (const [link] of linksOf(type)) note(link in entity, path, both, link);
      }
    }
    sound();
  });

  it('pages have their size, and a link while there is more: request-data/top, request-data/skip, request-data/count, request-data/pagination', async () => {
    for (const [path] of await everySet()) {
      const { '@iot.count': total, value } = await seen(`${path}?$count=true&$top=1000`);
      expect([path, total]).toEqual([path, value.length]);
      expect('@iot.count' in (await seen(`${path}?$count=false`))).toBe(false);
      expect([path, (await seen(`${path}?$top=0`)).value]).toEqual([path, []]);
      for (const top of [1, 2, 3, 1000]) {
        const page = await seen(`${path}?$top=${top}`);
        expect([path, page.value]).toEqual([path, value.slice(0, top)]);
        note('@iot.nextLink' in page === value.length > top, path, top, 'nextLink');
      }
      for (const skip of [1, 2, 1000]) {
        const page = await seen(`${path}?$top=2&$skip=${skip}`);
        expect([path, page.value]).toEqual([path, value.slice(skip, skip + 2)]);
      }
    }
    sound();
  });

  it('links to the next page keep every option, with every sign in them: request-data/pagination', async () => {
    const options = {
      ...{ $filter: "not contains(name,'+&ä#%') and name ne 'O''Neill'", $orderby: 'name desc,id', $count: 'true' },
      ...{ $select: 'name,Datastreams', $top: '1' },
      $expand: "Datastreams($top=1;$select=name;$filter=contains(name,'PM');$count=true;$orderby=name)",
    };
    const page = await seen(`/Things?${new URLSearchParams(options)}`);
    const next = new URL(String(page['@iot.nextLink']));
    expect(Object.fromEntries(next.searchParams)).toEqual({ ...options, $skiptoken: expect.stringMatching(/^1_/) });
    const second = await seen(next.href);
    expect([second['@iot.count'], second['@iot.nextLink']]).toEqual([2, undefined]);
    const [stream] = second.value;
    const inner = new URL(String(stream!['Datastreams@iot.nextLink']));
    expect(Object.fromEntries(inner.searchParams)).toEqual({
      ...{ $top: '1', $select: 'name', $filter: "contains(name,'PM')", $count: 'true', $orderby: 'name' },
      $skiptoken: expect.stringMatching(/^1_/),
    });
    expect((await seen(inner.href)).value).toHaveLength(1);
  });

  it('every property orders, alone and with the others, both ways: request-data/orderby', async () => {
    const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : (value as string | number));
    for (const [path, type] of await everySet()) {
      for (const [index, name] of MANDATORY[type].entries()) {
        for (const direction of ['', ' asc', ' desc']) {
          const { value } = await seen(`${path}?$orderby=${encodeURIComponent(name + direction)}`);
          const values = value.map((entity) => text(entity[name]));
          const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
          if (direction === ' desc') sorted.reverse();
          expect([path, name, direction, values]).toEqual([path, name, direction, sorted]);
          const all = MANDATORY[type].slice(0, index + 1).map((each) => each + direction);
          await seen(`${path}?$orderby=${encodeURIComponent(all.join())}&$top=2`);
        }
      }
    }
    sound();
  });

  it('every property filters by every comparison: request-data/filter, request-data/built-in-filter-operations', async () => {
    const TESTS: Readonly<Record<string, (order: number) => boolean>> = {
      ...{ lt: (order) => order < 0, le: (order) => order <= 0, eq: (order) => order === 0 },
      ...{ ne: (order) => order !== 0, ge: (order) => order >= 0, gt: (order) => order > 0 },
    };
    for (const [path, type] of await everySet()) {
      const { value } = await seen(`${path}?$top=1000`);
      for (const name of MANDATORY[type].filter((each) => !OBJECTS.includes(each))) {
        const sample = value.at(-1)![name] as string | number;
        const isBare = typeof sample === 'number' || name.toLowerCase().endsWith('time');
        const literal = encodeURIComponent(isBare ? String(sample) : `'${sample.replaceAll("'", "''")}'`).replaceAll(
          '%20',
          '+',
        );
        for (const [operator, test] of Object.entries(TESTS)) {
          const found = (await seen(`${path}?$filter=${name}+${operator}+${literal}&$top=1000`)).value;
          const order = (is: unknown) => ((is as string) < (sample as string) ? -1 : is === sample ? 0 : 1);
          const wanted = value.filter((entity) => test(order(entity[name])));
          expect([path, name, operator, found]).toEqual([path, name, operator, wanted]);
        }
      }
    }
    sound();
  });
});

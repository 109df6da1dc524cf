import { expect, it } from '@jest/globals';
import { Catalogue } from '../../server/sensorThings/catalogue.ts';
import type { ValueReader } from '../../server/sensorThings/observations.ts';
import { SensorThings } from '../../server/sensorThings/service.ts';
import { StationList, stationOf } from '../support/stations.ts';
import type { Answered, Json } from './town.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const BASE = 'https://luft.example.org/sta/v1.1';
const fiveStations = () => new StationList(['a', 'b', 'c', 'd', 'e'].map((letter) => stationOf(letter.repeat(10))));
const SERIES = [{ sensor: 'sds011', quantity: 'pm25' }] as const;

/** Five stations with ten values each, answers of at most 30 entities. */
function smallService(list = fiveStations()): SensorThings {
  const catalogue = new Catalogue({
    station: (id) => list.station(id),
    stations: () => list.stations(),
    recentSeries: () => SERIES,
    storedSeries: async () => SERIES,
  });
  const values: Pick<ValueReader, 'read'> = {
    async *read(source) {
      if (source === 'everything' || !('series' in source)) return;
      for (let at = 0; at < 10; at++) yield { ...source.series, measuredAt: NOW - at * 150_000, value: at, flags: [] };
    },
  };
  return new SensorThings({ catalogue, values: values as ValueReader, clock: () => NOW, maxEntities: 30 });
}

async function pageOf(service: SensorThings, path: string, query: Record<string, string>): Promise<Answered> {
  return ((await service.answer(path, query, BASE)) as { json: Answered }).json;
}

/** First letters of the ids on each page, from the first to the last; `between`: after the first. */
async function lettersOf(service: SensorThings, path: string, asked: Record<string, string>, between?: () => void) {
  const pages: string[] = [];
  for (let query: Record<string, string> | undefined = asked; query !== undefined; ) {
    const page = await pageOf(service, path, query);
    pages.push(page.value.map((entity: Json) => String(entity['@iot.id']).slice(0, 1)).join(''));
    if (pages.length === 1) between?.();
    const next = page['@iot.nextLink'];
    query = next === undefined ? undefined : Object.fromEntries(new URL(String(next)).searchParams);
  }
  return pages;
}

it.each([
  ['as they stand', {}],
  ['sorted', { $orderby: 'id' }],
  ['filtered and counted', { $filter: "name ne 'x'", $count: 'true' }],
])('an entity that comes or goes between pages moves none to another page: %s', async (_text, options) => {
  for (const set of ['Things', 'Datastreams']) {
    const list = fiveStations();
    const come = () => {
      const before = list.stations();
      list.byId.clear();
      for (const station of [stationOf('0000000000'), ...before]) list.byId.set(station.id, station);
    };
    const asked = { $top: '2', ...options };
    expect(await lettersOf(smallService(list), set, asked, come)).toEqual(['ab', 'cd', 'e']);
    const remove = (letter: string) => () => list.byId.delete(letter.repeat(10));
    expect(await lettersOf(smallService(list), set, asked, remove('0'))).toEqual(['0a', 'bc', 'de']);
    // The last of a page, by which the next one is found.
    expect(await lettersOf(smallService(list), set, asked, remove('b'))).toEqual(['ab', 'cd', 'e']);
  }
});

it('a page whose expansions would be too many is shorter, and leads on to the rest', async () => {
  const service = smallService();
  // What QGIS asks for: 200 places, and of each the newest values.
  const query = { $top: '200', $expand: 'Things($expand=Datastreams($expand=Observations))' };
  const [place] = (await pageOf(service, 'Locations', query)).value;
  expect(place).toMatchObject({ Things: [{ Datastreams: [{ Observations: { length: 10 } }] }] });
  expect(await lettersOf(service, 'Locations', query)).toEqual(['ab', 'cd', 'e']);
});

it('one entity whose expansions are too many is refused', async () => {
  const expand = 'Datastreams($expand=Observations($expand=Datastream,FeatureOfInterest))';
  const asked = pageOf(smallService(), 'Things', { $expand: expand });
  await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining('at most 30 entities') });
});

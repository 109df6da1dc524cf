import { expect, it } from '@jest/globals';
import { Catalogue } from '../../server/sensorThings/catalogue.ts';
import type { ValueReader } from '../../server/sensorThings/observations.ts';
import { SensorThings } from '../../server/sensorThings/service.ts';
import { StationList, stationOf } from '../support/stations.ts';
import type { Answered, Json } from './town.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const BASE = 'https://luft.example.org/sta/v1.1';
const SERIES = [{ sensor: 'sds011', quantity: 'pm25' }] as const;

/** Five stations with ten values each, answers of at most 30 entities. */
function smallService(): SensorThings {
  const list = new StationList(['a', 'b', 'c', 'd', 'e'].map((letter) => stationOf(letter.repeat(10))));
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

it('a page whose expansions would be too many is shorter, and leads on to the rest', async () => {
  const service = smallService();
  // What QGIS asks for: 200 places, and of each the newest values.
  let query: Record<string, string> = { $top: '200', $expand: 'Things($expand=Datastreams($expand=Observations))' };
  const pages: string[] = [];
  for (let next: unknown = 'first'; next !== undefined; ) {
    const page = await pageOf(service, 'Locations', query);
    pages.push(page.value.map((place: Json) => String(place['@iot.id']).slice(0, 1)).join(''));
    expect(page.value[0]).toMatchObject({ Things: [{ Datastreams: [{ Observations: { length: 10 } }] }] });
    next = page['@iot.nextLink'];
    if (next !== undefined) query = Object.fromEntries(new URL(String(next)).searchParams);
  }
  expect(pages).toEqual(['ab', 'cd', 'e']);
});

it('one entity whose expansions are too many is refused', async () => {
  const expand = 'Datastreams($expand=Observations($expand=Datastream,FeatureOfInterest))';
  const asked = pageOf(smallService(), 'Things', { $expand: expand });
  await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining('at most 30 entities') });
});

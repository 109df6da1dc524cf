import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createPlacesRouter, placesPaths } from '../../server/api/places.ts';
import { type Place, PlaceIndex } from '../../server/offline/placeIndex.ts';
import { readPlacesFile } from '../../server/offline/placesFile.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { startTestServer } from '../support/testServer.ts';

const PLACES: Place[] = [
  { name: 'Köln', kind: 'place', lat: 50.938, lon: 6.96, context: 'Nordrhein-Westfalen' },
  { name: 'Köln-Mülheim', kind: 'place', lat: 50.964, lon: 7.0, context: 'Köln' },
  { name: 'Mülheim', kind: 'place', lat: 51.43, lon: 6.88, context: 'Ruhr' },
  { name: '50823', kind: 'postcode', lat: 50.951, lon: 6.923, context: 'Köln', postcode: '50823' },
  { name: 'Kölner Straße', kind: 'street', lat: 50.9, lon: 7.1, context: 'Porz, Köln' },
  { name: 'Venloer Straße', kind: 'street', lat: 50.951, lon: 6.914, context: 'Ehrenfeld, Köln', postcode: '50823' },
  {
    name: 'Venloer Straße',
    kind: 'street',
    lat: 50.944,
    lon: 6.938,
    context: 'Neustadt-Nord, Köln',
    postcode: '50672',
  },
  { name: 'Alte Venloer Straße', kind: 'street', lat: 50.99, lon: 6.85, context: 'Pesch, Köln' },
  { name: 'Rue de l’Église', kind: 'street', lat: 49.6, lon: 6.1 },
];
const index = new PlaceIndex(PLACES);
const namesOf = (query: string, limit = 8) => index.search(query, limit).map(({ name }) => name);

function fileOf(text: string): string {
  const path = join(temporaryFolder(), 'places.txt');
  writeFileSync(path, text);
  return path;
}

describe('the search for places', () => {
  it.each([
    ['köln', ['Köln', 'Köln-Mülheim', 'Kölner Straße']],
    ['koeln', ['Köln', 'Köln-Mülheim', 'Kölner Straße']],
    ['koln', ['Köln', 'Köln-Mülheim', 'Kölner Straße']],
    ['KÖLN', ['Köln', 'Köln-Mülheim', 'Kölner Straße']],
    ['mulheim', ['Mülheim', 'Köln-Mülheim']],
    ['venloer str', ['Venloer Straße', 'Venloer Straße', 'Alte Venloer Straße']],
    ['venloer strasse ehrenfeld', ['Venloer Straße']],
    ['ehrenfeld', []],
    ['50823', ['50823', 'Venloer Straße']],
    ['5082', ['50823', 'Venloer Straße']],
    ['eglise', ['Rue de l’Église']],
    ['öln', []],
    ['k', []],
    ['', []],
    [' - ', []],
    ['venloer nirgends', []],
  ])('%s', (query, expected) => {
    expect(namesOf(query)).toEqual(expected);
  });

  it('gives no more than asked for, towns before streets', () => {
    expect(namesOf('ko', 1)).toEqual(['Köln']);
  });

  it('finds each of very many', () => {
    const many = Array.from({ length: 5_000 }, (_, i): Place => {
      return { name: `Straße ${i.toString(36)}ß`, kind: 'street', lat: i / 100, lon: 7 };
    });
    const large = new PlaceIndex(many);
    for (const place of [many[0], many[2_500], many[4_999]]) {
      expect(large.search(place?.name ?? '', 8)).toContainEqual(place);
    }
  });
});

describe('PLACES_FILE', () => {
  it.each([
    ['tabs', 'name\tkind\tlat\tlon\tcontext\tpostcode\nKöln\tplace\t50.938\t6.96\tNRW\t\n'],
    ['commas', '\uFEFFkind,name,lat,lon,context\r\nplace,Köln,50.938,6.96,NRW\r\n'],
    ['quotes', 'name,kind,lat,lon,context\n"Köln",place,50.938,6.96,"NRW"\n'],
    ['semicolons', 'name;lat;lon;kind;context\nKöln;50.938;6.96;place;NRW\n\n'],
  ])('with %s', async (_name, text) => {
    const places = await readPlacesFile(
      fileOf(`# credit: © OpenStreetMap\n${text}`.replace('# credit: © OpenStreetMap\n\uFEFF', '\uFEFF')),
    );
    expect(places.search('koeln', 8)).toEqual([
      { name: 'Köln', kind: 'place', lat: 50.938, lon: 6.96, context: 'NRW' },
    ]);
    expect(places.count).toBe(1);
  });

  it('a comma may stand in quotes, and the credit in a comment', async () => {
    const path = fileOf(
      '# credit: © GeoNames\nname,kind,lat,lon,context\nAm Markt,street,50,7,"Porz, ""Alt"", Köln"\n',
    );
    const { search, credit } = await readPlacesFile(path);
    expect([credit, search('markt', 1)[0]?.context]).toEqual(['© GeoNames', 'Porz, "Alt", Köln']);
  });

  it.each([
    ['missing', () => '/nowhere/places.tsv', 'cannot be read (ENOENT)'],
    ['empty', () => fileOf(''), 'holds no place'],
    ['without a header', () => fileOf('Köln\tplace\t50.9\t6.9\n'), 'lacks the columns name, lat, lon'],
    ['with a broken line', () => fileOf('name\tlat\tlon\nKöln\t50.9\t6.9\nBonn\tnord\t7\n'), 'line 3: a place needs'],
    ['beyond the pole', () => fileOf('name,lat,lon\nKöln,91,6.9\n'), 'line 2'],
  ])('%s is told in one line', async (_name, makePath, says) => {
    await expect(readPlacesFile(makePath())).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(new RegExp(`^PLACES_FILE [^\\n]*${says.replace(/[()]/g, '\\$&')}[^\\n]*$`)),
    });
  });
});

describe('GET /places', () => {
  it('answers with places and whose data they are, 404 without a file', async () => {
    const places = { search: (query: string, limit: number) => index.search(query, limit), credit: '© OSM', count: 9 };
    const withFile = await startTestServer({
      routers: [{ path: '/api/v1', router: createPlacesRouter(places, () => 0), paths: placesPaths }],
    });
    const { status, body } = await withFile.send('GET', '/api/v1/places?q=venloer%20ehrenfeld');
    expect([status, body]).toEqual([200, { places: [PLACES[5]], credit: '© OSM' }]);
    expect((await withFile.send('GET', '/api/v1/places')).status).toBe(400);
    const without = await startTestServer({
      routers: [{ path: '/api/v1', router: createPlacesRouter(undefined, () => 0) }],
    });
    expect((await without.send('GET', '/api/v1/places?q=bonn')).status).toBe(404);
    const answers = await Promise.all(Array.from({ length: 70 }, () => withFile.send('GET', '/api/v1/places?q=bonn')));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(12);
    expect(withFile.logged.filter((line) => line.includes('venloer'))).toEqual([]);
  });
});

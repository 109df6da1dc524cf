import { describe, expect, it } from '@jest/globals';
import { type CatalogNode, createCatalogRouter } from '../../server/api/catalog.ts';
import { loadConfig } from '../../server/config.ts';
import type { Station } from '../../server/domain/station.ts';
import { stationOf } from '../support/stations.ts';
import { startTestServer } from '../support/testServer.ts';

const house = (more: Station[] = []) => {
  const config = loadConfig({
    INSTANCE_NAME: 'Luft & Laub',
    CONTACT: 'luft@example.org',
    PUBLIC_URL: 'https://luft.example.org',
  });
  const stations = () => [
    stationOf('aaaaaaaaaa', { name: 'Hof <1>' }),
    stationOf('bbbbbbbbbb', { licence: 'CC-BY-4.0' }),
    stationOf('cccccccccc', { status: 'hidden' }),
    ...more,
  ];
  const router = createCatalogRouter({ config, stations, hasAreas: () => true, clock: () => Date.UTC(2026, 0, 5) });
  return startTestServer({ routers: [{ path: '/', router }] });
};

describe('the catalogue of data sets', () => {
  it('names every public station’s data with its own licence, and the strictest for all together', async () => {
    const { send } = await house();
    const { headers, body } = await send('GET', '/catalog.jsonld');
    expect(headers.get('content-type')).toContain('application/ld+json');
    const sets = (body as CatalogNode)['dcat:dataset'] as CatalogNode[];
    expect(sets.map((set) => set['@id'])).toEqual(
      ['stations', 'citations', 'areas', 'station-aaaaaaaaaa', 'station-bbbbbbbbbb'].map(
        (id) => `https://luft.example.org/catalog.jsonld#${id}`,
      ),
    );
    const licences = sets.map((set) => (set['dcat:distribution'] as CatalogNode[])[0]!['dct:license']);
    const odbl = { '@id': 'https://opendatacommons.org/licenses/odbl/1-0/' };
    expect(licences).toEqual([odbl, odbl, odbl, odbl, { '@id': 'https://creativecommons.org/licenses/by/4.0/' }]);
    for (const set of sets) {
      for (const name of ['dct:title', 'dct:description', 'dct:publisher', 'dcat:theme', 'dcat:contactPoint']) {
        expect(set).toHaveProperty([name]);
      }
    }
  });

  it('names for what came through sensor.community its licences and whom to credit, set by set', async () => {
    const externalIds = ['sensor.community:7675'];
    const { send } = await house([
      // Whatever the licence of data that people send here: theirs stay under theirs.
      stationOf('dddddddddd', { licence: 'CC0-1.0', source: 'mirror', externalIds }),
      stationOf('eeeeeeeeee', { licence: 'CC0-1.0', source: 'direct', externalIds }),
      stationOf('ffffffffff', { licence: 'CC0-1.0' }),
    ]);
    const { body } = await send('GET', '/catalog.jsonld');
    const sets = (body as CatalogNode)['dcat:dataset'] as CatalogNode[];
    const said = (id: string) => {
      const set = sets.find((each) => String(each['@id']).endsWith(`#${id}`))!;
      const { 'dct:license': licence, 'dct:rights': rights } = (set['dcat:distribution'] as CatalogNode[])[0]!;
      const words = (rights as CatalogNode | undefined)?.['rdfs:label'] as CatalogNode[] | undefined;
      return [(licence as CatalogNode)['@id'], set['dct:source'], words?.[1]?.['@value']];
    };
    const odbl = 'https://opendatacommons.org/licenses/odbl/1-0/';
    const source = { '@id': 'https://sensor.community/' };
    const credit =
      'Readings wholly or in part from Sensor.Community (https://sensor.community/): ODbL 1.0, DbCL 1.0 (https://opendatacommons.org/licenses/dbcl/1-0/).';
    expect(said('station-dddddddddd')).toEqual([odbl, source, credit]);
    expect(said('station-eeeeeeeeee')).toEqual([odbl, source, `ODbL-1.0, CC0-1.0. ${credit}`]);
    const zero = 'https://creativecommons.org/publicdomain/zero/1.0/';
    expect(said('station-ffffffffff')).toEqual([zero, undefined, undefined]);
    expect(said('stations')).toEqual([odbl, source, `ODbL-1.0, CC-BY-4.0, CC0-1.0. ${credit}`]);
    const { text } = await send('GET', '/catalog.rdf');
    expect(text).toContain(`<rdfs:label xml:lang="en">${credit}</rdfs:label>`);
    expect(unbalanced(text)).toEqual([]);
  });

  it('calls an official station official, and leads to all hours of a station rather than to its last day', async () => {
    const reference = { network: 'UK AURN', code: 'UKA1', type: 'background' } as const;
    const { send } = await house([stationOf('dddddddddd', { name: 'St Paul', reference })]);
    const sets = ((await send('GET', '/catalog.jsonld')).body as CatalogNode)['dcat:dataset'] as CatalogNode[];
    const wordsOf = (id: string) => {
      const set = sets.find((each) => String(each['@id']).endsWith(`#station-${id}`))!;
      return (set['dct:description'] as CatalogNode[]).map((each) => each['@value']);
    };
    expect(wordsOf('dddddddddd')).toEqual([
      'Stundenmittel der amtlichen Station St Paul, mit Abdeckung und Merkzeichen.',
      'Hourly means of the official station St Paul, with coverage and flags.',
    ]);
    expect(wordsOf('aaaaaaaaaa')[1]).toContain('citizen station Hof <1>');
    const files = sets.at(-1)!['dcat:distribution'] as CatalogNode[];
    expect(files.map((file) => new URL(String(file['@id'])).searchParams.get('from'))).toEqual([
      '2010-01-01T00:00:00Z',
      '2010-01-01T00:00:00Z',
    ]);
  });

  it('is the same as RDF/XML, well-formed', async () => {
    const { send } = await house();
    const { headers, text } = await send('GET', '/catalog.rdf');
    expect(headers.get('content-type')).toContain('application/rdf+xml');
    expect(text).toContain('<dct:title xml:lang="de">Station Hof &lt;1&gt;</dct:title>');
    expect(text).toContain('<foaf:name>Luft &amp; Laub</foaf:name>');
    expect(text).not.toContain('cccccccccc');
    expect(unbalanced(text)).toEqual([]);
    expect(text.match(/<dcat:Dataset /g)).toHaveLength(5);
  });

  it('stays XML whatever a station is called', async () => {
    const { send } = await house([stationOf('dddddddddd', { name: 'Hof\uFFFE\uFFFF\u0001 am\tBach 😀' })]);
    const { text } = await send('GET', '/catalog.rdf');
    expect(text).toContain('<dct:title xml:lang="en">Station Hof\uFFFD\uFFFD\uFFFD am\tBach 😀</dct:title>');
  });
});

/** Names of elements that are not closed where they must be. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  for (const [, slash, name, rest] of xml.matchAll(/<(\/?)([a-z]+:[A-Za-z]+)([^>]*)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) return [name!];
    } else if (!rest!.endsWith('/')) open.push(name!);
  }
  return open;
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { parseDistricts, readDistricts } from '../../server/areas/districtsFile.ts';
import { isInPolygons, type Polygon } from '../../server/domain/area.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { StationList, stationOf } from '../support/stations.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const KOELN = join(packageRoot(), 'tests/fixtures/geo/koeln-stadtbezirke.geojson');

/** A square with a hole in its middle, degrees. */
const OUTER = [
  [0, 0],
  [0, 3],
  [3, 3],
  [3, 0],
  [0, 0],
];
const HOLE = [
  [1, 1],
  [2, 1],
  [2, 2],
  [1, 2],
  [1, 1],
];

function file(features: object[], rest: object = {}): string {
  return JSON.stringify({ type: 'FeatureCollection', ...rest, features });
}

function square(properties: object | null, west = 0, more: object = {}): object {
  const coordinates = [OUTER.map(([lon, lat]) => [lon! + west, lat])];
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates }, ...more };
}

describe('the districts of a file', () => {
  it.each([
    ['clockwise', OUTER, HOLE],
    ['counterclockwise', [...OUTER].reverse(), HOLE],
    ['both one way', OUTER, [...HOLE].reverse()],
  ])('hold what lies inside and not what lies in a hole, rings %s', (_, outer, hole) => {
    const polygons = [[outer, hole]] as unknown as Polygon[];
    expect(isInPolygons({ lat: 0.5, lon: 0.5 }, polygons)).toBe(true);
    expect(isInPolygons({ lat: 1.5, lon: 1.5 }, polygons)).toBe(false);
    expect(isInPolygons({ lat: 1.5, lon: 3.5 }, polygons)).toBe(false);
  });

  it('gives a point on a shared border to exactly one of two neighbours', () => {
    const areas = parseDistricts(file([square({ name: 'West' }), square({ name: 'Ost' }, 3)]));
    for (const lat of [0, 0.5, 1, 2.999]) {
      const holders = areas.filter(({ polygons }) => isInPolygons({ lat, lon: 3 }, polygons));
      expect(holders.map(({ name }) => name)).toEqual(['Ost']);
    }
  });

  it.each([
    [{ id: 7, name: 'Porz' }, '7', 'Porz'],
    [{ STB_NR: '7', STB_NAME: 'Porz', SHAPE_AREA: 1 }, '7', 'Porz'],
    [{ STT_NAME: 'Altstadt/Süd', OBJECTID: 3 }, 'altstadt-sued', 'Altstadt/Süd'],
    [{ wd22cd: 'x', WD_CODE: 'E05010885', ward_name: 'Ashley' }, 'e05010885', 'Ashley'],
    [{ Bezeichnung: ' Nordstadt ' }, 'nordstadt', 'Nordstadt'],
    [{ schluessel: '08' }, '08', '08'],
    [{ name: 'Łódź-Bałuty' }, 'lodz-baluty', 'Łódź-Bałuty'],
    [{ name: 'Mu\u0308hle & <b>Co</b>' }, 'muehle-b-co-b', 'Mu\u0308hle & <b>Co</b>'],
    [{ name: 'Þingvellir' }, 'thingvellir', 'Þingvellir'],
    [{ name: 'حي السلام' }, 'area-bc09d939f0', 'حي السلام'],
    [{ name: '北京路 5' }, 'area-9634e79a00', '北京路 5'],
    [{ NR: 5, name: 'Αθήνα' }, '5', 'Αθήνα'],
    [{ name: '–' }, 'area-d4f85d3675', '–'],
  ])('take id and name from %j', (properties, id, name) => {
    expect(parseDistricts(file([square(properties)]))).toMatchObject([{ id, name }]);
  });

  it('take the id of the feature where its properties have none', () => {
    expect(parseDistricts(file([square(null, 0, { id: 'way/12' })]))).toMatchObject([{ id: 'way-12', name: 'way-12' }]);
  });

  it('are put together when one comes in several features', () => {
    const [area, ...others] = parseDistricts(file([square({ name: 'Inseln' }), square({ name: 'Inseln' }, 10)]));
    expect(others).toEqual([]);
    expect(area!.polygons).toHaveLength(2);
    expect(area!.box).toEqual({ west: 0, south: 0, east: 13, north: 3 });
  });

  it.each([
    [
      'metres by its crs',
      file([square({ name: 'A' })], { crs: { properties: { name: 'urn:ogc:def:crs:EPSG::25832' } } }),
      /EPSG::25832: convert it, .*ogr2ogr -t_srs EPSG:4326/,
    ],
    [
      'a crs behind a link',
      file([square({ name: 'A' })], { crs: { type: 'link', properties: { href: 'crs.wkt' } } }),
      /degrees .* a crs without a name: convert it/,
    ],
    ['metres by its numbers', file([square({ name: 'A' }, 356_000)]), /degrees .* coordinates such as 356000, 0/],
    ['no JSON', 'Stadtteile', /DISTRICTS is no JSON/],
    ['another GeoJSON', '{"type":"Feature"}', /no GeoJSON of polygons/],
    [
      'a point',
      file([{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [7, 51] } }]),
      /feature 1/,
    ],
    ['no names', file([square({ SHAPE_LEN: 1 })]), /feature 1 has neither an id nor a name/],
    [
      'one id for two',
      file([square({ id: 1, name: 'A' }), square({ id: 1, name: 'B' })]),
      /"A" and feature 2, "B", share the id 1/,
    ],
  ])('are refused in one line: %s', (_, text, message) => {
    expect(() => parseDistricts(text)).toThrow(message);
    try {
      parseDistricts(text);
    } catch (error) {
      expect((error as Error).name).toBe('StartError');
      expect((error as Error).message).not.toContain('\n');
    }
  });

  it('may name WGS 84 as their crs and begin with a byte order mark', () => {
    const crs = { properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } };
    expect(parseDistricts(`\uFEFF${file([square({ name: 'A' })], { crs })}`)).toHaveLength(1);
  });

  it('are refused in another encoding than UTF-8, which would spoil every umlaut', async () => {
    const folder = temporaryFolder();
    for (const encoding of ['latin1', 'utf16le'] as const) {
      const path = join(folder, `${encoding}.geojson`);
      writeFileSync(
        path,
        Buffer.from(`\uFEFF${file([square({ name: 'Köln' })])}`.slice(encoding === 'latin1' ? 1 : 0), encoding),
      );
      await expect(readDistricts(path)).rejects.toThrow(/not in UTF-8, .* iconv/);
    }
  });

  it('are refused with latitude first where the map’s centre tells so', async () => {
    await expect(readDistricts(KOELN, { lat: 50.94, lon: 6.96 })).resolves.toHaveLength(9);
    await expect(readDistricts(KOELN, { lat: 53.55, lon: 10 })).resolves.toHaveLength(9);
    await expect(readDistricts(KOELN, { lat: 6.96, lon: 50.94 })).rejects.toThrow(
      /the wrong way round: .*50.94,6.96 inside/,
    );
  });

  it('cannot be read: the file is named', async () => {
    await expect(readDistricts('/nowhere/d.geojson')).rejects.toThrow(
      /^DISTRICTS: \/nowhere\/d.geojson cannot be read/,
    );
  });
});

describe('the area directory', () => {
  it('finds the Cologne district of a place, whatever way its rings run', async () => {
    const directory = new AreaDirectory(await readDistricts(KOELN), () => []);
    expect(JSON.parse(readFileSync(KOELN, 'utf8')).features).toHaveLength(directory.areas().length);
    // Cathedral, town hall of Ehrenfeld, airport, and Bonn.
    expect(directory.areaOf({ lat: 50.9413, lon: 6.9583 })?.name).toBe('Innenstadt');
    expect(directory.areaOf({ lat: 50.9488, lon: 6.918 })?.name).toBe('Ehrenfeld');
    expect(directory.areaOf({ lat: 50.8659, lon: 7.1427 })?.name).toBe('Porz');
    expect(directory.areaOf({ lat: 50.735, lon: 7.1 })).toBeUndefined();
  });

  it('puts a station where its public position is, never where it stands', async () => {
    const border = 7.008;
    const areas = parseDistricts(file([square({ name: 'West' }, border - 3), square({ name: 'Ost' }, border)]));
    // On a grid of 1 km it is shown at 7.01, across the border.
    const station = stationOf('aaaaaaaaaa', { position: { lat: 1.0001, lon: 7.006 }, positionGridMetres: 1000 });
    const directory = new AreaDirectory(areas, () => [station]);
    expect(directory.areaOf(station.position)?.name).toBe('West');
    expect(directory.stationsOf('west')).toEqual([]);
    expect(directory.stationsOf('ost')).toEqual([station]);
  });

  it('lists only public stations, and follows the registry', () => {
    const stations = new StationList([
      stationOf('aaaaaaaaaa', { position: { lat: 1, lon: 1 } }),
      stationOf('bbbbbbbbbb', { position: { lat: 1, lon: 1 }, status: 'pending' }),
      stationOf('cccccccccc', { position: { lat: 1, lon: 1 }, isIndoor: true }),
    ]);
    const directory = new AreaDirectory(parseDistricts(file([square({ name: 'A' })])), () => stations.stations());
    const ids = () => directory.stationsOf('a').map(({ id }) => id);
    expect(ids()).toEqual(['aaaaaaaaaa']);
    stations.put(stationOf('aaaaaaaaaa', { position: { lat: 1, lon: 8 } }));
    expect(ids()).toEqual([]);
    expect(directory.stationsOf('nowhere')).toEqual([]);
  });
});

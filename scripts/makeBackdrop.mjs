import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { placeNames } from './backdropNames.mjs';
import { fail, root, say } from './run.mjs';

/**
 * Makes web/public/geo/world.geojson and europe.geojson, the map's backdrop without a tile server, out of Natural Earth:
 * `node scripts/makeBackdrop.mjs <folder>`, where the folder holds the `ne_*.json.gz` files that
 * web/public/geo/SOURCES.md names. Features carry `kind` (land, border, lake, river, place), lines and lakes `minZoom`, the
 * zoom from which Natural Earth draws them, and places `name` (English), where it differs `nameDe`, and `minZoom`.
 */
const source = process.argv[2];
if (!source || !existsSync(source)) fail('Usage: node scripts/makeBackdrop.mjs <folder with the Natural Earth files>');

/** West, south, east, north. What lies in it goes to europe.geojson with more detail. */
const EUROPE = [-25, 34, 45, 72];
/** Decimals kept and the distance a line may move, degrees. 0.01 degrees is about a kilometre. */
const COARSE = { decimals: 2, tolerance: 0.06 };
const FINE = { decimals: 3, tolerance: 0.012 };
/** Outside Europe lines that Natural Earth draws only from a nearer zoom are left out; in Europe those from zoom 7 on. */
const FURTHEST = { world: 4, europe: 6.7 };

const featuresOf = (name) => {
  const { features } = JSON.parse(gunzipSync(readFileSync(join(source, `${name}.json.gz`))).toString());
  return features.filter(({ geometry }) => geometry?.coordinates?.length > 0);
};

/** Douglas and Peucker: the points of `line` without which it would be further than `tolerance` from itself. */
function simplify(line, tolerance) {
  const keep = new Set([0, line.length - 1]);
  const open = [[0, line.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [first, last] = span;
    let furthest = { index: -1, distance: tolerance };
    for (let index = first + 1; index < last; index += 1) {
      const distance = distanceTo(line[index], line[first], line[last]);
      if (distance > furthest.distance) furthest = { index, distance };
    }
    if (furthest.index < 0) continue;
    keep.add(furthest.index);
    open.push([first, furthest.index], [furthest.index, last]);
  }
  return line.filter((_, index) => keep.has(index));
}

function distanceTo([x, y], [ax, ay], [bx, by]) {
  const squared = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}

/** A line or ring with fewer points and decimals; undefined when too little is left of it. */
function thin(line, { decimals, tolerance }, isRing) {
  const rounded = simplify(line, tolerance).map((point) => point.map((degrees) => Number(degrees.toFixed(decimals))));
  const distinct = rounded.filter((point, index) => index === 0 || String(point) !== String(rounded[index - 1]));
  return distinct.length >= (isRing ? 4 : 2) ? distinct : undefined;
}

const linesOf = ({ type, coordinates }) => (type === 'LineString' ? [coordinates] : coordinates);
const polygonsOf = ({ type, coordinates }) => (type === 'Polygon' ? [coordinates] : coordinates);
const thinAll = (lines, detail, isRing) => lines.map((line) => thin(line, detail, isRing)).filter(Boolean);

function thinGeometry(geometry, detail) {
  if (geometry.type.endsWith('LineString')) {
    return { type: 'MultiLineString', coordinates: thinAll(linesOf(geometry), detail, false) };
  }
  const polygons = polygonsOf(geometry).map((rings) => thinAll(rings, detail, true));
  return { type: 'MultiPolygon', coordinates: polygons.filter((rings) => rings.length > 0) };
}

function feature(kind, { geometry, properties }, detail) {
  const minZoom = properties.min_zoom ?? 0;
  return { type: 'Feature', properties: { kind, minZoom }, geometry: thinGeometry(geometry, detail) };
}

function isInEurope({ geometry }) {
  const points = geometry.coordinates
    .flat(geometry.type.startsWith('Multi') ? 1 : 0)
    .flat(geometry.type.endsWith('Polygon') ? 1 : 0);
  const [west, south, east, north] = EUROPE;
  return points.some(([lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north);
}

/** Edges that two countries share, joined to lines where one follows the other. */
function borders(countries) {
  const edges = new Map();
  for (const { geometry } of countries) {
    for (const ring of polygonsOf(geometry).flat()) {
      ring.slice(1).forEach((end, index) => {
        const key = [ring[index], end].map(String).sort().join(' ');
        const known = edges.get(key);
        edges.set(key, { line: [ring[index], end], count: (known?.count ?? 0) + 1 });
      });
    }
  }
  const shared = [...edges.values()].filter(({ count }) => count > 1).map(({ line }) => line);
  return { type: 'MultiLineString', coordinates: joined(shared) };
}

function joined(lines) {
  const result = [];
  for (const line of lines) {
    const last = result.at(-1);
    if (last && String(last.at(-1)) === String(line[0])) last.push(line[1]);
    else result.push([...line]);
  }
  return result;
}

function places() {
  return featuresOf('ne_110m_populated_places_simple').map(({ geometry, properties: { name, min_zoom: minZoom } }) => ({
    type: 'Feature',
    properties: { kind: 'place', ...placeNames(name), minZoom },
    geometry: { type: 'Point', coordinates: geometry.coordinates.map((degrees) => Number(degrees.toFixed(2))) },
  }));
}

function save(name, features) {
  const isDrawn = ({ geometry }) => geometry.coordinates.length > 0;
  const text = JSON.stringify({ type: 'FeatureCollection', features: features.filter(isDrawn) });
  writeFileSync(join(root, 'web/public/geo', name), text);
  say(`${name}: ${Math.round(text.length / 1000)} kB, compressed ${Math.round(gzipSync(text).length / 1000)} kB`);
}

const upTo = (zoom) => (entry) => entry.properties.min_zoom <= zoom;
const lakes = featuresOf('ne_50m_lakes');
const rivers = featuresOf('ne_50m_rivers_lake_centerlines');
const elsewhere = (features) => features.filter((entry) => !isInEurope(entry)).filter(upTo(FURTHEST.world));
const of = (kind, features, detail) => features.map((entry) => feature(kind, entry, detail));
const border = { geometry: borders(featuresOf('ne_110m_admin_0_countries')), properties: {} };
save('world.geojson', [
  ...of('land', featuresOf('ne_110m_land'), { decimals: 2, tolerance: 0 }),
  ...of('lake', elsewhere(lakes), COARSE),
  ...of('river', elsewhere(rivers), COARSE),
  feature('border', border, { decimals: 2, tolerance: 0 }),
  ...places(),
]);
save('europe.geojson', [
  ...of('lake', lakes.filter(isInEurope), FINE),
  ...of('river', rivers.filter(isInEurope), FINE),
  ...of('river', featuresOf('ne_10m_rivers_europe').filter(upTo(FURTHEST.europe)), FINE),
]);

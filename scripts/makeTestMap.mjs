import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fail, root, say } from './run.mjs';

/**
 * Makes tests/fixtures/maps/natural-earth.pmtiles out of web/public/geo (Natural Earth): `node scripts/makeTestMap.mjs`. A
 * real PMTiles 3 archive of vector tiles with the layers and properties of the Protomaps basemap (`earth`, `water`,
 * `boundaries`, `places`), small enough for the repository. No street map: operators get theirs as docs/maps.md says.
 *
 * Formats: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md, Mapbox Vector Tile 2.1.
 */
const MAX_ZOOM = 4;
/** Tile coordinates a side, and how far shapes reach beyond the edge. */
const EXTENT = 4096;
const BUFFER = 80;
const target = process.argv[2] ?? join(root, 'tests/fixtures/maps/natural-earth.pmtiles');

const KINDS = {
  land: { layer: 'earth', kind: 'earth', type: 3 },
  lake: { layer: 'water', kind: 'lake', type: 3 },
  river: { layer: 'water', kind: 'river', type: 2 },
  border: { layer: 'boundaries', kind: 'country', detail: 2, type: 2 },
  place: { layer: 'places', kind: 'locality', type: 1 },
};

const features = ['world', 'europe'].flatMap((name) => {
  const { features } = JSON.parse(readFileSync(join(root, `web/public/geo/${name}.geojson`), 'utf8'));
  return features.map((feature) => ({ ...KINDS[feature.properties.kind], ...shapeOf(feature) }));
});

function shapeOf({ geometry: { type, coordinates }, properties }) {
  const lines = { Point: () => [[coordinates]], LineString: () => [coordinates], MultiLineString: () => coordinates };
  const rings = { Polygon: () => coordinates, MultiPolygon: () => coordinates.flat() };
  const made = (lines[type] ?? rings[type])?.();
  if (!made) fail(`${type} is not drawn`);
  return { lines: made.map((line) => line.map(toSquare)), name: properties.name, minZoom: properties.minZoom ?? 0 };
}

/** Longitude and latitude on the Mercator unit square. */
function toSquare([lon, lat]) {
  const sine = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

// Protocol buffers: just what vector tiles need.
function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
const zigzag = (value) => (value < 0 ? -2 * value - 1 : 2 * value);
const numberField = (tag, value) => Buffer.concat([varint(tag * 8), varint(value)]);
const bytesField = (tag, bytes) => Buffer.concat([varint(tag * 8 + 2), varint(bytes.length), bytes]);
const packed = (tag, values) => bytesField(tag, Buffer.concat(values.map(varint)));

/** The part of a line or ring on the inner side of one edge: Sutherland and Hodgman; lines lose what is outside. */
function clipEdge({ points, isRing }, axis, limit, isInside) {
  const kept = [];
  points.forEach((point, i) => {
    const before = points[i - 1] ?? (isRing ? points.at(-1) : point);
    const [isIn, wasIn] = [isInside(point[axis]), isInside(before[axis])];
    if (isIn !== wasIn) {
      const share = (limit - before[axis]) / (point[axis] - before[axis]);
      const across = before[1 - axis] + share * (point[1 - axis] - before[1 - axis]);
      kept.push(axis === 0 ? [limit, across] : [across, limit]);
    }
    if (isIn) kept.push(point);
  });
  return kept;
}

function clip(points, isRing) {
  const [low, high] = [-BUFFER, EXTENT + BUFFER];
  let kept = points;
  for (const axis of [0, 1]) {
    kept = clipEdge({ points: kept, isRing }, axis, low, (at) => at >= low);
    kept = clipEdge({ points: kept, isRing }, axis, high, (at) => at <= high);
  }
  const rounded = kept.map(([x, y]) => [Math.round(x), Math.round(y)]);
  return rounded.filter((point, i) => i === 0 || String(point) !== String(rounded[i - 1]));
}

const areaOf = (ring) =>
  ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0);

/** MVT command integers of all lines of a feature; empty when nothing of it lies in the tile. */
function commandsOf({ type, lines }, { z, x, y }) {
  const scale = 2 ** z * EXTENT;
  const commands = [];
  let [cursorX, cursorY] = [0, 0];
  const go = ([toX, toY]) => {
    commands.push(zigzag(toX - cursorX), zigzag(toY - cursorY));
    [cursorX, cursorY] = [toX, toY];
  };
  for (const line of lines) {
    let points = clip(
      line.map(([px, py]) => [px * scale - x * EXTENT, py * scale - y * EXTENT]),
      type === 3,
    );
    if (type === 3) {
      if (String(points[0]) === String(points.at(-1))) points = points.slice(0, -1);
      if (points.length < 3 || Math.abs(areaOf(points)) < 2) continue;
      // Our outlines are all outer rings, which wind clockwise on the screen: a positive area.
      if (areaOf(points) < 0) points.reverse();
    }
    if (points.length < Math.min(type, 3)) continue;
    commands.push(9);
    go(points[0]);
    if (points.length > 1) commands.push((points.length - 1) * 8 + 2);
    points.slice(1).forEach(go);
    if (type === 3) commands.push(15);
  }
  return commands;
}

function tileOf(at) {
  const layers = new Map();
  for (const feature of features) {
    if (feature.minZoom > at.z + 2) continue;
    const commands = commandsOf(feature, at);
    if (commands.length === 0) continue;
    const layer = layers.get(feature.layer) ?? { features: [], keys: [], values: [] };
    layers.set(feature.layer, layer);
    const tags = Object.entries({
      kind: feature.kind,
      name: feature.name,
      min_zoom: feature.minZoom,
      population_rank: 12,
    })
      .filter(([key, value]) => value !== undefined && (key.startsWith('kind') || feature.type === 1))
      .flatMap(([key, value]) => [indexIn(layer.keys, key), indexIn(layer.values, value)]);
    layer.features.push(Buffer.concat([packed(2, tags), numberField(3, feature.type), packed(4, commands)]));
  }
  const written = [...layers].map(([name, { features, keys, values }]) =>
    Buffer.concat([
      bytesField(1, Buffer.from(name)),
      ...features.map((feature) => bytesField(2, feature)),
      ...keys.map((key) => bytesField(3, Buffer.from(key))),
      ...values.map((value) => bytesField(4, fieldValue(value))),
      numberField(5, EXTENT),
      numberField(15, 2),
    ]),
  );
  return Buffer.concat(written.map((layer) => bytesField(3, layer)));
}

function indexIn(list, value) {
  const at = list.indexOf(value);
  return at >= 0 ? at : list.push(value) - 1;
}

function fieldValue(value) {
  if (typeof value === 'string') return bytesField(1, Buffer.from(value));
  const bytes = Buffer.alloc(9);
  bytes[0] = 3 * 8 + 1;
  bytes.writeDoubleLE(value, 1);
  return bytes;
}

/** Position of a tile on the Hilbert curve through all zooms (PMTiles, "Tile ID"). */
function tileId({ z, x, y }) {
  let id = (4 ** z - 1) / 3;
  let [tx, ty] = [x, y];
  for (let side = 2 ** z / 2; side >= 1; side /= 2) {
    const [rx, ry] = [tx & side ? 1 : 0, ty & side ? 1 : 0];
    id += side * side * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) [tx, ty] = [2 ** z - 1 - tx, 2 ** z - 1 - ty];
      [tx, ty] = [ty, tx];
    }
  }
  return id;
}

const tiles = [];
for (let z = 0; z <= MAX_ZOOM; z += 1) {
  for (let x = 0; x < 2 ** z; x += 1) {
    for (let y = 0; y < 2 ** z; y += 1) {
      const tile = tileOf({ z, x, y });
      if (tile.length > 0) tiles.push({ id: tileId({ z, x, y }), bytes: gzipSync(tile, { level: 9 }) });
    }
  }
}
tiles.sort((a, b) => a.id - b.id);

/** Directory: counts, then the columns of ids (as differences), run lengths, lengths and offsets. */
function directoryOf(entries) {
  const offsets = [];
  let at = 0;
  for (const { bytes } of entries) {
    offsets.push(at);
    at += bytes.length;
  }
  return Buffer.concat([
    varint(entries.length),
    ...entries.map(({ id }, i) => varint(id - (entries[i - 1]?.id ?? 0))),
    ...entries.map(() => varint(1)),
    ...entries.map(({ bytes }) => varint(bytes.length)),
    // 0 means: right behind the entry before.
    ...offsets.map((offset, i) => varint(i === 0 ? offset + 1 : 0)),
  ]);
}

const HEADER = 127;
const directory = gzipSync(directoryOf(tiles), { level: 9 });
const credit = '<a href="https://www.naturalearthdata.com/">Natural Earth</a>';
const metadata = gzipSync(JSON.stringify({ name: 'Natural Earth, for tests', attribution: credit }), { level: 9 });
const data = Buffer.concat(tiles.map(({ bytes }) => bytes));
const header = Buffer.alloc(HEADER);
header.write('PMTiles', 0, 'latin1');
header[7] = 3;
const sections = [directory.length, metadata.length, 0, data.length];
let offset = HEADER;
sections.forEach((length, i) => {
  header.writeBigUInt64LE(BigInt(offset), 8 + i * 16);
  header.writeBigUInt64LE(BigInt(length), 16 + i * 16);
  offset += length;
});
[0, 8, 16].forEach((at) => void header.writeBigUInt64LE(BigInt(tiles.length), 72 + at));
// Clustered; directories and tiles gzipped; vector tiles; zooms.
[1, 2, 2, 1, 0, MAX_ZOOM].forEach((value, i) => {
  header[96 + i] = value;
});
[-180, -85, 180, 85].forEach((degrees, i) => void header.writeInt32LE(degrees * 1e7, 102 + i * 4));
header[118] = 4;
header.writeInt32LE(10 * 1e7, 119);
header.writeInt32LE(51 * 1e7, 123);
writeFileSync(target, Buffer.concat([header, directory, metadata, data]));
say(
  `${target}: ${tiles.length} tiles, ${Math.round((HEADER + directory.length + metadata.length + data.length) / 1024)} KB`,
);

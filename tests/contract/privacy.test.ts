import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { airrohrBody } from '../support/airrohrBody.ts';
import { closeAfterTest } from '../support/closing.ts';
import type { DeviceLogin } from '../support/mqttClients.ts';
import { connectDevice } from '../support/mqttClients.ts';
import { type OwnStation, type Program, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

/** Two places of one cell, just inside opposite borders; both are public as 48.137, 11.5755. */
const HERE = { lat: 48.1374999, lon: 11.5754321 };
const THERE = { lat: 48.1365001, lon: 11.5760001 };
/** Also inside a longer number, and rounded to what would still find a house. */
const EXACT = [HERE, THERE].flatMap(({ lat, lon }) => [lat, lon].map((degrees) => String(degrees).slice(0, -2)));

/** Two districts with a border between the two exact places: it must not tell on which side somebody lives. */
const AREAS = ['nord', 'sued'];
const DISTRICTS = JSON.stringify({
  type: 'FeatureCollection',
  features: AREAS.map((id) => {
    const [south, north] = id === 'nord' ? [48.1372, 48.2] : [48.1, 48.1372];
    const ring = [
      [11.5, south],
      [11.6, south],
      [11.6, north],
      [11.5, north],
      [11.5, south],
    ];
    return { type: 'Feature', properties: { id, name: id }, geometry: { type: 'Polygon', coordinates: [ring] } };
  }),
});

/** Everything anybody may ask for, about the stations with these ids. */
function publicPaths(ids: readonly string[]): string[] {
  const span = 'from=2026-01-01T00:00:00Z';
  const series = ['pm25', 'noise'].flatMap((quantity) => [
    ...['json', 'csv'].map((format) => `quantity=${quantity}&window=1d&${span}&format=${format}`),
    ...['json', 'csv'].map((format) => `quantity=${quantity}&window=raw&format=${format}`),
  ]);
  return [
    ...['/api/v1/stations', '/api/v1/stations?bbox=11.5,48.1,11.6,48.2', '/api/v1/instance', '/', '/about'],
    ...['1h', '24h', 'latest'].map((average) => `/api/v1/map?average=${average}`),
    ...['/api/v1/areas', '/api/v1/districts', ...AREAS.flatMap((id) => [`/area/${id}`, `/api/v1/areas/${id}`])],
    ...AREAS.map((id) => `/api/v1/areas/${id}/series?window=1d&${span}`),
    ...['/api/v1/map?quantity=noise&average=latest', '/api/v1/openapi.json', '/healthz', '/readyz', '/metrics'],
    ...['v1/data', 'v2/data', 'v2/data.dust.min', 'v2/data.temp.min', 'v2/data.1h'].map(
      (file) => `/static/${file}.json`,
    ),
    ...['Things', 'Locations', 'Datastreams', 'Sensors', 'Observations'].map((set) => `/sta/v1.1/${set}`),
    // A circle whose edge lies between the two exact places.
    ...['lat=48.1416&lon=11.5755&radius=500', `stations=${ids.join()}`].map(
      (area) => `/api/v1/area-alerts/preview?${area}`,
    ),
    ...['/alerts', '/alerts?lat=48.1416&lon=11.5755&radius=500', ...AREAS.map((id) => `/alerts?area=${id}`)],
    ...['/area', '/report', '/methods', '/host', '/confirm/nothing', '/nothing-here'],
    ...['/data/v1/data.noise.json', '/airrohr/v1/filter/area=48.137,11.5755,1'],
    ...ids.flatMap((id) => [
      ...[`/api/v1/stations/${id}`, `/station/${id}`, `/alerts?station=${id}`, `/report?station=${id}`],
      ...[`/api/v1/days-above?station=${id}&quantity=pm25&year=2026`],
      ...[`/api/v1/stations/${id}/contacts`, `/api/v1/stations/${id}/alerts`, `/api/v1/stations/${id}/private`],
      ...series.map((query) => `/api/v1/stations/${id}/series?${query}`),
    ]),
  ];
}

/** All answers, one text each, headers with it. */
async function crawl({ get }: Program, paths: readonly string[]): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const path of paths) {
    const { status, headers, text } = await get(path);
    pages.set(path, [status, JSON.stringify([...headers]), text].join('\n'));
  }
  return pages;
}

/** Follows everything a browser can follow; what comes, as texts. */
async function followAll({ url }: Program, ids: readonly string[]): Promise<string[]> {
  const socket = io(url, { transports: ['websocket'], reconnection: false });
  closeAfterTest(() => socket.disconnect());
  const heard: string[] = [];
  socket.onAny((name, payload) => heard.push(JSON.stringify([name, payload])));
  for (const quantity of ['pm25', 'noise']) {
    await socket.timeout(5_000).emitWithAck('map:subscribe', { quantity, average: 'latest' });
  }
  for (const stationId of ids) await socket.timeout(5_000).emitWithAck('station:subscribe', { stationId });
  return heard;
}

/** Another device's view of the broker: every retained message it may have. */
async function listen({ mqttPort }: Program, login: DeviceLogin): Promise<string[]> {
  const client = await connectDevice(mqttPort, login);
  const heard: string[] = [];
  client.on('message', (topic, payload) => heard.push(`${topic} ${payload}`));
  await client.subscribeAsync(['buergerluft/stations/+/latest', 'buergerluft/status', 'homeassistant/#']);
  return heard;
}

async function push({ mqttPort }: Program, station: OwnStation): Promise<void> {
  const device = await connectDevice(mqttPort, station);
  const captured = JSON.parse(airrohrBody(station.deviceId));
  const sensordatavalues = [
    ...captured.sensordatavalues,
    { value_type: 'GPS_lat', value: String(HERE.lat) },
    { value_type: 'GPS_lon', value: String(HERE.lon) },
    { value_type: 'DNMS_noise_LAeq', value: '51.97' },
  ];
  const body = JSON.stringify({ ...captured, sensordatavalues });
  await device.publishAsync(`buergerluft/${station.deviceId}/airrohr`, body, { qos: 1 });
}

/** Three hosts at one place: a public station, one indoors, and a neighbour who listens. */
async function startWithHosts() {
  // A clock that stands still: what differs between two answers is then not the time.
  const now = Date.now();
  const folder = temporaryFolder();
  const districts = join(folder, 'districts.geojson');
  writeFileSync(districts, DISTRICTS);
  const program = await startProgram({
    settings: {
      METRICS_PUBLIC: 'true',
      HOME_ASSISTANT: 'true',
      DISTRICTS: districts,
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'luft@example.org',
    },
    clock: () => now,
  });
  const shown = await program.addStation('esp8266-81726354', { position: HERE });
  const indoor = await program.addStation('esp8266-91827364', { position: HERE, isIndoor: true });
  const neighbour = await program.addStation('esp8266-71625344', { position: THERE });
  const stations = [shown, indoor, neighbour];
  const paths = publicPaths(stations.map(({ id }) => id));
  const live = await followAll(program, [shown.id, neighbour.id]);
  const retained = await listen(program, neighbour);
  for (const station of [shown, indoor]) await push(program, station);
  await until('the live map and the broker tell', () => {
    return (
      live.some((text) => text.startsWith('["map:changed"') && text.includes(shown.id)) &&
      retained.some((text) => text.includes(shown.id))
    );
  });
  return { program, shown, indoor, stations, paths, live, retained };
}

describe('what anybody can see', () => {
  it('holds no exact position, key, device or private value, and nothing of an indoor station', async () => {
    const { program, indoor, stations, paths, live, retained } = await startWithHosts();
    const answers = await crawl(program, paths);
    const outputs = [...answers, ['live', live.join()], ['retained', retained.join()]] as [string, string][];
    const keys = stations.flatMap(({ deviceId, token, ownerKey }) => [deviceId, deviceId.slice(8), token, ownerKey]);
    const found = (secrets: readonly string[], texts: readonly [string, string][]) =>
      texts.flatMap(([where, text]) => secrets.filter((secret) => text.includes(secret)).map((what) => [where, what]));
    expect(found([...EXACT, ...keys, '51.97', '519,'], outputs)).toEqual([]);
    expect(found([...EXACT, ...keys], [['log', program.logged.join('\n')]])).toEqual([]);
    const ofIndoor = outputs.filter(([, text]) => text.startsWith('200') && text.includes(indoor.id));
    expect(ofIndoor.map(([path]) => path)).toEqual([]);
  });

  it('is the same wherever in its cell a station stands, down to bounding boxes', async () => {
    const { program, shown, paths, live } = await startWithHosts();
    const before = await crawl(program, paths);
    const told = live.length;
    const moved = await program.send('PATCH', `/api/v1/stations/${shown.id}`, {
      body: { position: THERE },
      key: shown.ownerKey,
    });
    expect(moved.status).toBe(200);
    const after = await crawl(program, paths);
    const different = paths.filter((path) => timeless(after.get(path)!) !== timeless(before.get(path)!));
    expect(different).toEqual([]);
    expect(live.slice(told)).toEqual([]);
    const around = ({ lat, lon }: typeof HERE) => `bbox=${lon - 1e-5},${lat - 1e-5},${lon + 1e-5},${lat + 1e-5}`;
    const inBox = async (where: typeof HERE) => [
      JSON.parse((await program.get(`/api/v1/stations?${around(where)}`)).text).features.length,
      JSON.parse((await program.get(`/api/v1/map?${around(where)}`)).text).id.length,
    ];
    expect(await Promise.all([HERE, THERE, { lat: 48.137, lon: 11.5755 }].map(inBox))).toEqual([
      [0, 0],
      [0, 0],
      [2, 2],
    ]);
  });
});

/** An answer without what counts up by itself. */
function timeless(answer: string): string {
  return answer.includes('# HELP') ? '' : answer.replace(/\["date","[^"]*"\]/, '');
}

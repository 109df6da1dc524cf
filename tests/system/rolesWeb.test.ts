import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { runCli } from '../../server/cli/runCli.ts';
import { WATCHED_TOPIC } from '../../server/domain/topics.ts';
import { closeAfterTest } from '../support/closing.ts';
import { MapViewer } from '../support/mapViewer.ts';
import { connectMqtt } from '../support/mqttClients.ts';
import { addLoadDevices, type NodeProcess, type Nodes, startNodes, untilAllKnow } from '../support/nodes.ts';
import { numberedBody, ReadingLoad } from '../support/readingLoad.ts';
import { addStationOver } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

async function startLoad(nodes: Nodes, count: number): Promise<ReadingLoad> {
  const devices = await addLoadDevices(nodes, count);
  const load = new ReadingLoad({ devices, mqttPort: nodes.mosquitto.port, everyMs: 200, isAnonymous: true });
  load.start();
  return load;
}

async function json(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

describe('two web nodes', () => {
  it('let a browser go from one to the other without a gap', async () => {
    const nodes = await startNodes({ ingest: 1, web: 2 });
    const [first, second] = nodes.web as [NodeProcess, NodeProcess];
    const load = await startLoad(nodes, 3);
    const viewer = new MapViewer({ quantity: 'pm10', average: 'latest' });
    closeAfterTest(() => viewer.close());
    await viewer.open(first.server.url);
    // The second follows the layer too, once it is in use anywhere.
    await until('ticks come', () => viewer.changes.length >= 5);
    for (let move = 0; move < 4; move++) {
      const before = viewer.changes.length;
      viewer.connect((move % 2 === 0 ? second : first).server.url);
      await until('ticks come from the other node', () => viewer.changes.length >= before + 3);
    }
    load.stop();
    await load.settled();
    const seqs = viewer.changes.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_seq, at) => seqs[0]! + at));
    expect(new Set(viewer.changes.map(({ epoch }) => epoch)).size).toBe(1);
    expect(viewer.snapshots).toBe(0);
    const isSame = async () => {
      const told = await viewer.valuesAt(nodes.aggregator.server.url);
      return isDeepStrictEqual([...viewer.values].sort(), [...told].sort());
    };
    await until('the browser shows what the aggregator knows', isSame);
  });

  it('answer as the aggregator does, and hand on what only it can do', async () => {
    const nodes = await startNodes({ ingest: 1, web: 1 });
    const [web] = nodes.web as [NodeProcess];
    const load = await startLoad(nodes, 2);
    await wait(2_000);
    load.stop();
    await load.settled();
    const [stationId = ''] = load.acknowledged.keys();
    for (const path of [
      '/api/v1/stations',
      `/api/v1/stations/${stationId}`,
      `/api/v1/stations/${stationId}/series?quantity=pm10&window=raw`,
      '/api/v1/limits',
      '/api/v1/indices',
      '/api/v1/openapi.json',
      '/api/v1/citations/key',
    ]) {
      const answers = () => Promise.all([web, nodes.aggregator].map(({ server }) => json(server.url + path)));
      // Both hear of a reading when the node that stored it tells them, each in its own time.
      const areEqual = async () => isDeepStrictEqual(...((await answers()) as [unknown, unknown]));
      await until(`${path} is answered alike`, areEqual);
    }
    for (const path of ['/', `/station/${stationId}`, '/area', '/methods', '/imprint', '/report', '/host']) {
      const response = await fetch(web.server.url + path);
      expect([path, response.status]).toEqual([path, 200]);
    }
    const admin = {
      Authorization: `Bearer ${nodes.aggregator.server.adminToken()}`,
      'Content-Type': 'application/json',
    };
    const position = { lat: 51.451, lon: 7.011 };
    const body = JSON.stringify({ name: 'Through the web node', position, isIndoor: false });
    const made = await fetch(`${web.server.url}/api/v1/stations`, { method: 'POST', headers: admin, body });
    expect(made.status).toBe(201);
    const { station, ownerKey } = (await made.json()) as { station: { id: string }; ownerKey: string };
    const isKnown = async () => (await fetch(`${web.server.url}/api/v1/stations/${station.id}`)).ok;
    await until('the web node follows the registry', isKnown);
    const owner = { Authorization: `Bearer ${ownerKey}` };
    const gone = await fetch(`${web.server.url}/api/v1/stations/${station.id}`, { method: 'DELETE', headers: owner });
    expect(gone.status).toBe(204);
    await until('the station is gone here too', async () => !(await isKnown()));
  });

  it('show what the operator tells about a day as soon as it is written, and go on while the aggregator is away', async () => {
    const nodes = await startNodes({ ingest: 0, web: 1 });
    const { server } = nodes.aggregator;
    const [web] = nodes.web as [NodeProcess];
    const { stationId } = await addStationOver(server, 'esp8266-7300');
    const page = async () => (await fetch(`${web.server.url}/station/${stationId}`)).text();
    await until('the web node knows the station', async () => (await page()).includes('Station of esp8266-7300'));
    const [from, to] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
    const text = { de: 'Nebel in den Tälern.', en: 'Fog in the valleys.' };
    const headers = { Authorization: `Bearer ${server.adminToken()}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ kind: 'fog', from, to, text });
    const written = await fetch(`${web.server.url}/api/v1/admin/notices`, { method: 'POST', headers, body });
    expect(written.status).toBe(201);
    const notice = await written.json();
    const isShown = async () => (await page()).includes('Nebel in den Tälern.');
    await until('the page shows it', isShown);
    await server.kill();
    expect(await isShown()).toBe(true);
    expect(await json(`${web.server.url}/api/v1/notices`)).toEqual({ notices: [notice] });
    expect(await (await fetch(web.server.url)).text()).toContain('Nebel in den Tälern.');
  });

  it('forget what a station had of another when the two are taken apart', async () => {
    const nodes = await startNodes({ ingest: 1, web: 1 });
    const [web] = nodes.web as [NodeProcess];
    const { server } = nodes.aggregator;
    // Twelve hours of another system's archive, up to an hour ago.
    const times = Array.from({ length: 144 }, (_, at) => new Date(Date.now() - 3_600_000 - at * 300_000));
    const rows = times.map((at) => `39300;SDS011;25019;51.45;7.01;${at.toISOString().slice(0, 19)};40.00;;;20.00;;`);
    const head = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2';
    const path = join(temporaryFolder(), `${new Date().toISOString().slice(0, 10)}_sds011_sensor_39300.csv`);
    writeFileSync(path, `${[head, ...rows].join('\n')}\n`);
    const quiet = () => undefined;
    const env = { DATA_DIR: server.dataDir };
    expect(await runCli(['import', path], { env, out: quiet, err: quiet })).toBe(0);
    const { features } = (await json(`${server.url}/api/v1/stations`)) as { features: { id: string }[] };
    const imported = features[0]!.id;
    const own = await addStationOver(server, 'esp8266-7400');
    await untilAllKnow(nodes);
    const device = await connectMqtt(nodes.mosquitto.port);
    await device.publishAsync('buergerluft/esp8266-7400/airrohr', numberedBody(1500), { qos: 1 });
    interface Shown {
      coverage24h: number;
      latest: { pm10?: { value: number } };
    }
    const everywhere = async (stationId: string, isSo: (shown: Shown) => boolean) => {
      const urls = [web, nodes.aggregator].map((node) => `${node.server.url}/api/v1/stations/${stationId}`);
      const features = (await Promise.all(urls.map(json))) as { properties?: Shown }[];
      return features.every(({ properties }) => properties !== undefined && isSo(properties));
    };
    const isOwn = ({ latest }: Shown) => latest.pm10?.value === 15;
    const hasPast = ({ coverage24h }: Shown) => coverage24h > 0.2;
    await until('its reading is there', () => everywhere(own.stationId, isOwn));
    const change = (method: string) =>
      server.request(method, `/api/v1/admin/stations/${own.stationId}/joined/${imported}`);
    expect((await change('PUT')).status).toBe(200);
    await until('it has the past of both', () => everywhere(own.stationId, (shown) => isOwn(shown) && hasPast(shown)));
    const apart = await change('DELETE');
    expect(apart.status).toBe(200);
    await until('it has only its own again', () =>
      everywhere(own.stationId, (shown) => isOwn(shown) && shown.coverage24h < 0.01),
    );
    await until('the other has its past', () => everywhere(String(apart.body.id), hasPast));
  });

  it('show a host the first steps of a device, whichever node sees them', async () => {
    const nodes = await startNodes({ ingest: 2, web: 1 });
    const [web] = nodes.web as [NodeProcess];
    const position = { lat: 51.45, lon: 7.01 };
    const { body } = await nodes.aggregator.server.request('POST', '/api/v1/stations', {
      ...{ name: 'New', position, isIndoor: false, deviceId: 'esp8266-7200' },
    });
    const { station, ownerKey } = body as { station: { id: string }; ownerKey: string };
    const steps: string[] = [];
    const socket = io(web.server.url, { transports: ['websocket'], forceNew: true });
    closeAfterTest(() => socket.disconnect());
    socket.on('onboarding:step', ({ step }: { step: string }) => void steps.push(step));
    await untilAllKnow(nodes);
    const told: string[] = [];
    const observer = await connectMqtt(nodes.mosquitto.port);
    observer.on('message', (_topic, payload) => void told.push(payload.toString()));
    await observer.subscribeAsync(WATCHED_TOPIC);
    expect(await socket.emitWithAck('onboarding:watch', { stationId: station.id, ownerKey: 'x' })).toEqual({
      error: 'wrong owner key',
    });
    expect(await socket.emitWithAck('onboarding:watch', { stationId: station.id, ownerKey })).toBeUndefined();
    await until('the other nodes are told', () => told.some((stations) => stations.includes(station.id)));
    // They hear of it on another connection than of the device, and on the same as of a station made after it.
    await addStationOver(nodes.aggregator.server, 'esp8266-7201');
    await untilAllKnow(nodes);
    const device = await connectMqtt(nodes.mosquitto.port);
    await device.publishAsync('buergerluft/esp8266-7200/airrohr', 'nonsense', { qos: 1 });
    await device.publishAsync('buergerluft/esp8266-7200/airrohr', numberedBody(1500), { qos: 1 });
    await until('the steps are told', () => steps.length >= 4);
    expect(steps).toEqual(expect.arrayContaining(['failed', 'understood', 'plausible', 'on-map']));
    // And the refusal stands on the owner's page, which is the aggregator's.
    const headers = { Authorization: `Bearer ${ownerKey}` };
    const own = async () => (await fetch(`${web.server.url}/api/v1/stations/${station.id}/owner`, { headers })).text();
    await until('the owner sees the refusal', async () => (await own()).includes('unreadable'));
    expect(steps.filter((step) => step === 'failed')).toHaveLength(1);
  });
});

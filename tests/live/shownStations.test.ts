import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ShownStations } from '../../server/live/shownStations.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { connectMqtt } from '../support/mqttClients.ts';
import { ADMIN_TOKEN, startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const A = 'aaaaaaaaa1';
const B = 'bbbbbbbbb2';
const C = 'ccccccccc3';

function openFile() {
  const folder = temporaryFolder();
  const path = join(folder, 'shown-stations');
  const failures: unknown[] = [];
  const open = (past: string[] = [], at = path) =>
    new ShownStations({ path: at, unknownPast: () => past, onError: (error) => failures.push(error) });
  return { folder, path, open, failures };
}

describe('stations that were ever public', () => {
  it('are known at the next start, and only the first one asks about the past', () => {
    const { path, open } = openFile();
    open([A]).add([B, B]);
    const next = open([C]);
    expect([A, B, C].map((id) => next.has(id))).toEqual([true, true, false]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('need no past: an instance that begins has none, and its stations are not taken for old ones at the next start', () => {
    const { open } = openFile();
    open([]);
    expect(open([A]).has(A)).toBe(false);
  });

  it('are not spoiled by a line that a crash cut off', () => {
    const { path, open } = openFile();
    open().add([A]);
    appendFileSync(path, '\nbbbb');
    open().add([C]);
    const next = open();
    expect([A, B, C].map((id) => next.has(id))).toEqual([true, false, true]);
  });

  it('are written later when the disk refuses, and known meanwhile', () => {
    const { folder, open, failures } = openFile();
    const path = join(folder, 'later', 'shown-stations');
    const shown = open([A], path);
    expect([shown.has(A), failures.length]).toEqual([true, 1]);
    mkdirSync(join(folder, 'later'));
    shown.add([B]);
    const next = open([], path);
    expect([next.has(A), next.has(B), failures.length]).toEqual([true, true, 1]);
  });
});

it('on a connection to a broker, only ids that were public before go out', async () => {
  const mosquitto = await startMosquitto();
  const settings = { MQTT_URL: mosquitto.url, HOME_ASSISTANT: 'true' };
  const first = await startProgram({ settings });
  const shown = await first.addStation('esp8266-15303512');
  const inside = await first.addStation('esp8266-15303513', { isIndoor: true });
  const erased = await first.addStation('esp8266-15303514', { isIndoor: true });
  const send = (method: string, id: string, body?: object) =>
    first.send(method, `/api/v1/stations/${id}`, { key: ADMIN_TOKEN, ...(body && { body }) });
  expect((await send('DELETE', erased.id)).status).toBe(204);
  expect((await send('PATCH', shown.id, { status: 'hidden' })).status).toBe(200);
  await first.close();
  const observer = await connectMqtt(mosquitto.port);
  const heard: string[] = [];
  observer.on('message', (topic) => void heard.push(topic));
  await observer.subscribeAsync(['buergerluft/stations/#', 'homeassistant/#', 'buergerluft/status']);
  await startProgram({ settings, dataDir: first.dataDir });
  const topics = [`buergerluft/stations/${shown.id}/latest`, `homeassistant/device/buergerluft_${shown.id}/config`];
  await until('what the broker may hold is taken back', () => topics.every((topic) => heard.includes(topic)));
  expect(heard.filter((topic) => topic.includes(inside.id) || topic.includes(erased.id))).toEqual([]);
});

import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { airrohrBody } from '../support/airrohrBody.ts';
import { connectBytes, packet, publishHead } from '../support/mqttBytes.ts';
import { connectRaw, isClosed } from '../support/mqttClients.ts';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { until } from '../support/until.ts';

const PUBLISH_QOS_1 = 0x32;
const PINGREQ = Buffer.from([0xc0, 0]);
/**
 * Keep-alive of the device, s, and how long the server stands still: beyond every time a device is given, which is one and a
 * half times the first, and that is left to the test afterwards.
 */
const KEEP_ALIVE_S = 7;
const STILL_MS = 11_500;

it('a server that stood still closes nobody for it: what devices sent meanwhile is read, stored and acknowledged', async () => {
  const server = await startServerProcess();
  const device = await addStationOver(server, 'esp8266-4711');
  const socket = await connectRaw(server.mqttPort);
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
  });
  socket.write(connectBytes({ ...device, clientId: 'one', keepAliveS: KEEP_ALIVE_S }));
  await until('it is signed in', () => received.length >= 4);
  // Connected, and about to say so when everything stands still.
  const newcomer = await connectRaw(server.mqttPort);
  await wait(300);
  const topic = `buergerluft/${device.deviceId}/airrohr`;
  const publish = (id: number) =>
    packet(
      PUBLISH_QOS_1,
      Buffer.concat([publishHead(PUBLISH_QOS_1, topic, id), Buffer.from(airrohrBody(device.deviceId, { n: id }))]),
    );

  // One that is held when it begins, the rest while it lasts.
  socket.write(publish(1));
  process.kill(server.pid, 'SIGSTOP');
  newcomer.write(connectBytes({ ...device, clientId: 'two', keepAliveS: 60 }));
  socket.write(Buffer.concat([PINGREQ, publish(2), publish(3)]));
  await wait(STILL_MS);
  const closed = Promise.all([isClosed(socket, 1_000), isClosed(newcomer, 1_000)]);
  process.kill(server.pid, 'SIGCONT');
  expect(await closed).toEqual([false, false]);

  const [connack, pingresp, puback] = [4, 2, 4];
  await until('all is answered', () => received.length === connack + pingresp + 3 * puback);
  const metrics = await server.metrics();
  // SDS011 and DHT22.
  expect(metrics.get('buergerluft_readings_stored_total')).toBe(2 * 3);
  const why = ['keep-alive', 'held-too-long', 'no-connect', 'not-stored'];
  expect(why.map((reason) => metrics.get(`buergerluft_mqtt_closed_total{why="${reason}"}`))).toEqual([0, 0, 0, 0]);
});

import { Agent, request } from 'node:http';
import { randomNumbers } from '../../tests/support/randomNumbers.ts';
import { airAt } from '../simulator/air.ts';
import { FIRMWARES, type Push, type Unit } from '../simulator/firmwares.ts';
import { badMessage, spoilt } from '../simulator/mutations.ts';
import { MqttDevice } from './mqttDevice.ts';

/** What a run of bad messages is asked to do. */
export interface BadOrder {
  /** Devices with their tokens. */
  devices: { deviceId: string; token: string }[];
  mqttPort: number;
  httpPort: number;
  overMqtt: number;
  overHttp: number;
  seed: number;
}

/** What came of it. */
export interface BadResult {
  sentOverMqtt: number;
  acknowledged: number;
  sentOverHttp: number;
  /** HTTP answers by status; 0: none came. */
  answers: Record<string, number>;
  /** MQTT connections that ended before the goodbye. */
  closed: number;
}

/** Messages a device has on their way; below the number that counts as flooding. */
const WINDOW = 20;
/** Requests at a time. */
const PUSHERS = 16;

/** Sends both kinds at once, each as fast as it is answered. `onTenth` is called when a tenth is sent. */
async function runBad(order: BadOrder, onTenth: () => void): Promise<BadResult> {
  const random = randomNumbers(order.seed);
  const units = order.devices.map(({ deviceId, token }) => ({
    ...{ deviceId, token, samples: Math.floor(random() * 1e6) },
    chipId: deviceId.slice(deviceId.indexOf('-') + 1),
  }));
  const result: BadResult = { sentOverMqtt: 0, acknowledged: 0, sentOverHttp: 0, answers: {}, closed: 0 };
  const total = order.overMqtt + order.overHttp;
  let isTold = false;
  const tenth = setInterval(() => {
    if (isTold || result.sentOverMqtt + result.sentOverHttp < total / 10) return;
    isTold = true;
    onTenth();
  }, 20);
  await Promise.all([publishAll(units, order, { random, result }), pushAll(units, order, { random, result })]);
  clearInterval(tenth);
  return result;
}

interface Run {
  random: () => number;
  result: BadResult;
}

async function publishAll(units: Unit[], { mqttPort, overMqtt }: BadOrder, { random, result }: Run): Promise<void> {
  let isOver = false;
  await new Promise<void>((resolve, reject) => {
    const devices = units.map((unit) => {
      let messageId = 0;
      const send = () => {
        if (result.sentOverMqtt >= overMqtt) return;
        result.sentOverMqtt++;
        messageId = (messageId % 65_535) + 1;
        device.publishBytes(messageId, badMessage(unit, random));
      };
      const acknowledged = () => {
        if (++result.acknowledged >= overMqtt) resolve();
        else send();
      };
      const closed = () => {
        if (isOver) return;
        result.closed++;
        reject(new Error(`the broker closed a connection after ${result.acknowledged} messages`));
      };
      const account = { clientId: unit.deviceId, username: unit.deviceId, password: unit.token, topic: '' };
      const device = new MqttDevice({ host: '127.0.0.1', port: mqttPort, ...account }, acknowledged, closed);
      return { device, send };
    });
    Promise.all(devices.map(({ device }) => device.open())).then(() => {
      for (let i = 0; i < WINDOW; i++) for (const { send } of devices) send();
      if (overMqtt === 0) resolve();
    }, reject);
  });
  isOver = true;
}

async function pushAll(units: Unit[], order: BadOrder, { random, result }: Run): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: PUSHERS });
  const push = async () => {
    while (result.sentOverHttp < order.overHttp) {
      result.sentOverHttp++;
      const unit = units[result.sentOverHttp % units.length] as Unit;
      const status = await post(order.httpPort, badPush(unit, random), agent);
      result.answers[status] = (result.answers[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: PUSHERS }, push));
  agent.destroy();
}

/** A real push of this device, spoilt; one in ten with a token of nobody. */
function badPush(unit: Unit, random: () => number): Push {
  const able = FIRMWARES.filter(({ pushes }) => pushes !== undefined);
  const firmware = able[Math.floor(random() * able.length)];
  unit.samples++;
  const isForeign = random() < 0.1;
  const sender = isForeign ? { ...unit, token: unit.token.replaceAll(/[0-9]/g, 'Z') } : unit;
  const [push] = firmware?.pushes?.(sender, airAt(unit.samples * 1000, random(), random)) ?? [];
  if (push === undefined) throw new Error('no firmware pushes');
  const { 'X-Sensor': _ours, ...headers } = push.headers as Record<string, string>;
  return { path: push.path, headers, body: spoilt(Buffer.from(push.body), random).toString('latin1') };
}

function post(port: number, { path, headers, body }: Push, agent: Agent): Promise<number> {
  const bytes = Buffer.from(body, 'latin1');
  return new Promise((resolve) => {
    const sent = { ...headers, 'Content-Length': bytes.length };
    const pushed = request({ port, host: '127.0.0.1', path, method: 'POST', headers: sent, agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve(0));
    });
    pushed.once('error', () => resolve(0));
    pushed.end(bytes);
  });
}

// Run as a process of its own: the order comes on the IPC channel, the result goes back on it.
process.on('message', (order: BadOrder) => {
  runBad(order, () => process.send?.({ phase: 'tenth' })).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
  );
});

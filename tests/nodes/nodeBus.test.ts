import { describe, expect, it } from '@jest/globals';
import { NodeBus, type NodeBusOptions } from '../../server/nodes/nodeBus.ts';
import { closeAfterTest } from '../support/closing.ts';
import { NOT_AUTHORIZED, openHesitantBroker } from '../support/hesitantBroker.ts';
import { freePort, type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';

function openBus(url: string, nodeId: string, more: Partial<NodeBusOptions> = {}): NodeBus {
  const bus = new NodeBus({ url, nodeId, run: '1', onError: () => undefined, ...more });
  closeAfterTest(() => bus.close());
  return bus;
}

/** The broker as a machine out of breath: connections stay, nothing is answered. */
function freeze(mosquitto: Mosquitto): void {
  process.kill(mosquitto.pid!, 'SIGSTOP');
  closeAfterTest(() => mosquitto.pid !== undefined && process.kill(mosquitto.pid, 'SIGCONT'));
}

describe('the bus between the nodes', () => {
  it('hands on what comes on a topic, a level of it, or all below it', async () => {
    const { url } = await startMosquitto();
    const bus = openBus(url, 'one');
    const taken: [string, string][] = [];
    for (const filter of ['a/b', 'a/+/c', 'd/#']) bus.follow(filter, (topic) => void taken.push([filter, topic]));
    bus.start();
    await bus.ready(60_000);
    const sender = openBus(url, 'other');
    sender.start();
    await sender.ready(60_000);
    for (const topic of ['a/b', 'a/b/c', 'a/b/c/d', 'd/e', 'd/e/f']) expect(sender.send(topic, 'x')).toBe(true);
    await until('all is taken', () => taken.some(([, topic]) => topic === 'd/e/f'));
    expect(taken).toEqual([
      ['a/b', 'a/b'],
      ['a/+/c', 'a/b/c'],
      ['d/#', 'd/e'],
      ['d/#', 'd/e/f'],
    ]);
  });

  it('is waited for no longer than asked, and drops what is sent meanwhile', async () => {
    const bus = openBus(`mqtt://127.0.0.1:${await freePort()}`, 'one');
    bus.start();
    await bus.ready(100);
    expect([bus.isConnected, bus.send('a', 'x'), bus.dropped]).toEqual([false, false, 1]);
  });

  it.each(['hangs', 'is gone'])('can be closed while the broker %s with something unconfirmed', async (what) => {
    const mosquitto = await startMosquitto();
    const bus = openBus(mosquitto.url, 'one');
    bus.start();
    await bus.ready(60_000);
    freeze(mosquitto);
    expect(bus.send('a', 'x')).toBe(true);
    if (what === 'is gone') {
      await mosquitto.kill();
      await until('the connection has ended', () => !bus.isConnected);
    }
    await bus.close();
    expect(bus.send('a', 'x')).toBe(false);
  });

  it('asks a broker that let it in and not subscribe again on the same connection', async () => {
    const { url, grants } = await openHesitantBroker(1);
    const told: string[] = [];
    const bus = openBus(url, 'one', { refusedMs: 20, onError: ({ message }) => void told.push(message) });
    bus.follow('a', () => undefined);
    bus.start();
    await until('it subscribes', () => grants.length > 0);
    grants[0]?.(NOT_AUTHORIZED);
    await until('it subscribes again', () => grants.length > 1);
    expect([bus.isConnected, told]).toEqual([false, ['Subscribe error: Not authorized']]);
    grants[1]?.();
    await until('it is subscribed', () => bus.isConnected);
  });

  it('says once when another process takes its connections over', async () => {
    const { url } = await startMosquitto();
    const told: string[] = [];
    let connections = 0;
    const bus = openBus(url, 'one', { onError: ({ message }) => void told.push(message) });
    bus.onConnected(() => connections++);
    bus.start();
    await bus.ready(60_000);
    openBus(url, 'one').start();
    await until('they have taken it from each other for long', () => connections > 7);
    expect(told).toEqual([expect.stringContaining('another process has this NODE_ID')]);
  });
});

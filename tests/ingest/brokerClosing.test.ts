import { describe, expect, it } from '@jest/globals';
import type { ClosedLately } from '../../server/ingest/closedConnections.ts';
import { MAX_PACKET_BYTES } from '../../server/ingest/publishLane.ts';
import { openWithDevice } from '../support/brokerHost.ts';
import { airrohrBody, storedReadings } from '../support/ingestHost.ts';
import { connectBytes } from '../support/mqttBytes.ts';
import { connectDevice, connectRaw, isClosed } from '../support/mqttClients.ts';
import { until } from '../support/until.ts';

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

describe('why a connection was closed', () => {
  it('is counted and told, for each reason', async () => {
    const told: ClosedLately[] = [];
    const { port, device, stations, broker } = await openWithDevice({
      broker: { onClosed: (news) => told.push(news) },
    });
    const silent = await connectRaw(port);
    const silentIsClosed = isClosed(silent.resume(), 20_000);
    silent.write(connectBytes({ ...device, clientId: 'silent', keepAliveS: 1 }));
    const garbage = await connectRaw(port);
    const garbageIsClosed = isClosed(garbage.resume());
    garbage.write('GET / HTTP/1.1\r\n\r\n');
    expect(await garbageIsClosed).toBe(true);
    await connectDevice(port, device);
    const second = await connectDevice(port, device);
    expect(await silentIsClosed).toBe(true);
    const secondIsClosed = isClosed(second);
    await stations.rotateDevice(device.deviceId);
    broker.recheck(new Set([device.stationId]));
    expect(await secondIsClosed).toBe(true);
    await broker.close();
    const { closed } = broker.stats();
    const counted = Object.entries(closed).filter(([, count]) => count > 0);
    expect(Object.fromEntries(counted)).toEqual({
      'protocol-error': 1,
      'taken-over': 1,
      'keep-alive': 1,
      'token-revoked': 1,
    });
    expect(sumOf(told.flatMap(({ byReason }) => Object.values(byReason)))).toBe(4);
    expect(told.some(({ isTrouble }) => isTrouble)).toBe(false);
  });

  it('is not counted when the device itself says goodbye or is gone', async () => {
    const { port, device, broker } = await openWithDevice();
    await (await connectDevice(port, device, { clientId: 'a' })).endAsync();
    const gone = await connectRaw(port);
    gone.write(connectBytes({ ...device, clientId: 'b', keepAliveS: 60 }));
    await until('it is signed in', () => broker.stats().connections > 0);
    gone.resetAndDestroy();
    await until('both are gone', () => broker.stats().connections === 0);
    expect(sumOf(Object.values(broker.stats().closed))).toBe(0);
  });
});

describe('hostile connections', () => {
  it('closes one that announces a packet beyond the limit, before it is sent', async () => {
    const { port, device, broker } = await openWithDevice();
    const client = await connectDevice(port, device);
    const closed = isClosed(client);
    const length = MAX_PACKET_BYTES + 1;
    const header = [0x32, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14];
    client.stream.write(Buffer.from([...header, 0, 3]));
    expect(await closed).toBe(true);
    expect(broker.stats().closed['packet-too-large']).toBe(1);
  });

  it('closes one that talks garbage, and others do not notice', async () => {
    const { port, device, topic, store } = await openWithDevice();
    const good = await connectDevice(port, device);
    for (const bytes of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\xff\xff\xff\xff\xff\xff', '\x30\x02\x00\x00']) {
      const socket = await connectRaw(port);
      const closed = isClosed(socket);
      socket.write(Buffer.from(bytes, 'latin1'));
      socket.resume();
      expect(await closed).toBe(true);
    }
    await good.publishAsync(topic, airrohrBody(1), { qos: 1 });
    expect(await storedReadings(store)).toHaveLength(1);
  });
});

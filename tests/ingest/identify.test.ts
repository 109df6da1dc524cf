import { describe, expect, it } from '@jest/globals';
import { type DeviceMessage, isRejection } from '../../server/domain/reading.ts';
import type { Device } from '../../server/domain/station.ts';
import { identify, type StationRegistry } from '../../server/ingest/identify.ts';
import { stationOf } from '../support/stations.ts';

const STATION = stationOf('balkon0001');
const DEVICES = new Map<string, Device>(
  Object.entries({
    'esp8266-15303512': { id: 'esp8266-15303512', stationId: STATION.id, boundAt: 0 },
    'esp8266-7': { id: 'esp8266-7', stationId: 'gone000000', boundAt: 0 },
  }),
);
const registry: StationRegistry = {
  device: (id) => DEVICES.get(id),
  station: (id) => (id === STATION.id ? STATION : undefined),
  isErasedDevice: (id) => id === 'esp8266-deleted',
};

function resultOf(deviceId: string, claimedDeviceId?: string): string {
  const message: DeviceMessage = { format: 'airrohr', sensors: [], health: {}, refusedFields: [] };
  if (claimedDeviceId !== undefined) message.claimedDeviceId = claimedDeviceId;
  const topic = { format: 'airrohr', deviceId } as const;
  const arrival = { topic, deviceId, payload: Buffer.alloc(0), receivedAt: 0, isStampedByBridge: false };
  const result = identify(registry, arrival, message);
  return isRejection(result) ? result.reason : result.id;
}

describe('whose reading a message is', () => {
  it.each([
    ['esp8266-15303512', undefined, 'balkon0001'],
    ['esp8266-15303512', '15303512', 'balkon0001'],
    ['esp8266-15303512', 'esp8266-15303512', 'balkon0001'],
    ['esp8266-15303512', '4711', 'wrong-identity'],
    ['esp8266-15303512', 'esp32-15303512', 'wrong-identity'],
    ['esp8266-4711', '4711', 'unknown-device'],
    ['esp8266-deleted', undefined, 'station-deleted'],
    ['esp8266-7', undefined, 'unbound-device'],
    ['__proto__', undefined, 'unknown-device'],
  ])('signed in as %s, the body naming %s: %s', (deviceId, claimed, result) => {
    expect(resultOf(deviceId, claimed)).toBe(result);
  });

  it('does not take what waited at a bridge since before the device came to the station', () => {
    const boundAt = 10_000_000;
    const moved = { ...registry, device: (id: string) => ({ id, stationId: STATION.id, boundAt }) };
    const message: DeviceMessage = { format: 'airrohr', sensors: [], health: {}, refusedFields: [] };
    const arrival = (receivedAt: number, isSpooled: boolean) => ({
      topic: { format: 'airrohr', deviceId: 'esp8266-1' } as const,
      deviceId: 'esp8266-1',
      payload: Buffer.alloc(0),
      isStampedByBridge: isSpooled,
      receivedAt,
      isSpooled,
    });
    expect(identify(moved, arrival(boundAt - 120_001, true), message)).toMatchObject({ reason: 'unbound-device' });
    expect(identify(moved, arrival(boundAt - 120_000, true), message)).toBe(STATION);
    expect(identify(moved, arrival(boundAt - 120_001, false), message)).toBe(STATION);
  });
});

import { type DeviceMessage, type Rejection, reject } from '../domain/reading.ts';
import type { Device, Station } from '../domain/station.ts';
import type { Arrival } from './arrival.ts';
import { contradictsIdentity } from './decoders/claimedDevice.ts';

/** What identification asks of the registry; answers from memory. */
export interface StationRegistry {
  device(deviceId: string): Device | undefined;
  station(stationId: string): Station | undefined;
  /** True when the device belonged to a deleted station and was not registered again since. */
  isErasedDevice(deviceId: string): boolean;
}

/**
 * The station whose reading a message is. The authenticated identity decides; an id in the body can only contradict it.
 * Messages of unknown devices are kept apart by the caller and never stored as a station's data.
 */
export function identify(registry: StationRegistry, arrival: Arrival, message: DeviceMessage): Station | Rejection {
  if (contradictsIdentity(message.claimedDeviceId, arrival.deviceId)) {
    return reject('wrong-identity', 'The message names another device than the one that signed in.');
  }
  const device = registry.device(arrival.deviceId);
  if (device === undefined) {
    return registry.isErasedDevice(arrival.deviceId)
      ? reject('station-deleted', 'The station of this device was deleted.')
      : reject('unknown-device', 'No station has registered this device.');
  }
  return registry.station(device.stationId) ?? reject('unbound-device', 'The device stands at no station.');
}

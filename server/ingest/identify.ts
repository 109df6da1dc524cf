import { type DeviceMessage, type Rejection, reject } from '../domain/reading.ts';
import type { Device, Station } from '../domain/station.ts';
import type { Arrival } from './arrival.ts';
import { contradictsIdentity } from './decoders/claimedDevice.ts';

/** A bridge's clock may be this much behind ours, ms: as far ahead as a device's own may be. */
const CLOCK_SKEW_MS = 2 * 60_000;

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
  if (cameBefore(arrival, device)) {
    return reject('unbound-device', 'The message waited at a bridge since before the device stood at its station.');
  }
  return registry.station(device.stationId) ?? reject('unbound-device', 'The device stands at no station.');
}

/** A device may have been moved while its message waited: it tells of the former place, or of one that was deleted. */
function cameBefore({ isSpooled, receivedAt }: Arrival, { boundAt }: Device): boolean {
  return isSpooled === true && receivedAt < boundAt - CLOCK_SKEW_MS;
}

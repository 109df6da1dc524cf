import { StoreUnavailableError } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';
import type { FollowedStations } from './followedStations.ts';

/**
 * The followed stations in the form of the registry, for parts that only read it. What would write or needs the
 * registry's own files is refused: such requests go to the aggregator before they come here.
 *
 * @param seen is told of devices that were heard of.
 */
export function followedRegistry(
  stations: FollowedStations,
  seen: (deviceId: string, at: number) => void = () => undefined,
): Registry {
  return {
    station: (id) => stations.station(id),
    stations: () => stations.stations(),
    device: (id) => stations.device(id),
    devicesOf: (stationId) => stations.devicesOf(stationId),
    credentials: () => stations.credentials(),
    isErasedDevice: (deviceId) => stations.isErasedDevice(deviceId),
    isOwner: (stationId, ownerKey) => stations.isOwner(stationId, ownerKey),
    stationOfOwnerKey: (ownerKey) => stations.stationOfOwnerKey(ownerKey),
    onChange: (listener) => stations.onChange(listener),
    touchDevice: seen,
    // Tokens are checked at the broker and at the bridges, never here.
    authenticateDevice: () => undefined,
    deviceByToken: () => undefined,
    isErased: () => false,
    erasedStations: () => [],
    erasedDevices: () => [],
    pendingErasures: () => [],
    // Numbers are given by the registry alone; the files that show them come from there.
    sensorIdOf: () => undefined,
    secondSensorIdsOf: () => [],
    assignSensorIds: async (places) => places.map(() => undefined),
    assignSensorId: async () => undefined,
    open: async () => undefined,
    close: async () => undefined,
    flush: async () => undefined,
    onIssued: () => () => undefined,
    entries: refused,
    erasures: refused,
    copyTo: refused,
    applyErasures: refused,
    addStation: refused,
    addStations: refused,
    bindDevice: refused,
    rotateDevice: refused,
    revokeDevice: refused,
    expireUnusedBindings: refused,
    updateStation: refused,
    approveStation: refused,
    rotateOwnerKey: refused,
    removeStation: refused,
    completeErasure: refused,
    keepSensorIds: refused,
    moveSensorIds: refused,
    assignments: refused,
  };
}

function refused(): never {
  throw new StoreUnavailableError('The registry is with the aggregator.');
}

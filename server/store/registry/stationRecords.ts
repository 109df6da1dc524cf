import type { Station } from '../../domain/station.ts';

/** A station to be made: what only the registry can give (id, number, keys) is missing, what has a default may be. */
export type NewStation = Omit<
  Station,
  'id' | 'locationId' | 'positionGridMetres' | 'isPublishedIndoor' | 'isNoisePublic' | 'externalIds' | 'createdAt'
> &
  Partial<Pick<Station, 'id' | 'positionGridMetres' | 'isPublishedIndoor' | 'isNoisePublic' | 'externalIds'>> & {
    /** Device to bind at once. */
    device?: DeviceClaim;
  };

/** Which device is to belong to a station, and whose it may be now. */
export interface DeviceClaim {
  deviceId: string;
  /** Friendly names a Zigbee2MQTT gateway may publish for. */
  names?: string[];
  /** Station whose device may be taken over, because the request proved that right; `any` for an admin. */
  takeFrom?: string;
  /** Device of the same station whose place it takes: that one's assignment ends. */
  replaces?: string;
}

/** A device's token in clear: exists only here and at the device. */
export interface IssuedDevice {
  deviceId: string;
  token: string;
}

/** A made station with its owner's key in clear. */
export interface IssuedStation {
  station: Station;
  ownerKey: string;
  device?: IssuedDevice;
}

/** Why the registry did not do what was asked. A value, as for every expected refusal. */
export interface Refusal {
  refused: 'device-taken' | 'no-such-station' | 'no-such-device' | 'station-id-taken' | 'too-many-annotations';
}

/** True for a refusal among results. */
export function isRefusal(result: object): result is Refusal {
  return 'refused' in result;
}

/** Fields of a station that may change; `undefined` removes an optional one. */
export type StationChange = {
  [Field in keyof Omit<Station, 'id' | 'locationId' | 'createdAt'>]?: Station[Field] | undefined;
};

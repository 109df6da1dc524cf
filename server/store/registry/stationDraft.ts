import type { Device, Station } from '../../domain/station.ts';
import { keyHash, mosquittoHash, newKey, newStationId, type RandomBytes } from '../../process/keys.ts';
import type { StationMemory } from './stationMemory.ts';
import type { DeviceClaim, IssuedDevice, IssuedStation, NewStation, Refusal } from './stationRecords.ts';
import type { Binding } from './stationStoreFile.ts';

/** A fresh device token with both of its hashes. */
export interface DeviceSecret {
  token: string;
  tokenHash: string;
  mosquittoHash: string;
}

/** A station about to be written, with its keys in clear for the answer. */
export interface Draft {
  station: Station;
  ownerKeyHash: string;
  issued: IssuedStation;
  binding?: Binding;
  /** Station that loses the device. */
  formerStationId?: string | undefined;
}

/** What the stations of one transaction have taken already, and where the numbers go on. */
export interface Batch {
  ids: Set<string>;
  deviceIds: Set<string>;
  nextNumber: number;
}

/** Numbers of the Sensor.Community-compatible API: from 1e9 up, below 2^31, so that they never meet theirs. */
const LAST_NUMBER = 2 ** 31 - 1;

/** Makes a device token. */
export async function newDeviceSecret(randomBytes: RandomBytes): Promise<DeviceSecret> {
  const token = newKey(randomBytes);
  return { token, tokenHash: keyHash(token), mosquittoHash: await mosquittoHash(token, randomBytes) };
}

/** Why a device cannot go to `stationId`: it stands elsewhere, and nobody showed a right to take it from there. */
export function isTaken(claim: DeviceClaim, stationId: string | undefined, holder: Device | undefined): boolean {
  if (holder === undefined || holder.stationId === stationId) return false;
  return claim.takeFrom !== 'any' && claim.takeFrom !== holder.stationId;
}

/** A device's assignment from `boundAt` on. */
export function draftBinding(stationId: string, claim: DeviceClaim, secret: DeviceSecret, boundAt: number): Binding {
  const names = claim.names === undefined ? {} : { names: claim.names };
  return {
    device: { id: claim.deviceId, stationId, boundAt, ...names },
    tokenHash: secret.tokenHash,
    mosquittoHash: secret.mosquittoHash,
  };
}

/** Takes the next permanent number. */
export function takeNumber(counter: Pick<Batch, 'nextNumber'>): number {
  if (counter.nextNumber > LAST_NUMBER) throw new RangeError('the numbers of the compatible API are used up');
  return counter.nextNumber++;
}

/** What drafting looks at besides the input. */
export interface DraftContext {
  memory: StationMemory;
  randomBytes: RandomBytes;
  now: number;
  /** The device's token; given when the input claims a device. */
  secret: DeviceSecret | undefined;
}

/** A station made of what was asked for, or why it cannot be. */
export function draftStation(input: NewStation, batch: Batch, context: DraftContext): Draft | Refusal {
  const { device: claim, ...fields } = input;
  const id = input.id ?? freeStationId(batch, context);
  if (isIdTaken(id, batch, context.memory)) return { refused: 'station-id-taken' };
  const holder = claim && context.memory.binding(claim.deviceId)?.device;
  if (claim && (batch.deviceIds.has(claim.deviceId) || isTaken(claim, undefined, holder))) {
    return { refused: 'device-taken' };
  }
  const station: Station = {
    positionGridMetres: 100,
    isPublishedIndoor: false,
    isNoisePublic: false,
    externalIds: [],
    ...fields,
    id,
    locationId: takeNumber(batch),
    createdAt: context.now,
  };
  batch.ids.add(id);
  return withKeys(station, claim, batch, { ...context, holder });
}

function withKeys(
  station: Station,
  claim: DeviceClaim | undefined,
  batch: Batch,
  context: DraftContext & { holder: Device | undefined },
): Draft {
  const ownerKey = newKey(context.randomBytes);
  const draft = { station, ownerKeyHash: keyHash(ownerKey), issued: { station, ownerKey } };
  if (claim === undefined || context.secret === undefined) return draft;
  batch.deviceIds.add(claim.deviceId);
  const device: IssuedDevice = { deviceId: claim.deviceId, token: context.secret.token };
  return {
    ...draft,
    issued: { ...draft.issued, device },
    binding: draftBinding(station.id, claim, context.secret, context.now),
    formerStationId: context.holder?.stationId,
  };
}

function freeStationId(batch: Batch, { memory, randomBytes }: DraftContext): string {
  for (;;) {
    const id = newStationId(randomBytes);
    if (!isIdTaken(id, batch, memory)) return id;
  }
}

function isIdTaken(id: string, batch: Batch, memory: StationMemory): boolean {
  return batch.ids.has(id) || memory.station(id) !== undefined || memory.isErased('station', id);
}

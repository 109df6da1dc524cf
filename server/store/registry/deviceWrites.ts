import { DAY_MS } from '../../domain/durations.ts';
import type { Device, Station } from '../../domain/station.ts';
import { withMark } from '../../domain/stationHistory.ts';
import { type DeviceSecret, draftBinding, isTaken } from './stationDraft.ts';
import type { StationMemory } from './stationMemory.ts';
import type { DeviceClaim, IssuedDevice, Refusal } from './stationRecords.ts';
import { NO_DEVICE, NO_STATION, type Scene, type Written } from './stationScene.ts';
import type { Binding } from './stationStoreFile.ts';

/** A binding whose device never sent anything ends after this long, ms. */
export const UNUSED_BINDING_MS = 7 * DAY_MS;

/** A device's assignment to a station, or its new token where it stands. */
export async function writeBinding(
  scene: Scene,
  stationId: string,
  { claim, secret }: { claim: DeviceClaim; secret: DeviceSecret },
): Promise<Written<IssuedDevice | Refusal>> {
  const { writer, memory, now } = scene;
  const holder = memory.binding(claim.deviceId)?.device;
  const station = memory.station(stationId);
  const replaced = claim.replaces === undefined ? undefined : memory.binding(claim.replaces)?.device;
  if (station === undefined) return NO_STATION;
  if (isTaken(claim, stationId, holder)) return { answer: { refused: 'device-taken' } };
  if (claim.replaces !== undefined && replaced?.stationId !== stationId) return NO_DEVICE;
  const binding = draftBinding(stationId, claim, secret, now);
  if (replaced !== undefined && replaced.id !== claim.deviceId) await writer.endAssignment(replaced, now);
  const marked = await withDeviceMark(scene, station, { claim, holder, replaced });
  if (holder?.stationId === stationId) {
    binding.device = { ...holder, ...binding.device, boundAt: holder.boundAt };
    await writer.replaceCredentials(binding);
  } else {
    await moveDevices(scene, [binding]);
  }
  const issued = { deviceId: claim.deviceId, token: secret.token };
  return {
    answer: issued,
    keep: () => {
      if (replaced !== undefined) memory.dropBinding(replaced.id);
      keepBinding(memory, binding);
      if (marked !== undefined) memory.putStation(marked);
    },
    changed: [holder?.stationId ?? stationId, stationId],
    issued: [issued],
  };
}

/** The station with the mark of a change, written, when another device measured there before; undefined otherwise. */
async function withDeviceMark(
  { writer, memory, now }: Scene,
  station: Station,
  { claim, holder, replaced }: { claim: DeviceClaim; holder: Device | undefined; replaced: Device | undefined },
): Promise<Station | undefined> {
  const isBesideAnother = memory.devicesOf(station.id).some(({ id, lastSeenAt }) => {
    return id !== replaced?.id && lastSeenAt !== undefined;
  });
  if (replaced === undefined && (isBesideAnother || holder?.stationId === station.id)) return undefined;
  const former = await writer.lastFormerDevice(station.id);
  if (former === undefined || former === claim.deviceId) return undefined;
  const marked = { ...station, marks: withMark(station.marks, { kind: 'device-changed', at: now }) };
  await writer.replaceStation(marked);
  return marked;
}

/** The end of a device's assignment. */
export async function writeRevocation(
  { writer, memory, now }: Scene,
  deviceId: string,
): Promise<Written<Device | Refusal>> {
  const device = memory.binding(deviceId)?.device;
  if (device === undefined) return NO_DEVICE;
  await writer.endAssignment(device, now);
  return { answer: device, keep: () => memory.dropBinding(deviceId), changed: [device.stationId] };
}

/** The end of assignments that were never used up to `at`. */
export async function writeExpiry({ writer, memory }: Scene, at: number): Promise<Written<string[]>> {
  const unused = [...memory.bindings()].map(({ device }) => device).filter((device) => isUnused(device, at));
  for (const device of unused) await writer.endAssignment(device, at);
  return {
    answer: unused.map(({ id }) => id),
    keep: () => {
      for (const { id } of unused) memory.dropBinding(id);
    },
    changed: unused.map(({ stationId }) => stationId),
  };
}

/** Ends what assignments the devices have and begins the new ones; a deleted device that comes back is welcome. */
export async function moveDevices({ writer, memory, now }: Scene, bindings: readonly Binding[]): Promise<void> {
  for (const { device } of bindings) {
    const former = memory.binding(device.id)?.device;
    if (former !== undefined) await writer.endAssignment(former, now);
    if (memory.isErased('device', device.id)) await writer.forgetErasedDevice(device.id);
  }
  await writer.insertBindings(bindings);
}

/** Notes a binding that was written; its device is then no longer one that was deleted. */
export function keepBinding(memory: StationMemory, binding: Binding): void {
  memory.putBinding(binding);
  memory.dropErasure('device', binding.device.id);
}

function isUnused(device: Device, at: number): boolean {
  return device.lastSeenAt === undefined && device.boundAt < at - UNUSED_BINDING_MS;
}

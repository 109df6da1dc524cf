import type { Device, Station } from '../domain/station.ts';
import { historyOfChange, withMark } from '../domain/stationHistory.ts';
import { keyHash, type RandomBytes } from '../process/keys.ts';
import {
  type Batch,
  type DeviceSecret,
  type Draft,
  draftBinding,
  draftStation,
  isTaken,
  takeNumber,
} from './stationDraft.ts';
import type { StationMemory } from './stationMemory.ts';
import {
  type DeviceClaim,
  type IssuedDevice,
  type IssuedStation,
  isRefusal,
  type NewStation,
  type Refusal,
  type StationChange,
} from './stationRecords.ts';
import type { Binding, Erasure } from './stationStoreFile.ts';
import type { StationWriter } from './stationWriter.ts';

/**
 * What the registry's writes do, each inside one transaction: look at the memory, write to the file, and say what
 * becomes of the memory once that is durable.
 */
export interface Scene {
  writer: StationWriter;
  /** As of the last write; only `keep` may change it. */
  memory: StationMemory;
  /** Epoch ms. */
  now: number;
  randomBytes: RandomBytes;
}

/** What one write did: the answer, what becomes of the memory, and what listeners hear of it. */
export interface Written<Answer> {
  answer: Answer;
  keep?: () => void;
  changed?: string[];
  /** Tokens made in it. */
  issued?: IssuedDevice[];
}

/** A binding whose device never sent anything ends after this long, ms. */
export const UNUSED_BINDING_MS = 7 * 86_400_000;

const NO_STATION: Written<Refusal> = { answer: { refused: 'no-such-station' } };
const NO_DEVICE: Written<Refusal> = { answer: { refused: 'no-such-device' } };

/** New stations with their keys and devices. */
export async function writeStations(
  scene: Scene,
  inputs: readonly NewStation[],
  secrets: readonly (DeviceSecret | undefined)[],
): Promise<Written<(IssuedStation | Refusal)[]>> {
  const { writer, memory } = scene;
  const batch: Batch = { ids: new Set(), deviceIds: new Set(), nextNumber: memory.nextNumber };
  const results = inputs.map((input, index) => draftStation(input, batch, { ...scene, secret: secrets[index] }));
  const drafts = results.filter((result): result is Draft => !isRefusal(result));
  const bindings = drafts.flatMap(({ binding }) => binding ?? []);
  await writer.insertStations(drafts);
  await moveDevices(scene, bindings);
  await writer.writeNextNumber(batch.nextNumber);
  return {
    answer: results.map((result) => (isRefusal(result) ? result : result.issued)),
    keep: () => {
      for (const { station, ownerKeyHash } of drafts) memory.putStation(station, ownerKeyHash);
      for (const binding of bindings) keepBinding(memory, binding);
      memory.nextNumber = batch.nextNumber;
    },
    changed: drafts.flatMap(({ station, formerStationId }) => [station.id, formerStationId ?? station.id]),
    issued: drafts.flatMap(({ issued }) => issued.device ?? []),
  };
}

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

/** A change of a station's fields, or how they change given what they are. */
export type StationEdit = StationChange | ((station: Station, now: number) => StationChange | Refusal);

/** Other fields of a station; what its series must tell of that is noted with them. */
export async function writeChange(
  scene: Scene,
  stationId: string,
  { edit, isCorrection = false }: { edit: StationEdit; isCorrection?: boolean },
): Promise<Written<Station | Refusal>> {
  const { writer, memory, now } = scene;
  const former = memory.station(stationId);
  if (former === undefined) return NO_STATION;
  const change = typeof edit === 'function' ? edit(former, now) : edit;
  if (isRefusal(change)) return { answer: change };
  const next = withChange(former, change);
  const history = (await hasMeasured(scene, former)) ? historyOfChange(former, next, { at: now, isCorrection }) : {};
  const station = { ...next, ...history };
  await writer.replaceStation(station);
  return { answer: station, keep: () => memory.putStation(station), changed: [stationId] };
}

/** True when a series may have begun: while a host still looks for the right place, nothing has changed yet. */
async function hasMeasured({ writer, memory }: Scene, { id, source }: Station): Promise<boolean> {
  if (source !== 'direct' || memory.devicesOf(id).some(({ lastSeenAt }) => lastSeenAt !== undefined)) return true;
  return (await writer.lastFormerDevice(id)) !== undefined;
}

/** Another owner key. */
export async function writeOwnerKey(
  { writer, memory }: Scene,
  stationId: string,
  ownerKey: string,
): Promise<Written<{ ownerKey: string } | Refusal>> {
  const station = memory.station(stationId);
  if (station === undefined) return NO_STATION;
  const hash = keyHash(ownerKey);
  await writer.replaceOwnerKey(stationId, hash);
  return { answer: { ownerKey }, keep: () => memory.putStation(station, hash), changed: [stationId] };
}

/** What a deletion took out of the registry. */
export interface Removal {
  /** As it was. */
  station: Station;
  /** Devices that stood there; refused from now on. */
  deviceIds: string[];
  /** Assignments of devices, former ones too. */
  assignments: number;
  /** Epoch ms. */
  removedAt: number;
}

/** A deletion, with what is needed to refuse the station and its devices later. */
export async function writeRemoval(
  { writer, memory, now }: Scene,
  stationId: string,
): Promise<Written<Removal | Refusal>> {
  const station = memory.station(stationId);
  if (station === undefined) return NO_STATION;
  const deviceIds = memory.devicesOf(stationId).map(({ id }) => id);
  const assignments = await writer.countAssignments(stationId);
  await writer.deleteStation(stationId);
  await writer.insertErasures('station', [stationId], now);
  await writer.insertErasures('device', deviceIds, now);
  const keep = () => {
    memory.dropStation(stationId);
    memory.putErasure('station', stationId, false);
    for (const id of deviceIds) memory.putErasure('device', id, true);
  };
  return { answer: { station, deviceIds, assignments, removedAt: now }, keep, changed: [stationId] };
}

/** Deletions of another time, of what is not here any more: their readings may be, in a file that was restored. */
export async function writeErasures({ writer, memory }: Scene, erasures: readonly Erasure[]): Promise<Written<void>> {
  for (const { kind, id, erasedAt } of erasures) await writer.insertErasures(kind, [id], erasedAt);
  const keep = () => {
    for (const { kind, id } of erasures) memory.putErasure(kind, id, kind === 'device');
  };
  return { answer: undefined, keep };
}

/** The permanent numbers of sensors, in their order; undefined for those of a station that is not there. */
export async function writeSensorNumbers(
  { writer, memory }: Scene,
  places: readonly { stationId: string; sensor: string }[],
): Promise<Written<(number | undefined)[]>> {
  const counter = { nextNumber: memory.nextNumber };
  const news = places.flatMap(({ stationId, sensor }) => {
    const isNew = memory.station(stationId) !== undefined && memory.number(stationId, sensor) === undefined;
    return isNew ? [{ stationId, sensor, number: takeNumber(counter) }] : [];
  });
  if (news.length > 0) {
    await writer.insertNumbers(news);
    await writer.writeNextNumber(counter.nextNumber);
  }
  const numbers = new Map(news.map(({ stationId, sensor, number }) => [`${stationId}/${sensor}`, number]));
  const keep = () => {
    for (const { stationId, sensor, number } of news) memory.putNumber(stationId, sensor, number);
    memory.nextNumber = counter.nextNumber;
  };
  const answer = places.map(({ stationId, sensor }) => {
    return memory.number(stationId, sensor) ?? numbers.get(`${stationId}/${sensor}`);
  });
  return { answer, keep };
}

/** Numbers that sensors bring from elsewhere. */
export async function writeKeptNumbers(
  { writer, memory }: Scene,
  kept: readonly { stationId: string; sensor: string; number: number }[],
): Promise<Written<void>> {
  const news = kept.filter(({ stationId, sensor, number }) => {
    return memory.station(stationId) !== undefined && memory.takesNumber(stationId, sensor, number);
  });
  await writer.insertNumbers(news);
  const keep = () => {
    for (const { number, stationId, sensor } of news) memory.putNumber(stationId, sensor, number);
  };
  return { answer: undefined, keep };
}

/** Numbers that go with sensors to another station. */
export async function writeMovedNumbers(
  { writer, memory }: Scene,
  moves: readonly { sensor: string; number: number; from: string; to: string }[],
): Promise<Written<void>> {
  const here = moves.filter(({ sensor, number, from }) =>
    [memory.number(from, sensor), ...memory.secondNumbers(from, sensor)].includes(number),
  );
  await writer.moveNumbers(here);
  const keep = () => {
    for (const { sensor, number, from, to } of here) {
      memory.dropNumber(from, sensor, number);
      memory.putNumber(to, sensor, number);
    }
  };
  return { answer: undefined, keep };
}

/** Ends what assignments the devices have and begins the new ones; a deleted device that comes back is welcome. */
async function moveDevices({ writer, memory, now }: Scene, bindings: readonly Binding[]): Promise<void> {
  for (const { device } of bindings) {
    const former = memory.binding(device.id)?.device;
    if (former !== undefined) await writer.endAssignment(former, now);
    if (memory.isErased('device', device.id)) await writer.forgetErasedDevice(device.id);
  }
  await writer.insertBindings(bindings);
}

function keepBinding(memory: StationMemory, binding: Binding): void {
  memory.putBinding(binding);
  memory.dropErasure('device', binding.device.id);
}

function isUnused(device: Device, at: number): boolean {
  return device.lastSeenAt === undefined && device.boundAt < at - UNUSED_BINDING_MS;
}

function withChange(station: Station, change: StationChange): Station {
  const entries = Object.entries({ ...station, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Station;
}

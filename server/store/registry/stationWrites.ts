import type { Station } from '../../domain/station.ts';
import { historyOfChange } from '../../domain/stationHistory.ts';
import { keyHash } from '../../process/keys.ts';
import { keepBinding, moveDevices } from './deviceWrites.ts';
import { type Batch, type DeviceSecret, type Draft, draftStation } from './stationDraft.ts';
import { type IssuedStation, isRefusal, type NewStation, type Refusal, type StationChange } from './stationRecords.ts';
import { NO_STATION, type Scene, type Written } from './stationScene.ts';
import type { Erasure } from './stationStoreFile.ts';

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

function withChange(station: Station, change: StationChange): Station {
  const entries = Object.entries({ ...station, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Station;
}

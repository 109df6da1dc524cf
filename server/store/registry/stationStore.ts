import { MINUTE_MS } from '../../domain/durations.ts';
import type { Device, Station } from '../../domain/station.ts';
import { newKey, type RandomBytes } from '../../process/keys.ts';
import type { CopyableDatabase, TableCounts } from '../duckdb/duckdbCopy.ts';
import { writeBinding, writeExpiry, writeRevocation } from './deviceWrites.ts';
import { writeKeptNumbers, writeMovedNumbers, writeSensorNumbers } from './sensorNumberWrites.ts';
import { newDeviceSecret } from './stationDraft.ts';
import { StationMemory } from './stationMemory.ts';
import type { DeviceClaim, IssuedDevice, IssuedStation, NewStation, Refusal, StationChange } from './stationRecords.ts';
import type { Scene, Written } from './stationScene.ts';
import { type Assignment, type Erasure, StationStoreFile } from './stationStoreFile.ts';
import {
  type Removal,
  type StationEdit,
  writeChange,
  writeErasures,
  writeOwnerKey,
  writeRemoval,
  writeStations,
} from './stationWrites.ts';

export { UNUSED_BINDING_MS } from './deviceWrites.ts';
export type { DeviceClaim, IssuedDevice, IssuedStation, NewStation, Refusal, StationChange } from './stationRecords.ts';
export { isRefusal } from './stationRecords.ts';
export type { Assignment, Erasure } from './stationStoreFile.ts';
export type { Removal, StationEdit } from './stationWrites.ts';

/** The registry as the rest of the program sees it, whoever keeps it. */
export type Registry = Pick<StationStore, keyof StationStore>;

/** Name of the file in the data folder: there from the first start on. */
export const REGISTRY_FILE = 'registry.duckdb';

const DEFAULT_FLUSH_MS = MINUTE_MS;

/** What the registry needs from outside. */
export interface StationStoreOptions {
  path: string;
  clock: () => number;
  randomBytes: RandomBytes;
  /** Longest wait before `touchDevice` reaches the disk, ms; 60,000 when absent. */
  flushIntervalMs?: number;
  /** Told when that write fails; it is tried again a minute later. */
  onFlushError?: (error: unknown) => void;
}

/**
 * Stations, devices and their keys. Reads answer from memory; writes are on disk before they resolve, one after the
 * other, and reject with `StoreUnavailableError` when the disk refuses, in which case nothing has changed.
 */
export class StationStore implements CopyableDatabase {
  readonly #clock: () => number;
  readonly #randomBytes: RandomBytes;
  readonly #flushIntervalMs: number;
  readonly #onFlushError: ((error: unknown) => void) | undefined;
  readonly #file: StationStoreFile;
  readonly #memory = new StationMemory();
  readonly #listeners = new Set<(stationId: string) => void>();
  readonly #issueListeners = new Set<(deviceId: string, token: string) => void>();
  readonly #touched = new Set<string>();
  #flushTimer: NodeJS.Timeout | undefined;

  constructor(options: StationStoreOptions) {
    this.#clock = options.clock;
    this.#randomBytes = options.randomBytes;
    this.#flushIntervalMs = options.flushIntervalMs ?? DEFAULT_FLUSH_MS;
    this.#onFlushError = options.onFlushError;
    this.#file = new StationStoreFile(options.path);
  }

  /** Opens or creates the file and reads it whole. */
  async open(): Promise<void> {
    this.#memory.load(await this.#file.open());
  }

  /** Writes what is still in memory and closes the file. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  /** The station, or undefined. */
  station(id: string): Station | undefined {
    return this.#memory.station(id);
  }

  /** All stations, also pending and hidden ones; the same array until something changes. */
  stations(): readonly Station[] {
    return this.#memory.stations();
  }

  /** The device's current assignment; undefined when it has none. */
  device(id: string): Device | undefined {
    return this.#memory.binding(id)?.device;
  }

  /** Devices that stand at a station now. */
  devicesOf(stationId: string): Device[] {
    return this.#memory.devicesOf(stationId);
  }

  /** All devices with an assignment and the hashes of their tokens: SHA-256 for bridges, Mosquitto's for a broker. */
  *credentials(): IterableIterator<{ device: Device; tokenHash: string; mosquittoHash: string }> {
    yield* this.#memory.bindings();
  }

  /** All stations with the hashes of their owners' keys: for other nodes of the instance. */
  *entries(): IterableIterator<{ station: Station; ownerKeyHash: string }> {
    yield* this.#memory.entries();
  }

  /** Devices of deleted stations that were not registered again. */
  erasedDevices(): string[] {
    return this.#memory.erasedDevices();
  }

  /** The device if `token` is its own. */
  authenticateDevice(deviceId: string, token: string): Device | undefined {
    return this.#memory.authenticateDevice(deviceId, token);
  }

  /** The device a token belongs to. */
  deviceByToken(token: string): Device | undefined {
    return this.#memory.deviceByToken(token);
  }

  /** True when `ownerKey` is this station's. */
  isOwner(stationId: string, ownerKey: string): boolean {
    return this.#memory.stationOfOwnerKey(ownerKey) === stationId;
  }

  /** The station an owner key belongs to. */
  stationOfOwnerKey(ownerKey: string): string | undefined {
    return this.#memory.stationOfOwnerKey(ownerKey);
  }

  /** True when the station was deleted: nothing of it is taken any more. */
  isErased(stationId: string): boolean {
    return this.#memory.isErased('station', stationId);
  }

  /** True when the device belonged to a deleted station and was not registered again since. */
  isErasedDevice(deviceId: string): boolean {
    return this.#memory.isErased('device', deviceId);
  }

  /** Deleted stations whose readings may still be stored: to be erased again at start. */
  pendingErasures(): string[] {
    return this.#memory.pendingErasures();
  }

  /** Everything on the erasure list, oldest first. */
  erasures(): Promise<Erasure[]> {
    return this.#file.erasures();
  }

  /** Copies the registry as it is now. */
  copyTo(path: string, signal?: AbortSignal): Promise<TableCounts> {
    return this.#file.copyTo(path, signal);
  }

  /**
   * Puts deletions of another time onto the list: stations that are here are deleted, and stay among `pendingErasures`
   * until their readings are gone too. Resolves to how many were still here.
   */
  async applyErasures(erasures: readonly Erasure[]): Promise<number> {
    const isNew = ({ kind, id }: Erasure) => (kind === 'station' ? !this.isErased(id) : !this.isErasedDevice(id));
    const news = erasures.filter(isNew);
    const here = news.filter(({ kind, id }) => kind === 'station' && this.station(id) !== undefined);
    for (const { id } of here) await this.removeStation(id);
    const others = news.filter((erasure) => isNew(erasure) && this.device(erasure.id) === undefined);
    await this.#write((scene) => writeErasures(scene, others));
    return here.length;
  }

  /** Every deleted station. */
  erasedStations(): string[] {
    return this.#memory.erasedStations();
  }

  /** The permanent number of a station's sensor; undefined until `assignSensorId` gave one. */
  sensorIdOf(stationId: string, sensor: string): number | undefined {
    return this.#memory.number(stationId, sensor);
  }

  /** Numbers at sensor.community that lead to a station's sensor beside its own, which is one of ours. */
  secondSensorIdsOf(stationId: string, sensor: string): readonly number[] {
    return this.#memory.secondNumbers(stationId, sensor);
  }

  /** Calls `listener` with the station's id after each durable change of it or its devices. Returns the way back. */
  onChange(listener: (stationId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls `listener` with each device token in clear when it is made and durable, before `onChange`. Returns the way back. */
  onIssued(listener: (deviceId: string, token: string) => void): () => void {
    this.#issueListeners.add(listener);
    return () => void this.#issueListeners.delete(listener);
  }

  /** Notes that the device sent something at `at`, epoch ms. Called for every message: on disk a minute later. */
  touchDevice(deviceId: string, at: number): void {
    const device = this.#memory.binding(deviceId)?.device;
    if (device === undefined) return;
    device.lastSeenAt = at;
    this.#touched.add(deviceId);
    this.#flushTimer ??= setTimeout(() => void this.#flushOnTime(), this.#flushIntervalMs).unref();
  }

  /** Writes the times `touchDevice` noted. */
  async flush(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    if (this.#touched.size === 0) return;
    const touched = [...this.#touched].flatMap((deviceId) => this.device(deviceId) ?? []);
    this.#touched.clear();
    try {
      await this.#write(async ({ writer }) => ({ answer: await writer.writeLastSeen(touched) }));
    } catch (error) {
      for (const { id } of touched) this.#touched.add(id);
      throw error;
    }
  }

  /** Makes a station, its owner key and, when asked, its device's token. */
  async addStation(input: NewStation): Promise<IssuedStation | Refusal> {
    const [made] = await this.addStations([input]);
    if (made === undefined) throw new Error('one station went in and none came out');
    return made;
  }

  /** Makes many stations in one transaction; answers in the order of `inputs`, a refusal for each that cannot be. */
  async addStations(inputs: readonly NewStation[]): Promise<(IssuedStation | Refusal)[]> {
    const secrets = await Promise.all(inputs.map((input) => input.device && newDeviceSecret(this.#randomBytes)));
    return this.#write((scene) => writeStations(scene, inputs, secrets));
  }

  /** Binds a device to a station, or gives the one already there a new token. The former token ends at once. */
  async bindDevice(stationId: string, claim: DeviceClaim): Promise<IssuedDevice | Refusal> {
    const secret = await newDeviceSecret(this.#randomBytes);
    return this.#write((scene) => writeBinding(scene, stationId, { claim, secret }));
  }

  /** A new token for a device where it stands. */
  async rotateDevice(deviceId: string): Promise<IssuedDevice | Refusal> {
    const device = this.device(deviceId);
    if (device === undefined) return { refused: 'no-such-device' };
    return this.bindDevice(device.stationId, { deviceId });
  }

  /** Ends a device's assignment; it stays in the station's history. */
  async revokeDevice(deviceId: string): Promise<Device | Refusal> {
    return this.#write((scene) => writeRevocation(scene, deviceId));
  }

  /** Ends assignments whose device never sent anything for 7 days up to `now`. Resolves to the devices' ids. */
  async expireUnusedBindings(now: number): Promise<string[]> {
    return this.#write((scene) => writeExpiry(scene, now));
  }

  /**
   * Changes fields of a station; `undefined` removes an optional one. A function is asked in the turn of the write, so
   * that two edits of one list both count. Another position or sensor leaves a mark in the series, unless the position
   * is the correction of a mistake. Resolves to the station as it is now.
   */
  async updateStation(
    stationId: string,
    edit: StationEdit,
    { isCorrection = false }: { isCorrection?: boolean } = {},
  ): Promise<Station | Refusal> {
    return this.#write((scene) => writeChange(scene, stationId, { edit, isCorrection }));
  }

  /** Lets a pending station through; any other stays as it is. */
  async approveStation(stationId: string): Promise<Station | Refusal> {
    const station = this.station(stationId);
    if (station === undefined) return { refused: 'no-such-station' };
    const change: StationChange = { status: 'active', refusal: undefined };
    return station.status === 'pending' ? this.updateStation(stationId, change) : station;
  }

  /** A new owner key; the former one ends at once. */
  async rotateOwnerKey(stationId: string): Promise<{ ownerKey: string } | Refusal> {
    const ownerKey = newKey(this.#randomBytes);
    return this.#write((scene) => writeOwnerKey(scene, stationId, ownerKey));
  }

  /**
   * Deletes a station, its keys, devices and history, and puts it and its devices on the erasure list. Its readings are
   * the caller's to erase; until `completeErasure` the station stays among `pendingErasures`.
   */
  async removeStation(stationId: string): Promise<Removal | Refusal> {
    return this.#write((scene) => writeRemoval(scene, stationId));
  }

  /** Notes that a deleted station's readings are gone as well. */
  async completeErasure(stationId: string): Promise<void> {
    await this.#write(async ({ writer, memory, now }) => ({
      answer: await writer.completeErasure(stationId, now),
      keep: () => memory.putErasure('station', stationId, true),
    }));
  }

  /** The permanent number of a station's sensor, made when there is none; undefined without such a station. */
  async assignSensorId(stationId: string, sensor: string): Promise<number | undefined> {
    return this.sensorIdOf(stationId, sensor) ?? (await this.assignSensorIds([{ stationId, sensor }]))[0];
  }

  /** The same of many sensors, none of them named twice, in one transaction; in the order of `places`. */
  assignSensorIds(places: readonly { stationId: string; sensor: string }[]): Promise<(number | undefined)[]> {
    return this.#write((scene) => writeSensorNumbers(scene, places));
  }

  /** Gives sensors the number they have at sensor.community; one that has one of ours keeps it and is found by both. */
  async keepSensorIds(kept: readonly { stationId: string; sensor: string; number: number }[]): Promise<void> {
    if (kept.length > 0) await this.#write((scene) => writeKeptNumbers(scene, kept));
  }

  /** Gives numbers of one station's sensors to the same sensors of another. */
  async moveSensorIds(moves: readonly { sensor: string; number: number; from: string; to: string }[]): Promise<void> {
    if (moves.length > 0) await this.#write((scene) => writeMovedNumbers(scene, moves));
  }

  /** Devices that stand or stood at a station, oldest first. */
  async assignments(stationId: string): Promise<Assignment[]> {
    return this.#file.assignments(stationId);
  }

  async #write<Answer>(work: (scene: Scene) => Promise<Written<Answer>>): Promise<Answer> {
    const { answer, changed } = await this.#file.transaction(
      (writer) => work({ writer, memory: this.#memory, now: this.#clock(), randomBytes: this.#randomBytes }),
      ({ keep, issued = [] }) => {
        keep?.();
        // Together with the hash in memory: nobody sees the one without the other.
        for (const { deviceId, token } of issued) for (const tell of this.#issueListeners) tell(deviceId, token);
      },
    );
    for (const stationId of new Set(changed)) for (const listener of this.#listeners) listener(stationId);
    return answer;
  }

  async #flushOnTime(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#onFlushError?.(error);
    }
  }
}

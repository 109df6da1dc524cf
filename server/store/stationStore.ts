import type { Device, Station } from '../domain/station.ts';
import { keyHash, newKey, type RandomBytes } from '../keys.ts';
import {
  type Batch,
  type Draft,
  draftBinding,
  draftStation,
  isTaken,
  newDeviceSecret,
  takeNumber,
} from './stationDraft.ts';
import { StationMemory } from './stationMemory.ts';
import {
  type DeviceClaim,
  type IssuedDevice,
  type IssuedStation,
  isRefusal,
  type NewStation,
  type Refusal,
  type StationChange,
} from './stationRecords.ts';
import { type Assignment, type Binding, StationStoreFile } from './stationStoreFile.ts';
import type { StationWriter } from './stationWriter.ts';

export type { DeviceClaim, IssuedDevice, IssuedStation, NewStation, Refusal, StationChange } from './stationRecords.ts';
export { isRefusal } from './stationRecords.ts';
export type { Assignment } from './stationStoreFile.ts';

/** A binding whose device never sent anything ends after this long, ms. */
export const UNUSED_BINDING_MS = 7 * 86_400_000;
const DEFAULT_FLUSH_MS = 60_000;

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
export class StationStore {
  readonly #clock: () => number;
  readonly #randomBytes: RandomBytes;
  readonly #flushIntervalMs: number;
  readonly #onFlushError: ((error: unknown) => void) | undefined;
  readonly #file: StationStoreFile;
  readonly #memory = new StationMemory();
  readonly #listeners = new Set<(stationId: string) => void>();
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

  /** All devices with an assignment and the hash of their token in Mosquitto's format, for an external broker. */
  *credentials(): IterableIterator<{ device: Device; mosquittoHash: string }> {
    yield* this.#memory.bindings();
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

  /** The permanent number of a station's sensor; undefined until `assignSensorId` gave one. */
  sensorIdOf(stationId: string, sensor: string): number | undefined {
    return this.#memory.number(stationId, sensor);
  }

  /** Calls `listener` with the station's id after each durable change of it or its devices. Returns the way back. */
  onChange(listener: (stationId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Notes that the device sent something at `at`, epoch ms. Called for every message: on disk a minute later. */
  touchDevice(deviceId: string, at: number): void {
    const device = this.#memory.binding(deviceId)?.device;
    if (device === undefined) return;
    device.lastSeenAt = at;
    this.#touched.add(deviceId);
    this.#flushTimer ??= setTimeout(() => void this.#flushOnTime(), this.#flushIntervalMs);
    this.#flushTimer.unref();
  }

  /** Writes the times `touchDevice` noted. */
  async flush(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    if (this.#touched.size === 0) return;
    const touched = [...this.#touched].flatMap((deviceId) => this.device(deviceId) ?? []);
    this.#touched.clear();
    try {
      await this.#write(async (writer) => ({ answer: await writer.writeLastSeen(touched) }));
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
    return this.#write(async (writer) => {
      const batch: Batch = { ids: new Set(), deviceIds: new Set(), nextNumber: this.#memory.nextNumber };
      const context = { memory: this.#memory, randomBytes: this.#randomBytes, now: this.#clock() };
      const results = inputs.map((input, index) => draftStation(input, batch, { ...context, secret: secrets[index] }));
      const drafts = results.filter((result): result is Draft => !isRefusal(result));
      await this.#writeDrafts(writer, drafts, batch.nextNumber);
      return {
        answer: results.map((result) => (isRefusal(result) ? result : result.issued)),
        keep: () => this.#keepDrafts(drafts, batch.nextNumber),
        changed: drafts.flatMap(({ station, formerStationId }) => [station.id, formerStationId ?? station.id]),
      };
    });
  }

  /** Binds a device to a station, or gives the one already there a new token. The former token ends at once. */
  async bindDevice(stationId: string, claim: DeviceClaim): Promise<IssuedDevice | Refusal> {
    const secret = await newDeviceSecret(this.#randomBytes);
    return this.#write<IssuedDevice | Refusal>(async (writer) => {
      const holder = this.device(claim.deviceId);
      if (this.station(stationId) === undefined) return { answer: { refused: 'no-such-station' } };
      if (isTaken(claim, stationId, holder)) return { answer: { refused: 'device-taken' } };
      const binding = draftBinding(stationId, claim, secret, this.#clock());
      if (holder?.stationId === stationId) {
        binding.device = { ...holder, ...binding.device, boundAt: holder.boundAt };
        await writer.replaceCredentials(binding);
      } else {
        await this.#moveDevices(writer, [binding]);
      }
      return {
        answer: { deviceId: claim.deviceId, token: secret.token },
        keep: () => this.#keepBinding(binding),
        changed: [holder?.stationId ?? stationId, stationId],
      };
    });
  }

  /** A new token for a device where it stands. */
  async rotateDevice(deviceId: string): Promise<IssuedDevice | Refusal> {
    const device = this.device(deviceId);
    if (device === undefined) return { refused: 'no-such-device' };
    return this.bindDevice(device.stationId, { deviceId });
  }

  /** Ends a device's assignment; it stays in the station's history. */
  async revokeDevice(deviceId: string): Promise<Device | Refusal> {
    return this.#write<Device | Refusal>(async (writer) => {
      const device = this.device(deviceId);
      if (device === undefined) return { answer: { refused: 'no-such-device' } };
      await writer.endAssignment(deviceId, this.#clock());
      return { answer: device, keep: () => this.#memory.dropBinding(deviceId), changed: [device.stationId] };
    });
  }

  /** Ends assignments whose device never sent anything for 7 days up to `now`. Resolves to the devices' ids. */
  async expireUnusedBindings(now: number): Promise<string[]> {
    return this.#write(async (writer) => {
      const bindings = [...this.#memory.bindings()].map(({ device }) => device);
      const unused = bindings.filter((device) => isUnused(device, now));
      for (const device of unused) await writer.endAssignment(device.id, now);
      return {
        answer: unused.map(({ id }) => id),
        keep: () => {
          for (const { id } of unused) this.#memory.dropBinding(id);
        },
        changed: unused.map(({ stationId }) => stationId),
      };
    });
  }

  /** Changes fields of a station; `undefined` removes an optional one. Resolves to the station as it is now. */
  async updateStation(stationId: string, change: StationChange): Promise<Station | Refusal> {
    return this.#write<Station | Refusal>(async (writer) => {
      const former = this.station(stationId);
      if (former === undefined) return { answer: { refused: 'no-such-station' } };
      const station = withChange(former, change);
      await writer.replaceStation(station);
      return { answer: station, keep: () => this.#memory.putStation(station), changed: [stationId] };
    });
  }

  /** Lets a pending station through; any other stays as it is. */
  async approveStation(stationId: string): Promise<Station | Refusal> {
    const station = this.station(stationId);
    if (station === undefined) return { refused: 'no-such-station' };
    return station.status === 'pending' ? this.updateStation(stationId, { status: 'active' }) : station;
  }

  /** A new owner key; the former one ends at once. */
  async rotateOwnerKey(stationId: string): Promise<{ ownerKey: string } | Refusal> {
    const ownerKey = newKey(this.#randomBytes);
    return this.#write<{ ownerKey: string } | Refusal>(async (writer) => {
      const station = this.station(stationId);
      if (station === undefined) return { answer: { refused: 'no-such-station' } };
      await writer.replaceOwnerKey(stationId, keyHash(ownerKey));
      const keep = () => this.#memory.putStation(station, keyHash(ownerKey));
      return { answer: { ownerKey }, keep, changed: [stationId] };
    });
  }

  /**
   * Deletes a station, its keys, devices and history, and puts it and its devices on the erasure list. Its readings are
   * the caller's to erase; until `completeErasure` the station stays among `pendingErasures`.
   */
  async removeStation(stationId: string): Promise<{ deviceIds: string[] } | Refusal> {
    return this.#write<{ deviceIds: string[] } | Refusal>(async (writer) => {
      if (this.station(stationId) === undefined) return { answer: { refused: 'no-such-station' } };
      const deviceIds = this.devicesOf(stationId).map(({ id }) => id);
      await writer.deleteStation(stationId);
      await writer.insertErasures('station', [stationId], this.#clock());
      await writer.insertErasures('device', deviceIds, this.#clock());
      const keep = () => {
        this.#memory.dropStation(stationId);
        this.#memory.putErasure('station', stationId, false);
        for (const id of deviceIds) this.#memory.putErasure('device', id, true);
      };
      return { answer: { deviceIds }, keep, changed: [stationId] };
    });
  }

  /** Notes that a deleted station's readings are gone as well. */
  async completeErasure(stationId: string): Promise<void> {
    await this.#write(async (writer) => ({
      answer: await writer.completeErasure(stationId, this.#clock()),
      keep: () => this.#memory.putErasure('station', stationId, true),
    }));
  }

  /** The permanent number of a station's sensor, made when there is none; undefined without such a station. */
  async assignSensorId(stationId: string, sensor: string): Promise<number | undefined> {
    const known = this.sensorIdOf(stationId, sensor);
    if (known !== undefined) return known;
    return this.#write(async (writer) => {
      const raced = this.sensorIdOf(stationId, sensor);
      if (raced !== undefined || this.station(stationId) === undefined) return { answer: raced };
      const counter = { nextNumber: this.#memory.nextNumber };
      const number = takeNumber(counter);
      await writer.insertNumber(number, stationId, sensor);
      await writer.writeNextNumber(counter.nextNumber);
      const keep = () => {
        this.#memory.putNumber(stationId, sensor, number);
        this.#memory.nextNumber = counter.nextNumber;
      };
      return { answer: number, keep };
    });
  }

  /** Devices that stand or stood at a station, oldest first. */
  async assignments(stationId: string): Promise<Assignment[]> {
    return this.#file.assignments(stationId);
  }

  async #write<Answer>(work: (writer: StationWriter) => Promise<Written<Answer>>): Promise<Answer> {
    const { answer, changed } = await this.#file.transaction(work, ({ keep }) => keep?.());
    for (const stationId of new Set(changed)) for (const listener of this.#listeners) listener(stationId);
    return answer;
  }

  async #writeDrafts(writer: StationWriter, drafts: readonly Draft[], nextNumber: number): Promise<void> {
    await writer.insertStations(drafts);
    await this.#moveDevices(
      writer,
      drafts.flatMap(({ binding }) => binding ?? []),
    );
    await writer.writeNextNumber(nextNumber);
  }

  /** Ends what assignments the devices have and begins the new ones; a deleted device that comes back is welcome. */
  async #moveDevices(writer: StationWriter, bindings: readonly Binding[]): Promise<void> {
    for (const { device } of bindings) {
      if (this.device(device.id) !== undefined) await writer.endAssignment(device.id, this.#clock());
      if (this.isErasedDevice(device.id)) await writer.forgetErasedDevice(device.id);
    }
    await writer.insertBindings(bindings);
  }

  #keepDrafts(drafts: readonly Draft[], nextNumber: number): void {
    for (const { station, ownerKeyHash, binding } of drafts) {
      this.#memory.putStation(station, ownerKeyHash);
      if (binding !== undefined) this.#keepBinding(binding);
    }
    this.#memory.nextNumber = nextNumber;
  }

  #keepBinding(binding: Binding): void {
    this.#memory.putBinding(binding);
    this.#memory.dropErasure('device', binding.device.id);
  }

  async #flushOnTime(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#onFlushError?.(error);
    }
  }
}

/** What one write did: the answer, what becomes of the memory, and which stations' listeners hear of it. */
interface Written<Answer> {
  answer: Answer;
  keep?: () => void;
  changed?: string[];
}

function isUnused(device: Device, now: number): boolean {
  return device.lastSeenAt === undefined && device.boundAt < now - UNUSED_BINDING_MS;
}

function withChange(station: Station, change: StationChange): Station {
  const entries = Object.entries({ ...station, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as Station;
}

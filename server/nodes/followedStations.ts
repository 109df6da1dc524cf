import { ShardCopy } from '../../firmware-bridge/shardCopy.ts';
import type { Device, Station } from '../domain/station.ts';
import { parseStationsTopic, STATIONS_SUBSCRIPTION } from '../domain/topics.ts';
import { StationMemory } from '../store/registry/stationMemory.ts';
import type { NodeBus } from './nodeBus.ts';
import { decodeStations, type StationShard } from './stationShards.ts';

/** What the followed stations need. */
export interface FollowedStationsParts {
  bus: NodeBus;
  /** File of the last complete copy. */
  path: string;
  onError: (error: unknown) => void;
}

/**
 * Stations and devices as the registry publishes them: public positions, no tokens. Read from memory, never written. A
 * part is taken over as a whole, so that a revoked device ends with it.
 */
export class FollowedStations {
  readonly #memory = new StationMemory();
  readonly #shards = new Map<string, StationShard>();
  readonly #copy: ShardCopy;
  readonly #listeners = new Set<(stationId: string) => void>();
  #known: (() => void)[] = [];
  #list: readonly Station[] | undefined;

  constructor({ bus, path, onError }: FollowedStationsParts) {
    this.#copy = new ShardCopy({ path, onError, apply: (shard, payload) => this.#apply(shard, payload) });
    bus.follow(STATIONS_SUBSCRIPTION, (topic, payload, isKept) => {
      const name = parseStationsTopic(topic);
      if (name === undefined) return;
      this.#copy.receive(name, payload.toString(), isKept);
      if (this.isComplete) this.#tellKnown();
    });
    bus.onDisconnected(() => this.#copy.disconnected());
  }

  /** Reads the copy of an earlier run. */
  async open(): Promise<void> {
    await this.#copy.open();
    if (this.#copy.isKnown) this.#tellKnown();
  }

  /** Writes what is not on disk yet. */
  close(): Promise<void> {
    return this.#copy.close();
  }

  /** Resolves when there is a whole copy to go by, of an earlier run or from the broker. */
  async known(): Promise<void> {
    if (this.#known === DONE) return;
    await new Promise<void>((resolve) => this.#known.push(resolve));
  }

  /** True while all of it is known to be there and up to date: only then is who is not in it unknown. */
  get isComplete(): boolean {
    return this.#copy.isComplete;
  }

  station(id: string): Station | undefined {
    return this.#memory.station(id);
  }

  /** All stations in the order they were made; the same array until something changes. */
  stations(): readonly Station[] {
    this.#list ??= this.#memory.stations().toSorted((a, b) => a.createdAt - b.createdAt || a.locationId - b.locationId);
    return this.#list;
  }

  device(id: string): Device | undefined {
    return this.#memory.binding(id)?.device;
  }

  devicesOf(stationId: string): Device[] {
    return this.#memory.devicesOf(stationId);
  }

  /** Devices, without what their tokens are checked by: that is for brokers and bridges. */
  *credentials(): IterableIterator<{ device: Device; tokenHash: string; mosquittoHash: string }> {
    yield* this.#memory.bindings();
  }

  isErasedDevice(deviceId: string): boolean {
    return this.#memory.isErased('device', deviceId);
  }

  isOwner(stationId: string, ownerKey: string): boolean {
    return this.#memory.stationOfOwnerKey(ownerKey) === stationId;
  }

  stationOfOwnerKey(ownerKey: string): string | undefined {
    return this.#memory.stationOfOwnerKey(ownerKey);
  }

  /** Calls `listener` with the station's id after each change of it or its devices. Returns the way back. */
  onChange(listener: (stationId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #apply(name: string, payload: string): boolean {
    const next = decodeStations(payload);
    if (next === undefined) return false;
    const former = this.#shards.get(name) ?? { stations: [], erasedDevices: [] };
    this.#shards.set(name, next);
    const changed = changedIn(former, next);
    for (const { station } of former.stations) if (changed.has(station.id)) this.#memory.dropStation(station.id);
    for (const { station, ownerKeyHash, devices } of next.stations) {
      if (!changed.has(station.id)) continue;
      this.#memory.putStation(station, ownerKeyHash);
      // Never compared with anything: a hash has 64 characters.
      for (const device of devices) this.#memory.putBinding({ device, tokenHash: device.id, mosquittoHash: '' });
    }
    for (const deviceId of former.erasedDevices) this.#memory.dropErasure('device', deviceId);
    for (const deviceId of next.erasedDevices) this.#memory.putErasure('device', deviceId, true);
    this.#list = undefined;
    for (const stationId of changed) for (const listener of this.#listeners) listener(stationId);
    return true;
  }

  #tellKnown(): void {
    const waiting = this.#known;
    this.#known = DONE;
    for (const resolve of waiting) resolve();
  }
}

const DONE: (() => void)[] = [];

/** Ids of stations that are other than before, new or gone. */
function changedIn(former: StationShard, next: StationShard): Set<string> {
  const texts = new Map(former.stations.map((entry) => [entry.station.id, JSON.stringify(entry)]));
  const changed = new Set<string>();
  for (const entry of next.stations) {
    if (texts.get(entry.station.id) !== JSON.stringify(entry)) changed.add(entry.station.id);
    texts.delete(entry.station.id);
  }
  for (const stationId of texts.keys()) changed.add(stationId);
  return changed;
}

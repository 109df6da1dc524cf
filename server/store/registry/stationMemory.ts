import type { Device, Station } from '../../domain/station.ts';
import { isSameHash, keyHash, normaliseKey } from '../../process/keys.ts';
import type { Binding, RegistryContent } from './stationStoreFile.ts';

/** Numbers of ours begin here; those of sensor.community are below. */
const FIRST_NUMBER = 1_000_000_000;

/** The registry in memory: every read the program makes of it, without waiting. Written only after the file was. */
export class StationMemory {
  readonly #stations = new Map<string, Station>();
  readonly #ownerKeyHashes = new Map<string, string>();
  readonly #stationByOwnerKey = new Map<string, string>();
  readonly #bindings = new Map<string, Binding>();
  readonly #deviceByToken = new Map<string, string>();
  readonly #devicesByStation = new Map<string, Map<string, Device>>();
  readonly #numbers = new Map<string, number>();
  /** Numbers at sensor.community of sensors that had one of ours before. */
  readonly #secondNumbers = new Map<string, number[]>();
  readonly #erased = new Map<string, { isCompleted: boolean }>();
  #list: readonly Station[] | undefined;
  /** The number of ours that is given next. */
  nextNumber = 0;

  /** Takes what the file held when it was opened. */
  load(content: RegistryContent): void {
    for (const { station, ownerKeyHash } of content.stations) this.putStation(station, ownerKeyHash);
    for (const binding of content.bindings) this.putBinding(binding);
    for (const { stationId, sensor, number } of content.numbers) this.putNumber(stationId, sensor, number);
    for (const { kind, id, isCompleted } of content.erasures) this.putErasure(kind, id, isCompleted);
    this.nextNumber = content.nextNumber;
  }

  /** The station, or undefined. */
  station(id: string): Station | undefined {
    return this.#stations.get(id);
  }

  /** All of them; the same array until one changes. */
  stations(): readonly Station[] {
    this.#list ??= [...this.#stations.values()];
    return this.#list;
  }

  /** The device's current assignment; undefined when it has none. */
  binding(deviceId: string): Binding | undefined {
    return this.#bindings.get(deviceId);
  }

  /** All current assignments. */
  bindings(): IterableIterator<Binding> {
    return this.#bindings.values();
  }

  /** Devices that stand at a station now. */
  devicesOf(stationId: string): Device[] {
    return [...(this.#devicesByStation.get(stationId)?.values() ?? [])];
  }

  /** The device a token belongs to, however it was typed. */
  deviceByToken(typed: string): Device | undefined {
    const token = normaliseKey(typed);
    const deviceId = token === undefined ? undefined : this.#deviceByToken.get(keyHash(token));
    return deviceId === undefined ? undefined : this.#bindings.get(deviceId)?.device;
  }

  /** The device, when `typed` is its own token. */
  authenticateDevice(deviceId: string, typed: string): Device | undefined {
    const token = normaliseKey(typed);
    const binding = this.#bindings.get(deviceId);
    if (token === undefined || binding === undefined) return undefined;
    return isSameHash(binding.tokenHash, keyHash(token)) ? binding.device : undefined;
  }

  /** The station an owner key belongs to, however it was typed. */
  stationOfOwnerKey(typed: string): string | undefined {
    const key = normaliseKey(typed);
    return key === undefined ? undefined : this.#stationByOwnerKey.get(keyHash(key));
  }

  /** The sensor's own number: one of ours where it has one, else that at sensor.community. */
  number(stationId: string, sensor: string): number | undefined {
    return this.#numbers.get(`${stationId}/${sensor}`);
  }

  /** Numbers that lead to a sensor beside its own. */
  secondNumbers(stationId: string, sensor: string): readonly number[] {
    return this.#secondNumbers.get(`${stationId}/${sensor}`) ?? [];
  }

  /** True when a sensor can have the number: as its only one, or beside one of ours. */
  takesNumber(stationId: string, sensor: string, number: number): boolean {
    const known = this.number(stationId, sensor);
    const isSecond = known !== undefined && known >= FIRST_NUMBER && number < FIRST_NUMBER;
    return known === undefined || (isSecond && !this.secondNumbers(stationId, sensor).includes(number));
  }

  /** True when it was deleted, and, if a device, not registered again since. */
  isErased(kind: 'station' | 'device', id: string): boolean {
    return this.#erased.has(`${kind}/${id}`);
  }

  /** Every deleted station. */
  erasedStations(): string[] {
    return [...this.#erased.keys()].flatMap((key) => (key.startsWith('station/') ? key.slice('station/'.length) : []));
  }

  /** Devices of deleted stations that were not registered again. */
  erasedDevices(): string[] {
    return [...this.#erased.keys()].flatMap((key) => (key.startsWith('device/') ? key.slice('device/'.length) : []));
  }

  /** All stations with the hashes of their owners' keys. */
  *entries(): IterableIterator<{ station: Station; ownerKeyHash: string }> {
    for (const station of this.stations()) {
      yield { station, ownerKeyHash: this.#ownerKeyHashes.get(station.id) ?? '' };
    }
  }

  /** Deleted stations whose readings may still be stored. */
  pendingErasures(): string[] {
    const pending = [...this.#erased].filter(([key, { isCompleted }]) => key.startsWith('station/') && !isCompleted);
    return pending.map(([key]) => key.slice('station/'.length));
  }

  /** Takes a station in or puts it in the place of what it was; its owner key stays unless a hash is given. */
  putStation(station: Station, ownerKeyHash?: string): void {
    this.#stations.set(station.id, station);
    this.#list = undefined;
    if (ownerKeyHash === undefined) return;
    this.#stationByOwnerKey.delete(this.#ownerKeyHashes.get(station.id) ?? '');
    this.#ownerKeyHashes.set(station.id, ownerKeyHash);
    this.#stationByOwnerKey.set(ownerKeyHash, station.id);
  }

  /** Forgets a station with its devices, owner key and numbers. */
  dropStation(id: string): void {
    for (const device of this.devicesOf(id)) this.dropBinding(device.id);
    this.#stationByOwnerKey.delete(this.#ownerKeyHashes.get(id) ?? '');
    this.#ownerKeyHashes.delete(id);
    this.#stations.delete(id);
    this.#list = undefined;
    for (const key of this.#numbers.keys()) if (key.startsWith(`${id}/`)) this.#numbers.delete(key);
    for (const key of this.#secondNumbers.keys()) if (key.startsWith(`${id}/`)) this.#secondNumbers.delete(key);
  }

  /** Takes an assignment in; it ends the device's former one. */
  putBinding(binding: Binding): void {
    const { device } = binding;
    this.dropBinding(device.id);
    this.#bindings.set(device.id, binding);
    this.#deviceByToken.set(binding.tokenHash, device.id);
    const devices = this.#devicesByStation.get(device.stationId) ?? new Map<string, Device>();
    this.#devicesByStation.set(device.stationId, devices.set(device.id, device));
  }

  /** Forgets a device's assignment, if there is one. */
  dropBinding(deviceId: string): void {
    const binding = this.#bindings.get(deviceId);
    if (binding === undefined) return;
    this.#bindings.delete(deviceId);
    this.#deviceByToken.delete(binding.tokenHash);
    const devices = this.#devicesByStation.get(binding.device.stationId);
    devices?.delete(deviceId);
    if (devices?.size === 0) this.#devicesByStation.delete(binding.device.stationId);
  }

  /** Gives a sensor a number, as its own or beside the one it has. */
  putNumber(stationId: string, sensor: string, number: number): void {
    const key = `${stationId}/${sensor}`;
    const known = this.#numbers.get(key);
    if (known === undefined) this.#numbers.set(key, number);
    else {
      // Whichever was read first: a sensor's own number is ours.
      this.#numbers.set(key, Math.max(known, number));
      this.#secondNumbers.set(key, [...this.secondNumbers(stationId, sensor), Math.min(known, number)]);
    }
  }

  /** Forgets a number of a sensor, be it its own or a second one. */
  dropNumber(stationId: string, sensor: string, number: number): void {
    const key = `${stationId}/${sensor}`;
    const seconds = this.secondNumbers(stationId, sensor).filter((second) => second !== number);
    this.#secondNumbers.delete(key);
    if (seconds.length > 0) this.#secondNumbers.set(key, seconds);
    if (this.#numbers.get(key) === number) this.#numbers.delete(key);
  }

  /** Notes a deletion; `isCompleted`: nothing of it is stored any more. */
  putErasure(kind: 'station' | 'device', id: string, isCompleted: boolean): void {
    this.#erased.set(`${kind}/${id}`, { isCompleted });
  }

  /** Forgets a deletion: the device was registered again. */
  dropErasure(kind: 'station' | 'device', id: string): void {
    this.#erased.delete(`${kind}/${id}`);
  }
}

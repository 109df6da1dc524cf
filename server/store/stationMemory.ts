import type { Device, Station } from '../domain/station.ts';
import { isSameHash, keyHash, normaliseKey } from '../process/keys.ts';
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
  nextNumber = 0;

  load(content: RegistryContent): void {
    for (const { station, ownerKeyHash } of content.stations) this.putStation(station, ownerKeyHash);
    for (const binding of content.bindings) this.putBinding(binding);
    for (const { stationId, sensor, number } of content.numbers) this.putNumber(stationId, sensor, number);
    for (const { kind, id, isCompleted } of content.erasures) this.putErasure(kind, id, isCompleted);
    this.nextNumber = content.nextNumber;
  }

  station(id: string): Station | undefined {
    return this.#stations.get(id);
  }

  stations(): readonly Station[] {
    this.#list ??= [...this.#stations.values()];
    return this.#list;
  }

  binding(deviceId: string): Binding | undefined {
    return this.#bindings.get(deviceId);
  }

  bindings(): IterableIterator<Binding> {
    return this.#bindings.values();
  }

  devicesOf(stationId: string): Device[] {
    return [...(this.#devicesByStation.get(stationId)?.values() ?? [])];
  }

  deviceByToken(typed: string): Device | undefined {
    const token = normaliseKey(typed);
    const deviceId = token === undefined ? undefined : this.#deviceByToken.get(keyHash(token));
    return deviceId === undefined ? undefined : this.#bindings.get(deviceId)?.device;
  }

  authenticateDevice(deviceId: string, typed: string): Device | undefined {
    const token = normaliseKey(typed);
    const binding = this.#bindings.get(deviceId);
    if (token === undefined || binding === undefined) return undefined;
    return isSameHash(binding.tokenHash, keyHash(token)) ? binding.device : undefined;
  }

  stationOfOwnerKey(typed: string): string | undefined {
    const key = normaliseKey(typed);
    return key === undefined ? undefined : this.#stationByOwnerKey.get(keyHash(key));
  }

  number(stationId: string, sensor: string): number | undefined {
    return this.#numbers.get(`${stationId}/${sensor}`);
  }

  secondNumbers(stationId: string, sensor: string): readonly number[] {
    return this.#secondNumbers.get(`${stationId}/${sensor}`) ?? [];
  }

  /** True when a sensor can have the number: as its only one, or beside one of ours. */
  takesNumber(stationId: string, sensor: string, number: number): boolean {
    const known = this.number(stationId, sensor);
    const isSecond = known !== undefined && known >= FIRST_NUMBER && number < FIRST_NUMBER;
    return known === undefined || (isSecond && !this.secondNumbers(stationId, sensor).includes(number));
  }

  isErased(kind: 'station' | 'device', id: string): boolean {
    return this.#erased.has(`${kind}/${id}`);
  }

  erasedStations(): string[] {
    return [...this.#erased.keys()].flatMap((key) => (key.startsWith('station/') ? key.slice('station/'.length) : []));
  }

  erasedDevices(): string[] {
    return [...this.#erased.keys()].flatMap((key) => (key.startsWith('device/') ? key.slice('device/'.length) : []));
  }

  *entries(): IterableIterator<{ station: Station; ownerKeyHash: string }> {
    for (const station of this.stations()) {
      yield { station, ownerKeyHash: this.#ownerKeyHashes.get(station.id) ?? '' };
    }
  }

  pendingErasures(): string[] {
    const pending = [...this.#erased].filter(([key, { isCompleted }]) => key.startsWith('station/') && !isCompleted);
    return pending.map(([key]) => key.slice('station/'.length));
  }

  putStation(station: Station, ownerKeyHash?: string): void {
    this.#stations.set(station.id, station);
    this.#list = undefined;
    if (ownerKeyHash === undefined) return;
    this.#stationByOwnerKey.delete(this.#ownerKeyHashes.get(station.id) ?? '');
    this.#ownerKeyHashes.set(station.id, ownerKeyHash);
    this.#stationByOwnerKey.set(ownerKeyHash, station.id);
  }

  dropStation(id: string): void {
    for (const device of this.devicesOf(id)) this.dropBinding(device.id);
    this.#stationByOwnerKey.delete(this.#ownerKeyHashes.get(id) ?? '');
    this.#ownerKeyHashes.delete(id);
    this.#stations.delete(id);
    this.#list = undefined;
    for (const key of this.#numbers.keys()) if (key.startsWith(`${id}/`)) this.#numbers.delete(key);
    for (const key of this.#secondNumbers.keys()) if (key.startsWith(`${id}/`)) this.#secondNumbers.delete(key);
  }

  putBinding(binding: Binding): void {
    const { device } = binding;
    this.dropBinding(device.id);
    this.#bindings.set(device.id, binding);
    this.#deviceByToken.set(binding.tokenHash, device.id);
    const devices = this.#devicesByStation.get(device.stationId) ?? new Map<string, Device>();
    this.#devicesByStation.set(device.stationId, devices.set(device.id, device));
  }

  dropBinding(deviceId: string): void {
    const binding = this.#bindings.get(deviceId);
    if (binding === undefined) return;
    this.#bindings.delete(deviceId);
    this.#deviceByToken.delete(binding.tokenHash);
    const devices = this.#devicesByStation.get(binding.device.stationId);
    devices?.delete(deviceId);
    if (devices?.size === 0) this.#devicesByStation.delete(binding.device.stationId);
  }

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

  putErasure(kind: 'station' | 'device', id: string, isCompleted: boolean): void {
    this.#erased.set(`${kind}/${id}`, { isCompleted });
  }

  dropErasure(kind: 'station' | 'device', id: string): void {
    this.#erased.delete(`${kind}/${id}`);
  }
}

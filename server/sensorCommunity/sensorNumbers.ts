import { setTimeout as wait } from 'node:timers/promises';
import type { StationStore } from '../store/registry/stationStore.ts';

/** Longest wait for numbers that are being given, ms. */
const MAX_WAIT_MS = 1_000;
/** How long new sensors are gathered, ms: a transaction costs the same for one as for a thousand. */
const GATHER_MS = 100;

/** A sensor of a station. */
export interface SensorPlace {
  stationId: string;
  sensor: string;
}

/** The registry as the numbers use it. */
export type NumberRegistry = Pick<StationStore, 'sensorIdOf' | 'secondSensorIdsOf' | 'assignSensorIds'>;

/**
 * The permanent integers of sensors, both ways. A sensor heard for the first time gets its number in the background,
 * together with all others that are heard meanwhile.
 */
export class SensorNumbers {
  readonly #registry: NumberRegistry;
  readonly #onAssigned: (stationId: string) => void;
  readonly #onError: (error: unknown) => void;
  readonly #placesByNumber = new Map<number, SensorPlace[]>();
  /** Sensors that have their number, by station. */
  readonly #known = new Map<string, Set<string>>();
  /** Stations with sensors that have a second number. */
  readonly #withSecond = new Set<string>();
  readonly #waiting = new Map<string, SensorPlace>();
  #work: Promise<void> | undefined;

  constructor(
    registry: NumberRegistry,
    on: { assigned: (stationId: string) => void; error: (error: unknown) => void },
  ) {
    this.#registry = registry;
    this.#onAssigned = on.assigned;
    this.#onError = on.error;
  }

  /** Notes that a sensor exists; true when its number is known. */
  note(stationId: string, sensor: string): boolean {
    if (this.#known.get(stationId)?.has(sensor)) return true;
    const key = `${stationId}/${sensor}`;
    if (this.#waiting.has(key)) return false;
    const number = this.#registry.sensorIdOf(stationId, sensor);
    if (number !== undefined) this.#keep({ stationId, sensor }, number);
    else this.#waiting.set(key, { stationId, sensor });
    if (number === undefined) this.#work ??= this.#assignAll();
    return number !== undefined;
  }

  /** The number of a sensor; undefined until it has one. */
  numberOf(stationId: string, sensor: string): number | undefined {
    return this.#registry.sensorIdOf(stationId, sensor);
  }

  /** True when second numbers lead to sensors of a station, as far as was noted. */
  hasSecond(stationId: string): boolean {
    return this.#withSecond.has(stationId);
  }

  /** Sensors with this number, ours or their second one: more than one only where a mirrored sensor moved. */
  placesOf(number: number): readonly SensorPlace[] {
    return this.#placesByNumber.get(number) ?? [];
  }

  /** Resolves when every sensor noted so far has its number or could not get one; after an import of thousands, a second later. */
  async settled(): Promise<void> {
    if (this.#work !== undefined) await Promise.race([this.#work, wait(MAX_WAIT_MS, undefined, { ref: false })]);
  }

  /** Forgets the sensors of a deleted station. */
  remove(stationId: string): void {
    for (const [number, places] of this.#placesByNumber) {
      const left = places.filter((place) => place.stationId !== stationId);
      if (left.length === 0) this.#placesByNumber.delete(number);
      else if (left.length < places.length) this.#placesByNumber.set(number, left);
    }
    this.#known.delete(stationId);
    this.#withSecond.delete(stationId);
  }

  async #assignAll(): Promise<void> {
    try {
      while (this.#waiting.size > 0) {
        await wait(GATHER_MS, undefined, { ref: false });
        const places = [...this.#waiting];
        const numbers = await this.#registry.assignSensorIds(places.map(([, place]) => place));
        for (const [at, [key, place]] of places.entries()) {
          this.#waiting.delete(key);
          const number = numbers[at];
          if (number !== undefined) this.#keep(place, number);
        }
      }
    } catch (error) {
      // The next reading of each asks again.
      this.#waiting.clear();
      this.#onError(error);
    } finally {
      this.#work = undefined;
    }
  }

  #keep(place: SensorPlace, number: number): void {
    const known = this.#known.get(place.stationId);
    if (known === undefined) this.#known.set(place.stationId, new Set([place.sensor]));
    else known.add(place.sensor);
    const seconds = this.#registry.secondSensorIdsOf(place.stationId, place.sensor);
    if (seconds.length > 0) this.#withSecond.add(place.stationId);
    for (const one of [number, ...seconds]) {
      this.#placesByNumber.set(one, [...this.placesOf(one), place]);
    }
    this.#onAssigned(place.stationId);
  }
}

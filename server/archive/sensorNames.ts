import type { StationStore } from '../store/registry/stationStore.ts';

/** A sensor of a station that keeps the number it has at sensor.community. */
export interface KeptSensorId {
  stationId: string;
  sensor: string;
  number: number;
}

/** Numbers from here on are our own (contract, Identity); lower ones come from sensor.community. */
export const FIRST_OWN_NUMBER = 1_000_000_000;

/**
 * Which instrument of a station a number of sensor.community is: the first of its model with this number, else the first
 * that has none from there. A second SDS011 at one place becomes `sds011-2`.
 */
export class SensorNames {
  readonly #registry: Pick<StationStore, 'sensorIdOf'>;
  /** By station and sensor, as decided in this run. */
  readonly #numbers = new Map<string, number>();
  #new: KeptSensorId[] = [];

  constructor(registry: Pick<StationStore, 'sensorIdOf'>) {
    this.#registry = registry;
  }

  /** The instrument's name at the station. */
  nameOf(stationId: string, model: string, number: number): string {
    for (let ordinal = 1; ; ordinal++) {
      const sensor = ordinal === 1 ? model : `${model}-${ordinal}`;
      const key = `${stationId}/${sensor}`;
      const registered = this.#registry.sensorIdOf(stationId, sensor);
      const holder = this.#numbers.get(key) ?? registered;
      if (holder === number) return sensor;
      if (holder !== undefined && holder < FIRST_OWN_NUMBER) continue;
      this.#numbers.set(key, number);
      // A permanent number of our own stays: links to it are out there.
      if (registered === undefined) this.#new.push({ stationId, sensor, number });
      return sensor;
    }
  }

  /** The instrument that has a number of our own, as our export writes it; the first of its model where none has. */
  ownNameOf(stationId: string, model: string, number: number): string {
    for (let sensor = model, ordinal = 2; ; sensor = `${model}-${ordinal++}`) {
      const registered = this.#registry.sensorIdOf(stationId, sensor);
      if (registered === number) return sensor;
      if (registered === undefined) return model;
    }
  }

  /** Numbers to be written since the last call. */
  takeNew(): KeptSensorId[] {
    const taken = this.#new;
    this.#new = [];
    return taken;
  }
}

import type { HumidityCourse } from '../domain/assessment/courseHumidity.ts';

/**
 * When humidity sensors were proved broken last, of stations whose past has been looked at since the start: with that
 * known, a new hour needs no look two weeks back. Bounded by the number of stations.
 */
export class HumidityProofs {
  readonly #provedByStation = new Map<string, Map<string, number>>();
  readonly #onProof: (stationId: string, sensor: string, provedAt: number) => void;

  constructor(onProof: (stationId: string, sensor: string, provedAt: number) => void = () => undefined) {
    this.#onProof = onProof;
  }

  /** True when the past of all of them has been looked at. */
  areKnown(stationIds: readonly string[]): boolean {
    return stationIds.every((stationId) => this.#provedByStation.has(stationId));
  }

  /** Epoch ms; minus infinity for never, undefined for unknown. */
  provedAt(stationId: string, sensor: string): number | undefined {
    return this.#provedByStation.get(stationId)?.get(sensor);
  }

  /** A station's past up to now has been looked at; without readings of late it has nothing that could be broken. */
  note(stationId: string, humidity: readonly HumidityCourse[] = []): void {
    const known = this.#provedByStation.get(stationId) ?? new Map<string, number>();
    this.#provedByStation.set(stationId, known);
    for (const { sensor, provedAt } of humidity) {
      known.set(sensor, provedAt);
      if (Number.isFinite(provedAt)) this.#onProof(stationId, sensor, provedAt);
    }
  }

  /** A station is no more. */
  forget(stationId: string): void {
    this.#provedByStation.delete(stationId);
  }
}

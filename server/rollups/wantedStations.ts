/** Stations somebody waits for: their rows are made before others. Bounded by those who wait. */
export class WantedStations {
  readonly #waitingByStation = new Map<string, number>();

  /** While `wait` is under way these stations are wanted. */
  async during(stationIds: readonly string[], wait: () => Promise<void>): Promise<void> {
    for (const id of stationIds) this.#waitingByStation.set(id, (this.#waitingByStation.get(id) ?? 0) + 1);
    try {
      await wait();
    } finally {
      for (const id of stationIds) this.#unwant(id);
    }
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.#waitingByStation.keys());
  }

  #unwant(stationId: string): void {
    const waiting = this.#waitingByStation.get(stationId)! - 1;
    if (waiting === 0) this.#waitingByStation.delete(stationId);
    else this.#waitingByStation.set(stationId, waiting);
  }
}

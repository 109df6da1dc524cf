import type { FollowedStations } from './followedStations.ts';

/** Pause before a station is read once more that could not be read, ms. */
const RETRY_MS = 5_000;

/** What is followed, and what follows from it. */
export interface FollowedJoinsParts {
  stations: Pick<FollowedStations, 'station' | 'stations' | 'onChange'>;
  /** Reads a station's last day anew from the store. */
  refold: (stationId: string) => Promise<void>;
  onError: (error: unknown) => void;
}

/**
 * Notices which stations were joined with another or taken apart: nobody tells which of their readings went away. The registry
 * changes last, so that the store is what it should be by then.
 */
export class FollowedJoins {
  readonly #parts: FollowedJoinsParts;
  readonly #formerIds = new Map<string, string>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #stop: (() => void) | undefined;

  constructor(parts: FollowedJoinsParts) {
    this.#parts = parts;
  }

  /** Begins to follow. Call before history is loaded. */
  start(): void {
    const { stations } = this.#parts;
    for (const { id } of stations.stations()) this.#note(id);
    this.#stop = stations.onChange((stationId) => {
      if (this.#note(stationId)) void this.#refold(stationId);
    });
  }

  close(): void {
    this.#stop?.();
    for (const timer of this.#retries) clearTimeout(timer);
  }

  /** True when the station is another by its former ids than it was. */
  #note(stationId: string): boolean {
    const { formerIds = [] } = this.#parts.stations.station(stationId) ?? {};
    const [before = '', now] = [this.#formerIds.get(stationId), formerIds.join(' ')];
    if (now === '') this.#formerIds.delete(stationId);
    else this.#formerIds.set(stationId, now);
    return now !== before && this.#parts.stations.station(stationId) !== undefined;
  }

  async #refold(stationId: string): Promise<void> {
    try {
      await this.#parts.refold(stationId);
    } catch (error) {
      this.#parts.onError(error);
      const timer = setTimeout(() => {
        this.#retries.delete(timer);
        void this.#refold(stationId);
      }, RETRY_MS).unref();
      this.#retries.add(timer);
    }
  }
}

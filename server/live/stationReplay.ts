import type { StationReading } from '../domain/contract.ts';
import { HOUR_MS } from '../domain/durations.ts';

/** Readings kept per watched station. */
const KEPT_READINGS = 100;
/** How long a reading is kept for replay, and a station nobody watches any more, ms. */
const KEPT_MS = HOUR_MS;

interface Kept {
  reading: StationReading;
  measuredAt: number;
  storedAt: number;
  /** Arrived after a newer reading of its instrument, or after other fields of the same one. */
  isLate: boolean;
}

interface Watched {
  /** Everything stored since is here, unless dropped: then it moves on. Epoch ms. */
  completeSince: number;
  usedAt: number;
  kept: Kept[];
}

/**
 * The last readings of stations somebody watches, so that a dropped connection can be resumed without asking the store.
 * Bounded by the stations watched within the last hour.
 */
export class StationReplay {
  readonly #watchedById = new Map<string, Watched>();

  /** Begins to keep the station's readings. */
  watch(stationId: string, now: number): void {
    const watched = this.#watchedById.get(stationId);
    if (watched === undefined) this.#watchedById.set(stationId, { completeSince: now, usedAt: now, kept: [] });
    else watched.usedAt = now;
  }

  /** True when the station's readings are kept. */
  isWatched(stationId: string): boolean {
    return this.#watchedById.has(stationId);
  }

  /** Keeps one stored reading. */
  add(reading: StationReading, now: number): void {
    const watched = this.#watchedById.get(reading.stationId);
    if (watched === undefined) return;
    const measuredAt = Date.parse(reading.measuredAt);
    const isLate = watched.kept.some((kept) => kept.reading.sensor === reading.sensor && kept.measuredAt >= measuredAt);
    watched.kept.push({ reading, measuredAt, storedAt: now, isLate });
    while (watched.kept.length > KEPT_READINGS || watched.kept[0]!.storedAt < now - KEPT_MS) {
      watched.completeSince = watched.kept.shift()!.storedAt + 1;
    }
  }

  /**
   * What a client missed whose newest reading is of `since`, epoch ms; undefined when that is not all kept.
   * `lastSeenAt`: the station's newest reading; when the client has it, nothing before the watch was missed.
   */
  missed(stationId: string, since: number, lastSeenAt: number | undefined): StationReading[] | undefined {
    const watched = this.#watchedById.get(stationId);
    if (watched === undefined) return undefined;
    const isComplete = watched.completeSince <= since || (lastSeenAt ?? 0) <= since;
    if (!isComplete) return undefined;
    return watched.kept
      .filter((kept) => kept.measuredAt > since || (kept.isLate && kept.storedAt > since))
      .map((kept) => kept.reading);
  }

  /** Lets go of stations nobody used for an hour. `isInUse`: somebody is subscribed now. */
  prune(now: number, isInUse: (stationId: string) => boolean): void {
    for (const [stationId, watched] of this.#watchedById) {
      if (isInUse(stationId)) watched.usedAt = now;
      else if (now - watched.usedAt > KEPT_MS) this.#watchedById.delete(stationId);
    }
  }

  /** Lets go of a deleted or hidden station. */
  remove(stationId: string): void {
    this.#watchedById.delete(stationId);
  }
}

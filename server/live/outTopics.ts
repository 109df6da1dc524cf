import type { LatestValue } from '../domain/contract.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { isPublic, publishes, type Station } from '../domain/station.ts';
import { latestTopic } from '../domain/topics.ts';
import type { ShownStations } from './shownStations.ts';

/** At most one message per station in this long, ms (contract, MQTT). */
const PAUSE_MS = 10_000;

/** Payload of `buergerluft/stations/<id>/latest`. */
export interface StationLatest {
  stationId: string;
  name: string;
  latest: Partial<Record<Quantity, LatestValue>>;
}

/** What the out-topics need from outside. */
export interface OutTopicsDeps {
  publish: (topic: string, payload: string, options: { retain: boolean }) => void;
  latest: (stationId: string) => Partial<Record<Quantity, LatestValue>>;
  station: (stationId: string) => Station | undefined;
  stations: () => Iterable<Station>;
  /** Deleted stations: the broker may have been away when their message was to be taken back. */
  erasedStations: () => Iterable<string>;
  /** Stations that were ever public: of others not even the id goes out. */
  shown: Pick<ShownStations, 'has' | 'add'>;
}

/**
 * Retained latest values of every public station. A message goes out with the first tick after a reading, then at most
 * every 10 s; what a station sends in between is in the next one. Bounded by the number of stations.
 */
export class OutTopics {
  readonly #deps: OutTopicsDeps;
  readonly #waiting = new Set<string>();
  readonly #publishedAtById = new Map<string, number>();
  /** Stations that were public since the start, and whose message was not taken back. */
  readonly #standing = new Set<string>();

  constructor(deps: OutTopicsDeps) {
    this.#deps = deps;
  }

  /**
   * Call on every connection to the broker: it may have forgotten everything, or missed what became private. What it should
   * have is written again, at the usual pace.
   */
  connected(): void {
    const { shown, stations, erasedStations } = this.#deps;
    this.#awaitPublic();
    const gone = [...stations()].filter((station) => !isPublic(station)).map(({ id }) => id);
    for (const stationId of [...gone, ...erasedStations()]) if (shown.has(stationId)) this.#takeBack(stationId);
  }

  /** Call when history is loaded: marks every public station. Publishes nothing yet: the broker may not be open. */
  loaded(): void {
    this.#awaitPublic();
  }

  /** Marks the stations of stored readings. */
  onStored(readings: readonly Reading[]): void {
    for (const { stationId } of readings) this.#waiting.add(stationId);
  }

  /** The registry changed: takes a hidden or deleted station's message back, shows a new name. */
  stationChanged(stationId: string): void {
    const station = this.#deps.station(stationId);
    if (station !== undefined && isPublic(station)) this.#await([stationId]);
    else if (this.#standing.has(stationId)) this.#takeBack(stationId);
  }

  /** Publishes what is due; call about once a second. `now` epoch ms. */
  tick(now: number): void {
    for (const stationId of this.#waiting) {
      if (now - (this.#publishedAtById.get(stationId) ?? 0) < PAUSE_MS) continue;
      this.#waiting.delete(stationId);
      const station = this.#deps.station(stationId);
      if (station !== undefined && isPublic(station)) this.#publish(station, now);
    }
  }

  #publish(station: Station, now: number): void {
    const latest = Object.entries(this.#deps.latest(station.id)).filter(([name]) =>
      publishes(station, name as Quantity),
    );
    if (latest.length === 0) return;
    const payload: StationLatest = { stationId: station.id, name: station.name, latest: Object.fromEntries(latest) };
    this.#publishedAtById.set(station.id, now);
    this.#standing.add(station.id);
    this.#deps.shown.add([station.id]);
    this.#deps.publish(latestTopic(station.id), JSON.stringify(payload), { retain: true });
  }

  #awaitPublic(): void {
    this.#await([...this.#deps.stations()].filter(isPublic).map(({ id }) => id));
  }

  #await(stationIds: readonly string[]): void {
    for (const stationId of stationIds) {
      this.#waiting.add(stationId);
      this.#standing.add(stationId);
    }
    this.#deps.shown.add(stationIds);
  }

  #takeBack(stationId: string): void {
    this.#waiting.delete(stationId);
    this.#standing.delete(stationId);
    this.#publishedAtById.delete(stationId);
    this.#deps.publish(latestTopic(stationId), '', { retain: true });
  }
}

import type { LatestValue } from '../domain/contract.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { isPublic, publishes, type Station } from '../domain/station.ts';
import { latestTopic } from '../domain/topics.ts';
import { RetainedMessages, type RetainedMessagesDeps } from './retainedMessages.ts';

/** At most one message per station in this long, ms (contract, MQTT). */
const PAUSE_MS = 10_000;

/** Payload of `buergerluft/stations/<id>/latest`. */
export interface StationLatest {
  stationId: string;
  name: string;
  latest: Partial<Record<Quantity, LatestValue>>;
}

/** What the out-topics need from outside. */
export interface OutTopicsDeps extends RetainedMessagesDeps {
  latest: (stationId: string) => Partial<Record<Quantity, LatestValue>>;
}

/**
 * Retained latest values of every public station. A message goes out with the first tick after a reading, then at most
 * every 10 s; what a station sends in between is in the next one. Bounded by the number of stations.
 */
export class OutTopics {
  readonly #deps: OutTopicsDeps;
  readonly #messages: RetainedMessages;
  readonly #publishedAtById = new Map<string, number>();

  constructor(deps: OutTopicsDeps) {
    this.#deps = deps;
    this.#messages = new RetainedMessages(deps, {
      topic: latestTopic,
      isFor: isPublic,
      onTakenBack: (stationId) => this.#publishedAtById.delete(stationId),
    });
  }

  /** Call on every connection to the broker. What it should have is written again, at the usual pace. */
  connected(): void {
    this.#messages.connected();
  }

  /** Call when history is loaded: marks every public station. Publishes nothing yet: the broker may not be open. */
  loaded(): void {
    this.#messages.awaitAll();
  }

  /** Marks the stations of stored readings. */
  onStored(readings: readonly Reading[]): void {
    for (const { stationId } of readings) this.#messages.waiting.add(stationId);
  }

  /** The registry changed: takes a hidden or deleted station's message back, shows a new name. */
  stationChanged(stationId: string): void {
    this.#messages.stationChanged(stationId);
  }

  /** Publishes what is due; call about once a second. `now` epoch ms. */
  tick(now: number): void {
    const { waiting } = this.#messages;
    for (const stationId of waiting) {
      if (now - (this.#publishedAtById.get(stationId) ?? 0) < PAUSE_MS) continue;
      waiting.delete(stationId);
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
    this.#messages.write(station.id, JSON.stringify(payload));
  }
}

import type { Station } from '../domain/station.ts';
import type { ShownStations } from './shownStations.ts';

/** What retained messages about stations need from outside. */
export interface RetainedMessagesDeps {
  publish: (topic: string, payload: string, options: { retain: boolean }) => void;
  station: (stationId: string) => Station | undefined;
  stations: () => Iterable<Station>;
  /** Deleted stations: the broker may have been away when their message was to be taken back. */
  erasedStations: () => Iterable<string>;
  /** Stations that were ever public: of others not even the id goes out. */
  shown: Pick<ShownStations, 'has' | 'add'>;
}

/** One kind of retained message, at most one a station. */
export interface MessageKind {
  topic: (stationId: string) => string;
  /** True for a station that may have one. */
  isFor: (station: Station) => boolean;
  /** A station's message was taken back. */
  onTakenBack: (stationId: string) => void;
}

/** Which stations' messages of a kind are to be written and which to be taken back. Bounded by the number of stations. */
export class RetainedMessages {
  /** Stations whose message is to be written. */
  readonly waiting = new Set<string>();
  readonly #deps: RetainedMessagesDeps;
  readonly #kind: MessageKind;
  /** Stations that were public since the start, and whose message was not taken back. */
  readonly #standing = new Set<string>();

  constructor(deps: RetainedMessagesDeps, kind: MessageKind) {
    this.#deps = deps;
    this.#kind = kind;
  }

  /** Call on every connection to the broker: it may have forgotten everything, or missed what became private. */
  connected(): void {
    const { shown, stations, erasedStations } = this.#deps;
    this.awaitAll();
    const gone = [...stations()].filter((station) => !this.#kind.isFor(station)).map(({ id }) => id);
    for (const stationId of [...gone, ...erasedStations()]) if (shown.has(stationId)) this.takeBack(stationId);
  }

  /** Marks every station that may have a message. */
  awaitAll(): void {
    this.#await([...this.#deps.stations()].filter(this.#kind.isFor).map(({ id }) => id));
  }

  /** The registry changed: takes a hidden or deleted station's message back, marks any other. */
  stationChanged(stationId: string): void {
    const station = this.#deps.station(stationId);
    if (station !== undefined && this.#kind.isFor(station)) this.#await([stationId]);
    else if (this.#standing.has(stationId)) this.takeBack(stationId);
  }

  /** Writes the message of a station that may have one. */
  write(stationId: string, payload: string): void {
    this.#standing.add(stationId);
    this.#deps.shown.add([stationId]);
    this.#deps.publish(this.#kind.topic(stationId), payload, { retain: true });
  }

  /** Takes a station's message back at the broker. */
  takeBack(stationId: string): void {
    this.waiting.delete(stationId);
    this.#standing.delete(stationId);
    this.#kind.onTakenBack(stationId);
    this.#deps.publish(this.#kind.topic(stationId), '', { retain: true });
  }

  #await(stationIds: readonly string[]): void {
    for (const stationId of stationIds) {
      this.waiting.add(stationId);
      this.#standing.add(stationId);
    }
    this.#deps.shown.add(stationIds);
  }
}

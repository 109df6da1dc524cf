import { discoveryTopic, type HomeAssistantFacts, homeAssistantDevice, isAnnounced } from '../domain/homeAssistant.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import type { Station } from '../domain/station.ts';
import type { ShownStations } from './shownStations.ts';

/** What the topics need from outside. */
export interface HomeAssistantTopicsDeps extends HomeAssistantFacts {
  publish: (topic: string, payload: string, options: { retain: boolean }) => void;
  /** What the station measured in the last day. */
  latest: (stationId: string) => Partial<Record<Quantity, unknown>>;
  station: (stationId: string) => Station | undefined;
  stations: () => Iterable<Station>;
  /** Deleted stations: the broker may have been away when their message was to be taken back. */
  erasedStations: () => Iterable<string>;
  /** Stations that were ever public: of others not even the id goes out. */
  shown: Pick<ShownStations, 'has' | 'add'>;
}

/** Retained discovery messages for Home Assistant: one a public station, written again when it would say something else. */
export class HomeAssistantTopics {
  readonly #deps: HomeAssistantTopicsDeps;
  readonly #waiting = new Set<string>();
  #isLoaded = false;
  /** Quantities each station was announced with, so that a reading costs one look. */
  readonly #announced = new Map<string, { payload: string; quantities: ReadonlySet<string> }>();

  /** Stations that were public since the start, and whose message was not taken back. */
  readonly #standing = new Set<string>();

  constructor(deps: HomeAssistantTopicsDeps) {
    this.#deps = deps;
  }

  /** Call on every connection to the broker: it may have forgotten everything, or missed what became private. */
  connected(): void {
    this.#announced.clear();
    const { shown, stations, erasedStations } = this.#deps;
    this.#awaitAnnounced();
    const gone = [...stations()].filter((station) => !isAnnounced(station)).map(({ id }) => id);
    for (const stationId of [...gone, ...erasedStations()]) if (shown.has(stationId)) this.#takeBack(stationId);
  }

  /** Marks the stations whose readings hold a quantity they were not announced with. */
  onStored(readings: readonly Reading[]): void {
    for (const { stationId, values } of readings) {
      const known = this.#announced.get(stationId)?.quantities;
      for (const name in values) if (known?.has(name) !== true) this.#waiting.add(stationId);
    }
  }

  /** Call when the last day is loaded: what was measured is known now. Before, a message would take back what is not known yet. */
  loaded(): void {
    this.#isLoaded = true;
    this.#awaitAnnounced();
  }

  /** The registry changed: a hidden or deleted station's message is taken back, a new name told. */
  stationChanged(stationId: string): void {
    const station = this.#deps.station(stationId);
    if (station !== undefined && isAnnounced(station)) this.#await([stationId]);
    else if (this.#standing.has(stationId)) this.#takeBack(stationId);
  }

  /** Publishes what is due; call about once a second. */
  tick(): void {
    if (!this.#isLoaded) return;
    for (const stationId of this.#waiting) this.#announce(stationId);
    this.#waiting.clear();
  }

  #announce(stationId: string): void {
    const { station: find, latest, publish, ...facts } = this.#deps;
    const station = find(stationId);
    if (station === undefined) return;
    const measured = latest(stationId);
    const quantities = QUANTITIES.filter((quantity) => measured[quantity] !== undefined);
    const device = homeAssistantDevice(station, quantities, facts);
    if (device === undefined) {
      if (this.#announced.has(stationId)) this.#takeBack(stationId);
      return;
    }
    const payload = JSON.stringify(device);
    const isNew = this.#announced.get(stationId)?.payload !== payload;
    this.#announced.set(stationId, { payload, quantities: new Set(quantities) });
    if (isNew) publish(discoveryTopic(stationId), payload, { retain: true });
  }

  #awaitAnnounced(): void {
    this.#await([...this.#deps.stations()].filter(isAnnounced).map(({ id }) => id));
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
    this.#announced.delete(stationId);
    this.#deps.publish(discoveryTopic(stationId), '', { retain: true });
  }
}

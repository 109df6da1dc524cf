import { discoveryTopic, type HomeAssistantFacts, homeAssistantDevice, isAnnounced } from '../domain/homeAssistant.ts';
import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { RetainedMessages, type RetainedMessagesDeps } from './retainedMessages.ts';

/** What the topics need from outside. */
export interface HomeAssistantTopicsDeps extends HomeAssistantFacts, RetainedMessagesDeps {
  /** What the station measured in the last day. */
  latest: (stationId: string) => Partial<Record<Quantity, unknown>>;
}

/** Retained discovery messages for Home Assistant: one a public station, written again when it would say something else. */
export class HomeAssistantTopics {
  readonly #deps: HomeAssistantTopicsDeps;
  readonly #messages: RetainedMessages;
  #isLoaded = false;
  /** Quantities each station was announced with, so that a reading costs one look. */
  readonly #announced = new Map<string, { payload: string; quantities: ReadonlySet<string> }>();

  constructor(deps: HomeAssistantTopicsDeps) {
    this.#deps = deps;
    this.#messages = new RetainedMessages(deps, {
      topic: discoveryTopic,
      isFor: isAnnounced,
      onTakenBack: (stationId) => this.#announced.delete(stationId),
    });
  }

  /** Call on every connection to the broker. What it should have is written again with the next tick. */
  connected(): void {
    this.#announced.clear();
    this.#messages.connected();
  }

  /** Marks the stations whose readings hold a quantity they were not announced with. */
  onStored(readings: readonly Reading[]): void {
    for (const { stationId, values } of readings) {
      const known = this.#announced.get(stationId)?.quantities;
      for (const name in values) if (known?.has(name) !== true) this.#messages.waiting.add(stationId);
    }
  }

  /** Call when the last day is loaded: what was measured is known now. Before, a message would take back what is not known yet. */
  loaded(): void {
    this.#isLoaded = true;
    this.#messages.awaitAll();
  }

  /** The registry changed: a hidden or deleted station's message is taken back, a new name told. */
  stationChanged(stationId: string): void {
    this.#messages.stationChanged(stationId);
  }

  /** Publishes what is due; call about once a second. */
  tick(): void {
    if (!this.#isLoaded) return;
    const { waiting } = this.#messages;
    for (const stationId of waiting) this.#announce(stationId);
    waiting.clear();
  }

  #announce(stationId: string): void {
    const station = this.#deps.station(stationId);
    if (station === undefined) return;
    const measured = this.#deps.latest(stationId);
    const quantities = QUANTITIES.filter((quantity) => measured[quantity] !== undefined);
    const device = homeAssistantDevice(station, quantities, this.#deps);
    if (device === undefined) {
      if (this.#announced.has(stationId)) this.#messages.takeBack(stationId);
      return;
    }
    const payload = JSON.stringify(device);
    const isNew = this.#announced.get(stationId)?.payload !== payload;
    this.#announced.set(stationId, { payload, quantities: new Set(quantities) });
    if (isNew) this.#messages.write(stationId, payload);
  }
}

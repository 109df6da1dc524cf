import type { AcceptedMessage } from '../domain/reading.ts';
import type { ReadingStore } from '../store/readingStore.ts';

/**
 * When stations measured last that the aggregator knows nothing of, since it remembers a day: imported ones, and those
 * that have been silent since before the start. One time a station.
 */
export class LastReadings {
  #timeByStation = new Map<string, number>();

  /** Reads them from the store; what came in meanwhile stays. */
  async load(store: Pick<ReadingStore, 'lastTimes'>): Promise<void> {
    for (const [stationId, at] of await store.lastTimes()) this.#note(stationId, at);
  }

  /** These messages are stored. */
  note(messages: readonly AcceptedMessage[]): void {
    for (const { stationId, measuredAt, readings } of messages)
      if (readings.length > 0) this.#note(stationId, measuredAt);
  }

  /** Time of a station's newest reading, epoch ms; undefined for one without, and while they are not loaded. */
  of(stationId: string): number | undefined {
    return this.#timeByStation.get(stationId);
  }

  /** The station is gone. */
  forget(stationId: string): void {
    this.#timeByStation.delete(stationId);
  }

  #note(stationId: string, at: number): void {
    if (at > (this.#timeByStation.get(stationId) ?? Number.NEGATIVE_INFINITY)) this.#timeByStation.set(stationId, at);
  }
}

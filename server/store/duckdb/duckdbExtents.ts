import { QUANTITIES } from '../../domain/quantity.ts';
import type { Reading } from '../../domain/reading.ts';
import type { Extent } from '../readingStore.ts';

/** Stations remembered at most; the one asked for first goes first. */
const MAX_STATIONS = 5_000;

interface Entry {
  /** By `sensor/quantity`. */
  extents: Map<string, Extent>;
  /** Resolves when what was stored before the first question is in. */
  ready: Promise<void>;
}

/**
 * What `seriesOf` has found, kept up as readings are stored: the query behind it reads the whole file, and every chart
 * begins with it.
 */
export class DuckDbExtents {
  readonly #byStation = new Map<string, Entry>();

  /** The station's extents; `query` is asked the first time. */
  async of(stationId: string, query: () => Promise<Extent[]>): Promise<Extent[]> {
    const known = this.#byStation.get(stationId);
    const entry = known ?? this.#ask(stationId, query);
    await entry.ready;
    return [...entry.extents.values()].map((extent) => ({ ...extent }));
  }

  /** These readings are stored. Those of stations nobody asked for are passed over. */
  note(readings: readonly Reading[]): void {
    if (this.#byStation.size === 0) return;
    for (const { stationId, sensor, measuredAt, values } of readings) {
      const entry = this.#byStation.get(stationId);
      if (entry === undefined) continue;
      for (const quantity of QUANTITIES) {
        if (values[quantity] !== undefined) widen(entry, { sensor, quantity, first: measuredAt, last: measuredAt });
      }
    }
  }

  /** Readings were deleted: of one station, or of all. */
  forget(stationId?: string): void {
    if (stationId === undefined) this.#byStation.clear();
    else this.#byStation.delete(stationId);
  }

  #ask(stationId: string, query: () => Promise<Extent[]>): Entry {
    const entry: Entry = { extents: new Map(), ready: Promise.resolve() };
    entry.ready = query().then(
      (found) => {
        for (const extent of found) widen(entry, extent);
      },
      (error: unknown) => {
        this.#byStation.delete(stationId);
        throw error;
      },
    );
    this.#byStation.set(stationId, entry);
    const [oldest] = this.#byStation.keys();
    if (this.#byStation.size > MAX_STATIONS && oldest !== undefined) this.#byStation.delete(oldest);
    return entry;
  }
}

function widen({ extents }: Entry, found: Extent): void {
  const key = `${found.sensor}/${found.quantity}`;
  const known = extents.get(key);
  if (known === undefined) {
    extents.set(key, { ...found });
    return;
  }
  known.first = Math.min(known.first, found.first);
  known.last = Math.max(known.last, found.last);
}

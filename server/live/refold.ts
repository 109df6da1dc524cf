import type { Reading } from '../domain/reading.ts';
import { withoutFields } from '../ingest/withoutFields.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { Turns } from '../store/turns.ts';
import type { Settled } from './warmUp.ts';

/** Whose readings are read anew, and which. */
export interface RefoldWindow {
  stationId: string;
  /** Epoch ms, half-open. */
  from: number;
  to: number;
}

/**
 * Reads one station anew from the store while its readings may come in. What is folded from the question on is noted: the
 * answer may hold it or lack it, and it counts once. One station after the other.
 */
export class Refold {
  readonly #settled: Settled;
  #under: { stationId: string; since: Reading[] } | undefined;
  readonly #turns = new Turns();

  constructor(settled: Settled) {
    this.#settled = settled;
  }

  /** Call for every reading folded. */
  noteFold(reading: Reading): void {
    if (this.#under?.stationId === reading.stationId) this.#under.since.push(reading);
  }

  /** Call for every station removed: what is being read of it is of no use any more. */
  noteRemoval(stationId: string): void {
    if (this.#under?.stationId === stationId) this.#under = undefined;
  }

  /** Calls `replace` with all there is of the station, each reading once; not when it was removed meanwhile. */
  run(
    store: Pick<ReadingStore, 'scan'>,
    window: RefoldWindow,
    replace: (readings: readonly Reading[]) => void,
  ): Promise<void> {
    return this.#turns.take(() => this.#read(store, window, replace));
  }

  async #read(
    store: Pick<ReadingStore, 'scan'>,
    window: RefoldWindow,
    replace: (readings: readonly Reading[]) => void,
  ): Promise<void> {
    const under = { stationId: window.stationId, since: [] as Reading[] };
    this.#under = under;
    try {
      const stored: Reading[] = [];
      for await (const page of store.scan(window)) stored.push(...page);
      // From here on nothing comes that the answer may hold.
      await this.#settled();
      if (this.#under !== under) return;
      this.#under = undefined;
      replace([...stored, ...missingIn(stored, under.since)]);
    } finally {
      if (this.#under === under) this.#under = undefined;
    }
  }
}

/** What of the readings, or of parts of them, is not among those stored. */
function missingIn(stored: readonly Reading[], folded: readonly Reading[]): Reading[] {
  const byKey = new Map(stored.map((reading) => [keyOf(reading), reading]));
  return folded.flatMap((reading) => {
    const known = byKey.get(keyOf(reading));
    return (known === undefined ? reading : withoutFields(reading, known)) ?? [];
  });
}

function keyOf({ sensor, measuredAt }: Reading): string {
  return `${sensor}/${measuredAt}`;
}

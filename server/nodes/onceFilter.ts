import { HOUR_MS } from '../domain/durations.ts';
import type { AcceptedMessage, Reading } from '../domain/reading.ts';
import { fingerprint } from '../ingest/fingerprint.ts';
import { FingerprintIndex } from '../ingest/fingerprintIndex.ts';

/** A message can come twice within the time a node needs to be given up and read back: an hour and some, ms. */
const SPAN_MS = 2 * HOUR_MS;
/** About 20 to 40 bytes each: 15,000 stations with two instruments send 1.5 million in two hours. */
const MAX_READINGS = 4_000_000;

/** Tells readings that have been told before from new ones: nodes tell at least once, means count exactly once. */
export class OnceFilter {
  readonly #index = new FingerprintIndex({ spanMs: SPAN_MS, maxEntries: MAX_READINGS });
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The messages with only the readings that are new; those without any are left out. Remembers them. */
  fresh(messages: readonly AcceptedMessage[]): AcceptedMessage[] {
    const found: AcceptedMessage[] = [];
    for (const message of messages) {
      const readings = message.readings.filter((reading) => this.note(reading));
      if (readings.length > 0) found.push({ ...message, readings });
    }
    return found;
  }

  /** Remembers the reading; true when it is new. */
  note(reading: Reading): boolean {
    const key = fingerprint(Buffer.from(keyOf(reading)));
    if (this.#index.timeOf(key.hi, key.lo) !== undefined) return false;
    this.#index.add(key, reading.measuredAt, this.#clock());
    return true;
  }
}

/** Parts of one reading that come in several messages have other fields: one of them tells them apart. */
function keyOf({ stationId, sensor, measuredAt, values, extra }: Reading): string {
  // The store gives the fields back in an order of its own.
  const [field = ''] = Object.keys(values)
    .concat(Object.keys(extra ?? {}))
    .sort();
  return `${stationId}/${sensor}/${measuredAt}/${field}`;
}

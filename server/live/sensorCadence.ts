import { DAY_MS } from '../domain/durations.ts';
import { cadenceFrom, GapSample } from '../domain/means/cadence.ts';

/** What one instrument's readings say about its cadence, followed as they come. */
export class SensorCadence {
  #intervalMs: number | undefined;
  #intervalAt = 0;
  #dayBeforeMs: number | undefined;
  #seedMs: number | undefined;
  #soFarMs: number | undefined;
  #isSoFarKnown = true;
  #day = 0;
  /** Only for devices that do not send their `interval`. */
  #sample: GapSample | undefined;

  /** The device said its `interval`, ms, with a reading of `measuredAt`. The one said last is believed for a day. */
  noteInterval(intervalMs: number, measuredAt: number): void {
    if (measuredAt < this.#intervalAt) return;
    this.#intervalMs = intervalMs;
    this.#intervalAt = measuredAt;
  }

  /** A reading came `gapMs` after the one before, on day number `day`. */
  noteGap(gapMs: number, day: number): void {
    this.#sample ??= new GapSample();
    if (day > this.#day) this.#endDay(day);
    this.#sample.add(gapMs);
    this.#isSoFarKnown = false;
  }

  /** A cadence read off stored cells, ms: stands for the gaps so far until there are enough. */
  seed(cadenceMs: number): void {
    this.#seedMs = cadenceMs;
  }

  /** Cadence at `now`, ms. */
  at(now: number): number {
    const isIntervalFresh = now - this.#intervalAt <= DAY_MS;
    if (!this.#isSoFarKnown) {
      this.#soFarMs = this.#sample?.median();
      this.#isSoFarKnown = true;
    }
    return cadenceFrom({
      intervalMs: isIntervalFresh ? this.#intervalMs : undefined,
      medianGapDayBeforeMs: this.#dayBeforeMs,
      medianGapSoFarMs: this.#soFarMs ?? this.#seedMs,
    });
  }

  #endDay(day: number): void {
    this.#dayBeforeMs = this.#sample?.median() ?? this.#dayBeforeMs;
    this.#sample?.clear();
    this.#day = day;
  }
}

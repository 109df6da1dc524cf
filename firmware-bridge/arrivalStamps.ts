import { MINUTE_MS } from '../server/domain/durations.ts';

/** Devices remembered; one that is forgotten has not pushed for long. */
const MAX_DEVICES = 20_000;
/** A clock set back by more than this is believed, ms: the same as the server's own stamps. */
const MAX_CLOCK_CORRECTION_MS = 10 * MINUTE_MS;

/**
 * Arrival times, strictly increasing for each device: a station's readings are told apart by their time, and a push from
 * the spool must have the one it arrived with.
 */
export class ArrivalStamps {
  readonly #lastByDevice = new Map<string, number>();

  /** The arrival time of a push that is here at `now`, both epoch ms. */
  next(deviceId: string, now: number): number {
    const last = this.#lastByDevice.get(deviceId) ?? 0;
    const stamp = now <= last && last - now <= MAX_CLOCK_CORRECTION_MS ? last + 1 : now;
    // Taken out and put back, so that the first of the Map is the one silent longest.
    this.#lastByDevice.delete(deviceId);
    this.#lastByDevice.set(deviceId, stamp);
    if (this.#lastByDevice.size > MAX_DEVICES) this.#forgetOldest();
    return stamp;
  }

  #forgetOldest(): void {
    const oldest = this.#lastByDevice.keys().next();
    if (!oldest.done) this.#lastByDevice.delete(oldest.value);
  }
}

import { HOUR_MS } from '../domain/durations.ts';
import type { Position } from '../domain/station.ts';

/** A pin must stay where it was put for this long, ms, before it is followed: a device with a GPS never does. */
const SETTLED_MS = HOUR_MS;

/** Where a pin was put, and since when we have seen it there. */
interface Seen extends Position {
  since: number;
}

/** Tells when the pin of a mirrored station has been put right there, for good. */
export class PinWatch {
  readonly #seen = new Map<string, Seen>();

  /**
   * Takes where the records of one look say the station stands, at `now`. The place to follow them to; undefined while they
   * say what is known, something new, or several things.
   */
  look(
    stationId: string,
    known: Position,
    { said, now }: { said: readonly Position[]; now: number },
  ): Position | undefined {
    const [first, ...more] = said;
    if (first === undefined || more.some((other) => !isSame(first, other))) return undefined;
    const seen = this.#seen.get(stationId);
    if (isSame(first, known)) this.#seen.delete(stationId);
    else if (seen === undefined || !isSame(first, seen)) this.#seen.set(stationId, { ...first, since: now });
    else if (now - seen.since >= SETTLED_MS) {
      this.#seen.delete(stationId);
      return first;
    }
    return undefined;
  }
}

function isSame(one: Position, other: Position): boolean {
  return one.lat === other.lat && one.lon === other.lon;
}

import { HOUR_MS } from '../../domain/durations.ts';

/** A wall clock's time: its numbers as if they were UTC, epoch ms. */
type WallTime = number;

/**
 * Hours of a German wall clock, one after the other, as instants. Where clocks go back an hour comes twice under one
 * name: the first is summer time, the second winter time. Where they go forward one is missing.
 */
export class LocalHours {
  readonly #offsets = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' });
  readonly #seen = new Set<WallTime>();

  /** Start of the hour that begins at `wall`, epoch ms; undefined for an hour no clock showed. Ask in the file's order. */
  instantOf(wall: WallTime): number | undefined {
    const candidates = [2, 1].map((hours) => wall - hours * HOUR_MS).filter((at) => at + this.#offsetAt(at) === wall);
    if (candidates.length === 2 && this.#seen.has(wall)) return candidates[1];
    if (candidates.length === 2) this.#seen.add(wall);
    return candidates[0];
  }

  #offsetAt(at: number): number {
    return this.#offsets.format(at).endsWith('+02:00') ? 2 * HOUR_MS : HOUR_MS;
  }
}

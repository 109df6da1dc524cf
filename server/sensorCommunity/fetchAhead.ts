import type { SensorRecent } from './recentReadings.ts';

/** Instruments to fetch at a time: what is fetched of so few stays at hand until it is used. */
export const AHEAD = 64;
/** Behind the beginning of a record, bytes: what the next one takes over from it. */
const FRAME_AT = 80;

/**
 * Reads a number of each place in memory that writing these instruments begins with. One by one each would be waited for;
 * read with nothing in between, they come several at a time. What is answered is of no use, but must be kept somewhere:
 * else the compiler would leave the reading out.
 */
export function fetchAhead(sensors: readonly SensorRecent[]): number {
  let sum = 0;
  for (const { cells, readings, chunk, start } of sensors) {
    if (readings.length > 0) sum += cells[0]! + readings[0]!.index + readings[readings.length - 1]!.index;
    if (chunk !== undefined) sum += chunk.writer.bytes[start + FRAME_AT]!;
  }
  return sum;
}

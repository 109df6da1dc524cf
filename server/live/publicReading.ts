import { flagsOf } from '../domain/assessment/flag.ts';
import type { ReadingFlags } from '../domain/assessment/stationAssessor.ts';
import type { StationReading } from '../domain/contract.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { publishes, type Station } from '../domain/station.ts';

/** The public part of a reading with its flags, as browsers get it; undefined when nothing of it is public. */
export function publicReading(
  station: Station,
  reading: Reading,
  derived: ReadingFlags = {},
): StationReading | undefined {
  const told: StationReading = {
    stationId: station.id,
    sensor: reading.sensor,
    measuredAt: new Date(reading.measuredAt).toISOString(),
    values: {},
    flags: {},
  };
  for (const [name, value] of Object.entries(reading.values)) {
    const quantity = name as Quantity;
    if (!publishes(station, quantity)) continue;
    told.values[quantity] = value;
    const flags = [...flagsOf(reading.flags, quantity), ...(derived[quantity] ?? [])];
    if (flags.length > 0) told.flags[quantity] = flags;
  }
  return Object.keys(told.values).length > 0 ? told : undefined;
}

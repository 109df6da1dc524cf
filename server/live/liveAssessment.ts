import { DEFAULT_CADENCE_MS } from '../domain/aggregate.ts';
import type { DerivedFlag } from '../domain/assessment/assessment.ts';
import { type ReadingFlags, StationAssessor } from '../domain/assessment/stationAssessor.ts';
import { HOUR_MS } from '../domain/durations.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import type { ReadingStore } from '../store/readingStore.ts';

/** What the assessor looks back on: two days of a humidity sensor, and what its first reading is compared with. */
const REACH_MS = 50 * HOUR_MS;
/** Messages kept while history is read; beyond, the oldest go, and their stations are judged with a gap. */
const MAX_WAITING = 100_000;

/** One station's assessor, and the flags of each instrument's newest reading. */
interface StationState {
  assessor: StationAssessor;
  newest: Map<string, { measuredAt: number; flags: ReadingFlags }>;
}

/** Readings of one message, and how often its instrument reports, ms. */
interface Message {
  readings: readonly Reading[];
  cadenceMs: number;
}

const NONE: readonly DerivedFlag[] = [];

/**
 * Judges readings as they come, by their station's history: stuck, PM2.5 above PM10, humid, first after a pause. Bounded
 * by the number of stations and instruments: some 2 kB a station.
 */
export class LiveAssessment {
  #stations = new Map<string, StationState>();
  /** What came while history is being read; undefined otherwise. */
  #waiting: Message[] | undefined;

  /** Flags of the readings of one message, in their order. Call once for what was stored, in the order it came. */
  assess(readings: readonly Reading[], cadenceMs: number): ReadingFlags[] {
    if (this.#waiting !== undefined) {
      this.#waiting.push({ readings, cadenceMs });
      if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    }
    return assessWith(this.#stations, readings, cadenceMs);
  }

  /** Flags of an instrument's newest reading; empty for another one than that measured at `measuredAt`. */
  flagsOf(stationId: string, sensor: string, quantity: Quantity, measuredAt: number): readonly DerivedFlag[] {
    const newest = this.#stations.get(stationId)?.newest.get(sensor);
    return newest?.measuredAt === measuredAt ? (newest.flags[quantity] ?? NONE) : NONE;
  }

  /** A humidity sensor was proved broken at `provedAt`, epoch ms, as its longer past shows. */
  noteProof(stationId: string, sensor: string, provedAt: number): void {
    this.#stations.get(stationId)?.assessor.noteProof(sensor, provedAt);
  }

  /**
   * Reads history back: until it is done, readings are judged by what has come since the start. What comes meanwhile is
   * judged once more behind it, so that nothing is missing. May be run again after a failure.
   */
  async warm(store: Pick<ReadingStore, 'scan'>, now: number): Promise<void> {
    const warmed = new Map<string, StationState>();
    this.#waiting = [];
    try {
      for await (const page of store.scan({ from: now - REACH_MS, to: now })) {
        for (const reading of page) assessWith(warmed, [reading], DEFAULT_CADENCE_MS);
      }
      for (const { readings, cadenceMs } of this.#waiting) assessWith(warmed, readings, cadenceMs);
      this.#stations = warmed;
    } finally {
      this.#waiting = undefined;
    }
  }

  /** Forgets a station. */
  removeStation(stationId: string): void {
    this.#stations.delete(stationId);
    this.#waiting = this.#waiting?.filter(({ readings }) => readings[0]?.stationId !== stationId);
  }

  get size(): number {
    return this.#stations.size;
  }
}

function assessWith(
  stations: Map<string, StationState>,
  readings: readonly Reading[],
  cadenceMs: number,
): ReadingFlags[] {
  const [first] = readings;
  if (first === undefined) return [];
  let station = stations.get(first.stationId);
  if (station === undefined) {
    station = { assessor: new StationAssessor(), newest: new Map() };
    stations.set(first.stationId, station);
  }
  const flags = station.assessor.assess(readings, cadenceMs);
  for (let at = 0; at < readings.length; at++) noteNewest(station, readings[at]!, flags[at]!);
  return flags;
}

/** Parts of one reading that come one by one add up. */
function noteNewest({ newest }: StationState, { sensor, measuredAt }: Reading, flags: ReadingFlags): void {
  const known = newest.get(sensor);
  if (known === undefined) newest.set(sensor, { measuredAt, flags });
  else if (measuredAt > known.measuredAt) {
    known.measuredAt = measuredAt;
    known.flags = flags;
  } else if (measuredAt === known.measuredAt) known.flags = { ...known.flags, ...flags };
}

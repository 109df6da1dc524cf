import { clockFlagsOf } from '../domain/clockMask.ts';
import { type HourColumns, HourGatherer } from '../rollups/hourColumns.ts';
import type { InfluxRow } from './influxRows.ts';
import { sharesOfText } from './rollupStore.ts';

/** What of a point an hour as columns holds: half of what a whole row would bring over the wire. */
export const HOUR_COLUMNS = 'station, sensor, mean, count, expected, readings, clock_flags, revision, flagged';

type HourRow = [
  start: number,
  stationId: string,
  sensor: string,
  mean: number,
  count: number,
  expected: number,
  readings: number,
  clock: number,
  revision: number,
  flagged: string,
];

const NONE = {};

/** Gathers points of `HOUR_COLUMNS`, in order of time, into columns by instrument. */
export class InfluxHourReader {
  readonly #gatherers = new Map<string, HourGatherer>();
  /** Hours share what they say of flags: most say nothing, and the rest little that is new. */
  readonly #shares = new Map<string, ReturnType<typeof sharesOfText>>();

  /** One more point. */
  add(row: InfluxRow): void {
    const [start, stationId, sensor, mean, count, expected, readings, clock, revision, flagged] = row as HourRow;
    const key = `${stationId}/${sensor}`;
    let gatherer = this.#gatherers.get(key);
    if (gatherer === undefined) {
      gatherer = new HourGatherer(stationId, sensor);
      this.#gatherers.set(key, gatherer);
    }
    const isValid = count > 0 && (clock === 0 || clockFlagsOf(clock).length === 0);
    const hour = { start, mean: isValid ? mean : Number.NaN, count, expected, readings, revision };
    gatherer.add(hour, flagged === '' ? NONE : this.#sharesOf(flagged, readings));
  }

  /** Everything gathered. */
  columns(): HourColumns[] {
    return [...this.#gatherers.values()].map((gatherer) => gatherer.columns());
  }

  #sharesOf(flagged: string, readings: number): ReturnType<typeof sharesOfText> {
    const key = `${flagged}/${readings}`;
    const known = this.#shares.get(key);
    if (known !== undefined) return known;
    const shares = sharesOfText(flagged, readings);
    this.#shares.set(key, shares);
    return shares;
  }
}

import { clockFlagsOf } from '../../domain/means/clockMask.ts';
import { type HourColumns, HourGatherer } from '../../domain/means/hourColumns.ts';
import { SharesOfTexts } from '../sharesOfTexts.ts';
import type { InfluxRow } from './influxRows.ts';

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

/** Gathers points of `HOUR_COLUMNS`, in order of time, into columns by instrument. */
export class InfluxHourReader {
  readonly #gatherers = new Map<string, HourGatherer>();
  readonly #shares = new SharesOfTexts();

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
    gatherer.add(hour, this.#shares.of(flagged, readings));
  }

  /** Everything gathered. */
  columns(): HourColumns[] {
    return [...this.#gatherers.values()].map((gatherer) => gatherer.columns());
  }
}

import type { RollupRow } from './rollup.ts';

/** Hours of one station's instrument, column by column, in order of time: a year of fifty stations as objects takes seconds. */
export interface HourColumns {
  stationId: string;
  sensor: string;
  /** Start of the hour, epoch ms. */
  start: Float64Array;
  /** NaN: not valid. */
  mean: Float64Array;
  /** Readings that count, readings expected, all readings. */
  count: Float64Array;
  expected: Float64Array;
  readings: Float64Array;
  revision: Float64Array;
  /** Share of the readings with each flag; hours with the same share one object, not to be changed. */
  shares: RollupRow['shares'][];
}

/** The columns of numbers. */
const NUMBERS = ['start', 'mean', 'count', 'expected', 'readings', 'revision'] as const;
type Numbers = Record<(typeof NUMBERS)[number], number>;

/** Hours of one instrument being gathered, in any order. */
export class HourGatherer {
  #columns: HourColumns;
  #length = 0;

  constructor(stationId: string, sensor: string, room = 1024) {
    this.#columns = { stationId, sensor, ...emptyNumbers(room), shares: [] };
  }

  /** One more hour. */
  add(hour: Numbers, shares: RollupRow['shares']): void {
    const at = this.#length++;
    if (at === this.#columns.start.length) this.#grow();
    // No loop over the names here: it looks each column up by its text, 876,000 times for a year of fifty stations.
    const columns = this.#columns;
    columns.start[at] = hour.start;
    columns.mean[at] = hour.mean;
    columns.count[at] = hour.count;
    columns.expected[at] = hour.expected;
    columns.readings[at] = hour.readings;
    columns.revision[at] = hour.revision;
    columns.shares.push(shares);
  }

  /** What was gathered, in order of time. */
  columns(): HourColumns {
    const cut = { ...this.#columns };
    for (const name of NUMBERS) cut[name] = cut[name].subarray(0, this.#length);
    return isAscending(cut.start) ? cut : inOrderOfTime(cut);
  }

  #grow(): void {
    const former = this.#columns;
    const columns = { ...former, ...emptyNumbers(2 * former.start.length) };
    for (const name of NUMBERS) columns[name].set(former[name]);
    this.#columns = columns;
  }
}

/** Rows as columns, an instrument after the other as they come. */
export function columnsOf(rows: readonly RollupRow[]): HourColumns[] {
  const gatherers = new Map<string, HourGatherer>();
  for (const { stationId, sensor, shares, mean, ...numbers } of rows) {
    const key = `${stationId}/${sensor}`;
    const known = gatherers.get(key) ?? new HourGatherer(stationId, sensor);
    known.add({ ...numbers, mean: mean ?? Number.NaN }, shares);
    gatherers.set(key, known);
  }
  return [...gatherers.values()].map((gatherer) => gatherer.columns());
}

/** Only hours whose start, epoch ms, passes. */
export function hoursOnly(columns: HourColumns, passes: (start: number) => boolean): HourColumns {
  const kept = Uint32Array.from(columns.start, (_, at) => at).filter((at) => passes(columns.start[at]!));
  return kept.length === columns.start.length ? columns : picked(columns, kept);
}

function emptyNumbers(room: number): Record<keyof Numbers, Float64Array> {
  return Object.fromEntries(NUMBERS.map((name) => [name, new Float64Array(room)])) as Record<
    keyof Numbers,
    Float64Array
  >;
}

function isAscending(times: Float64Array): boolean {
  for (let at = 1; at < times.length; at++) if (times[at - 1]! >= times[at]!) return false;
  return true;
}

function inOrderOfTime(columns: HourColumns): HourColumns {
  const { start } = columns;
  return picked(
    columns,
    Uint32Array.from(start, (_, at) => at).sort((one, other) => start[one]! - start[other]!),
  );
}

/** The hours at these places, in their order. */
function picked(columns: HourColumns, places: Uint32Array): HourColumns {
  const found = { ...columns, shares: Array.from(places, (at) => columns.shares[at]!) };
  for (const name of NUMBERS) found[name] = Float64Array.from(places, (at) => columns[name][at]!);
  return found;
}

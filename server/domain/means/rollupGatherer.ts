import { clockMask } from './clockMask.ts';
import type { RollupRow, SeriesKey } from './rollup.ts';
import {
  cutOf,
  pickedOf,
  ROLLUP_DOUBLES,
  ROLLUP_NUMBERS,
  ROLLUP_WHOLES,
  type RollupColumns,
  seriesText,
} from './rollupColumns.ts';

/** Rows of one series being gathered, in any order of time. */
export class RollupGatherer {
  #columns: RollupColumns;
  #length = 0;

  constructor({ stationId, sensor, quantity }: SeriesKey, widthMs: number, room = 32) {
    this.#columns = { ...emptyColumns(room), stationId, sensor, quantity, widthMs };
  }

  /** One more row of the series. Written out: years of hours come through here. */
  add(row: RollupRow): void {
    if (this.#length === this.#columns.start.length) this.#makeRoom(1);
    const [columns, at] = [this.#columns, this.#length++];
    columns.start[at] = row.start;
    columns.mean[at] = row.mean ?? Number.NaN;
    columns.min[at] = row.min ?? Number.NaN;
    columns.max[at] = row.max ?? Number.NaN;
    columns.median[at] = row.median ?? Number.NaN;
    columns.cadenceMs[at] = row.cadenceMs;
    columns.count[at] = row.count;
    columns.expected[at] = row.expected;
    columns.readings[at] = row.readings;
    columns.revision[at] = row.revision;
    columns.clockFlags[at] = row.flags.length === 0 ? 0 : clockMask(row.flags);
    columns.validParts[at] = row.parts?.valid ?? -1;
    columns.parts[at] = row.parts?.of ?? -1;
    columns.humid[at] = row.isHumid === undefined ? -1 : Number(row.isHumid);
    columns.shares.push(row.shares);
    columns.method.push(row.method);
  }

  /** Rows `[first, end)` of other columns; whose series they are is the caller's business. */
  addFrom(source: Omit<RollupColumns, keyof SeriesKey>, first: number, end: number): void {
    this.#makeRoom(end - first);
    for (const name of ROLLUP_NUMBERS) this.#columns[name].set(source[name].subarray(first, end), this.#length);
    for (let at = first; at < end; at++) {
      this.#columns.shares.push(source.shares[at]!);
      this.#columns.method.push(source.method[at]!);
    }
    this.#length += end - first;
  }

  get length(): number {
    return this.#length;
  }

  /** What was gathered, in order of time. */
  columns(): RollupColumns {
    const cut = cutOf(this.#columns, 0, this.#length);
    return isAscending(cut.start) ? cut : inOrderOfTime(cut);
  }

  #makeRoom(wanted: number): void {
    const former = this.#columns;
    if (this.#length + wanted <= former.start.length) return;
    const columns = { ...former, ...emptyNumbers(2 * (this.#length + wanted)) };
    for (const name of ROLLUP_NUMBERS) columns[name].set(former[name]);
    this.#columns = columns;
  }
}

/** Rows as columns, those of a series together; series in the order their first rows come in. All of one width. */
export function rollupColumnsOf(rows: readonly RollupRow[]): RollupColumns[] {
  const gatherers = new Map<string, RollupGatherer>();
  for (const row of rows) {
    const key = seriesText(row);
    const known = gatherers.get(key) ?? new RollupGatherer(row, row.end - row.start);
    known.add(row);
    gatherers.set(key, known);
  }
  return Array.from(gatherers.values(), (gatherer) => gatherer.columns());
}

function emptyNumbers(room: number): Pick<RollupColumns, (typeof ROLLUP_NUMBERS)[number]> {
  const doubles = ROLLUP_DOUBLES.map((name) => [name, new Float64Array(room)] as const);
  const wholes = ROLLUP_WHOLES.map((name) => [name, new Int32Array(room)] as const);
  return Object.fromEntries([...doubles, ...wholes]) as Pick<RollupColumns, (typeof ROLLUP_NUMBERS)[number]>;
}

function emptyColumns(room: number): Omit<RollupColumns, keyof SeriesKey | 'widthMs'> {
  return { ...emptyNumbers(room), shares: [], method: [] };
}

function isAscending(times: Float64Array): boolean {
  for (let at = 1; at < times.length; at++) if (times[at - 1]! >= times[at]!) return false;
  return true;
}

function inOrderOfTime(columns: RollupColumns): RollupColumns {
  const { start } = columns;
  return pickedOf(
    columns,
    Array.from(start.keys()).sort((one, other) => start[one]! - start[other]!),
  );
}

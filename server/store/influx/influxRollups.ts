import type { HourColumns } from '../../domain/means/hourColumns.ts';
import type { RollupRow } from '../../domain/means/rollup.ts';
import { portionsOf, type RollupColumns, rowsOf } from '../../domain/means/rollupColumns.ts';
import { rollupColumnsOf } from '../../domain/means/rollupGatherer.ts';
import { wholeMs } from '../readingStore.ts';
import {
  type DirtyMark,
  type DirtyRange,
  dirtyRanges,
  type HoursQuery,
  inOrder,
  ROLLUP_MS,
  type RollupBasis,
  type RollupQuery,
  type RollupStore,
  type RollupWindow,
} from '../rollupStore.ts';
import type { InfluxClient, RefusedLine } from './influxClient.ts';
import { HOUR_COLUMNS, InfluxHourReader } from './influxHourColumns.ts';
import {
  lineOfBasis,
  lineOfMark,
  lineOfRollup,
  ROLLUP_COLUMNS,
  ROLLUP_MEASUREMENTS,
  rollupOf,
} from './influxRollupLines.ts';
import { windowPages } from './influxRows.ts';
import { checkedSensor, quantityField, seriesIs, stationIn, stationIs, timeIn } from './influxText.ts';

/** What the rows share with the readings. */
export interface InfluxRollupsParts {
  client: InfluxClient;
  clock: () => number;
  /** How far back the server lets us read, epoch ms. */
  earliest: () => number;
  canDelete: () => boolean;
  /** Resolves when the appends under way are done, well or not. Later ones take care of what is older than `closedUntil`. */
  appended: (closedUntil: number) => Promise<unknown>;
  onRefusedLine: (refused: RefusedLine) => void;
}

/** Stations in one query. */
const STATIONS_PER_QUERY = 500;
/** Rows whose lines are made at once. */
const ROWS_PER_WRITE = 5_000;

/** The `RollupStore` on an InfluxDB server. */
export class InfluxRollups implements RollupStore {
  readonly #parts: InfluxRollupsParts;
  #lastMark = 0;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #listener: (marks: readonly DirtyMark[]) => void = () => undefined;

  constructor(parts: InfluxRollupsParts) {
    this.#parts = parts;
  }

  /** Reads what is kept in memory; call when the server is there. */
  async load(): Promise<void> {
    const basis = await this.basis();
    this.#closedUntil = Math.max(this.#closedUntil, basis?.closedUntil ?? Number.NEGATIVE_INFINITY);
    this.#lastMark = (await this.marks()).at(-1)?.mark ?? 0;
  }

  async write(window: RollupWindow, rows: readonly RollupColumns[]): Promise<void> {
    for (const part of portionsOf(rows, ROWS_PER_WRITE)) {
      await this.#send(part.flatMap(rowsOf).map((row) => lineOfRollup(window, row)));
    }
  }

  async read(query: RollupQuery): Promise<RollupRow[]> {
    return inOrder(await this.#rows(query), query.stationIds);
  }

  async columns(query: RollupQuery): Promise<RollupColumns[]> {
    return rollupColumnsOf(await this.#rows(query));
  }

  async hours({ stationIds, quantity, from, to }: HoursQuery): Promise<HourColumns[]> {
    const reader = new InfluxHourReader();
    const within = { from: Math.max(from, this.#parts.earliest()), to };
    // One station at a time: several in order of time cost the server more than twice as much.
    for (const stationId of stationIds) {
      const where = `${stationIs(stationId)} AND quantity='${quantityField(quantity)}'`;
      const source = { columns: HOUR_COLUMNS, measurement: ROLLUP_MEASUREMENTS.hour, where };
      for await (const page of windowPages(this.#parts.client, source, within)) {
        for (const row of page.rows) reader.add(row);
      }
    }
    return reader.columns();
  }

  async #rows({ stationIds, window, from, to, quantity, sensor }: RollupQuery): Promise<RollupRow[]> {
    const rows: RollupRow[] = [];
    const series = [
      ...(quantity === undefined ? [] : [`quantity='${quantityField(quantity)}'`]),
      ...(sensor === undefined ? [] : [`sensor='${checkedSensor(sensor)}'`]),
    ];
    const within = { from: Math.max(from, this.#parts.earliest()), to };
    for (let first = 0; first < stationIds.length; first += STATIONS_PER_QUERY) {
      const where = [stationIn(stationIds.slice(first, first + STATIONS_PER_QUERY)), ...series].join(' AND ');
      const source = { columns: ROLLUP_COLUMNS, measurement: ROLLUP_MEASUREMENTS[window], where };
      for await (const page of windowPages(this.#parts.client, source, within)) {
        for (const row of page.rows) rows.push(rollupOf(row, window, ROLLUP_MS[window]));
      }
    }
    return rows;
  }

  async remove(query: Parameters<RollupStore['remove']>[0]): Promise<void> {
    const { stationId, sensor, window, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const series = sensor === undefined ? stationIs(stationId) : seriesIs(stationId, sensor);
    for (const each of window === undefined ? (['hour', 'day'] as const) : [window]) {
      await this.#delete(ROLLUP_MEASUREMENTS[each], `${series} AND ${timeIn(from, to)}`);
    }
  }

  async closeUntil(time: number): Promise<void> {
    this.#closedUntil = time;
    await this.#parts.appended(time);
  }

  async basis(): Promise<RollupBasis | undefined> {
    const since = timeIn(this.#parts.earliest(), Number.POSITIVE_INFINITY);
    const q = `SELECT rules, closed_until FROM rollup_basis WHERE ${since} ORDER BY time DESC LIMIT 1`;
    const [series] = await this.#parts.client.query(q);
    const [row] = series?.values ?? [];
    return row === undefined ? undefined : { rules: String(row[1]), closedUntil: Number(row[2]) };
  }

  async setBasis(basis: RollupBasis): Promise<void> {
    this.#closedUntil = Math.max(this.#closedUntil, basis.closedUntil);
    await this.#send([lineOfBasis(basis, this.#parts.clock())]);
  }

  async markDirty(ranges: readonly DirtyRange[], change?: () => Promise<void>): Promise<void> {
    const marks = this.#numbered(ranges);
    await this.#send(marks.map(lineOfMark));
    await change?.();
    this.tell(marks);
  }

  async marks(): Promise<DirtyMark[]> {
    const since = timeIn(this.#parts.earliest(), Number.POSITIVE_INFINITY);
    const q = `SELECT station, "from", "to" FROM rollup_mark WHERE ${since} ORDER BY time`;
    const [series] = await this.#parts.client.query(q);
    return (series?.values ?? []).map(([mark, stationId, from, to]) => {
      return { mark: Number(mark), stationId: String(stationId), from: Number(from), to: Number(to) };
    });
  }

  /** On 3 Core, which cannot delete, marks stay: their rows are made anew at every start. */
  async clearMarks(stationId: string, upTo: number): Promise<void> {
    if (!this.#parts.canDelete()) return;
    await this.#delete('rollup_mark', `${stationIs(stationId)} AND ${timeIn(Number.NEGATIVE_INFINITY, upTo + 1)}`);
  }

  onMark(listener: (marks: readonly DirtyMark[]) => void): void {
    this.#listener = listener;
  }

  /** Marks for what was measured in hours that are rows already: they are written before it is. */
  marksOf(measured: Iterable<{ stationId: string; measuredAt: number }>): DirtyMark[] {
    return this.#numbered(dirtyRanges(measured, this.#closedUntil));
  }

  /** These marks are stored. */
  tell(marks: readonly DirtyMark[]): void {
    if (marks.length > 0) this.#listener(marks);
  }

  #numbered(ranges: readonly DirtyRange[]): DirtyMark[] {
    return ranges.map(({ stationId, from, to }) => {
      this.#lastMark = Math.max(this.#lastMark + 1, this.#parts.clock());
      return { stationId, from: wholeMs(from), to: wholeMs(to), mark: this.#lastMark };
    });
  }

  async #send(lines: readonly string[]): Promise<void> {
    for (const refused of await this.#parts.client.write(lines)) this.#parts.onRefusedLine(refused);
  }

  async #delete(measurement: string, condition: string): Promise<void> {
    await this.#parts.client.query(`DELETE FROM ${measurement} WHERE ${condition}`);
  }
}

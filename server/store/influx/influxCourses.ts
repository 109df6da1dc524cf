import type { SensorCourse } from '../../domain/means/course.ts';
import { QUANTITIES, type Quantity } from '../../domain/quantity.ts';
import { CourseColumns } from '../courseColumns.ts';
import type { CoursesQuery } from '../readingStore.ts';
import type { InfluxClient, InfluxSeries } from './influxClient.ts';
import { answersInParts } from './influxParts.ts';
import { stationIn, VALUE_FIELDS } from './influxText.ts';

/** Stations in one query. */
const STATIONS_PER_QUERY = 50;
/** Rows to have in an answer, and rows to expect of a station: two instruments of an airRohr, every 145 s. */
const ROWS_PER_QUERY = 30_000;
const ROW_EVERY_MS = 145_000 / 2;
const FIRST_CAPACITY = 1024;

type ValueField = (typeof VALUE_FIELDS)[number];

/** Courses of some stations' instruments; `ReadingStore.courses`. */
export async function coursesOfStations(
  client: InfluxClient,
  { stationIds, from, to, only }: CoursesQuery,
): Promise<SensorCourse[]> {
  if (stationIds.length === 0) return [];
  const fields = only === undefined ? await storedFields(client) : VALUE_FIELDS.filter(({ field }) => field === only);
  const named = fields.map(({ field }) => field);
  const select = (only === undefined ? ['flags', ...named] : named).join(', ');
  const courses: SensorCourse[] = [];
  for (let first = 0; first < stationIds.length; first += STATIONS_PER_QUERY) {
    const some = stationIds.slice(first, first + STATIONS_PER_QUERY);
    const reader = new CourseReader(fields, only === undefined);
    // By series: the server need not sort them into one another, nor name them in each row.
    const question = { select, measurement: 'reading', where: stationIn(some), groupBy: 'station, sensor' } as const;
    const stepMs = (ROWS_PER_QUERY * ROW_EVERY_MS) / some.length;
    for await (const answer of answersInParts(client, { ...question, from, to, stepMs })) reader.add(answer);
    courses.push(...reader.courses());
  }
  return courses;
}

/** The fields of `reading` that any point has: the server knows them without looking at points. */
async function storedFields(client: InfluxClient): Promise<ValueField[]> {
  const [series] = await client.query('SHOW FIELD KEYS FROM reading');
  const stored = new Set(series?.values.map(([name]) => name));
  return VALUE_FIELDS.filter(({ field }) => stored.has(field));
}

/** Gathers answers by series, column by column. */
class CourseReader {
  readonly #firstValue: number;
  /** Which of `quantities` a column of the answer holds, by its place among the fields. */
  readonly #quantityAt: readonly number[];
  readonly #quantities: readonly Quantity[];
  readonly #columnsBySeries = new Map<string, CourseColumns>();

  /** Rows of a time, flags where there are any, and the fields. */
  constructor(fields: readonly ValueField[], hasFlags: boolean) {
    this.#firstValue = hasFlags ? 2 : 1;
    this.#quantities = QUANTITIES.filter((quantity) => fields.some((field) => field.quantity === quantity));
    this.#quantityAt = fields.map(({ quantity }) => this.#quantities.indexOf(quantity));
  }

  add(answer: readonly InfluxSeries[]): void {
    for (const { tags, values } of answer) {
      const columns = this.#columnsOf(String(tags?.station), String(tags?.sensor));
      for (const row of values) this.#addRow(columns, row);
    }
  }

  courses(): SensorCourse[] {
    return Array.from(this.#columnsBySeries.values(), (columns) => columns.finished(this.#quantities));
  }

  #addRow(columns: CourseColumns, row: readonly unknown[]): void {
    const place = columns.add(row[0] as number);
    if (this.#firstValue === 2) columns.flags[place] = Number(row[1]);
    for (let at = this.#firstValue; at < row.length; at++) {
      const value = row[at];
      if (typeof value !== 'number') continue;
      const index = this.#quantityAt[at - this.#firstValue]!;
      const column = columns.values[index] ?? columns.column(index);
      column[place] = value;
    }
  }

  #columnsOf(stationId: string, sensor: string): CourseColumns {
    const key = `${stationId}/${sensor}`;
    const known = this.#columnsBySeries.get(key);
    if (known !== undefined) return known;
    const made = new CourseColumns({ stationId, sensor }, this.#quantities.length, FIRST_CAPACITY);
    this.#columnsBySeries.set(key, made);
    return made;
  }
}

import {
  type ComparedDay,
  comparedMonth,
  MIN_COMPARED_DAYS,
  type MonthComparison,
} from '../domain/correction/monthComparison.ts';
import { OFFICIAL_SENSORS, officialMean } from '../domain/correction/referenceMeans.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import { isoDate } from '../domain/limits/limits.ts';
import { isComparedWith, type Station } from '../domain/station.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { ReferenceFinder } from './referenceFinder.ts';
import { groupRows, modelName } from './referenceGroup.ts';
import type { Rollups, WaitedSoFar } from './rollups.ts';

/** Official values come late and are revised: nobody sees an older comparison than this, ms; of a past month an hour. */
const FRESH_MS = 10 * MINUTE_MS;
const PAST_FRESH_MS = HOUR_MS;
/** Months around official stations that are kept: a year around four hundred. */
const MAX_KEPT = 5_000;

/** What comparisons are made from. */
export interface OfficialComparisonsDeps {
  /** As measured: rows that carry a comparison already would go in circles. */
  rollups: Pick<Rollups, 'rows'>;
  store: Pick<ReadingStore, 'raw'>;
  stations: () => readonly Station[];
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  clock: () => number;
}

/** Quantities sensors are compared in. */
export type ComparedQuantity = 'pm25' | 'pm10';

/** Finds the comparison for an instrument of a station in the month of a time, epoch ms; undefined without one. */
export type FindComparison = (stationId: string, sensor: string, at: number) => MonthComparison | undefined;

const NONE: FindComparison = () => undefined;

/** Comparisons of one calendar month around one official station, by model; none of them while it has too few days in it. */
type MonthComparisons = ReadonlyMap<string, MonthComparison>;

/** A calendar month of days at `DAY_OFFSET`, `[start, end)`, epoch ms. */
interface Month {
  name: string;
  start: number;
  end: number;
}

/** Months worked out in one go. */
type Work = Made<ReadonlyMap<string, MonthComparisons>>;

interface Made<Comparisons> {
  comparisons: Comparisons;
  /** False when means they rest on were missing or out of date. */
  isUpToDate: boolean;
}

/** A month's; no comparisons where the station has too few days in it. */
type MadeMonth = Made<MonthComparisons | undefined>;

interface Asked {
  reference: Station;
  quantity: ComparedQuantity;
  waited: WaitedSoFar | undefined;
}

/**
 * How sensors of each kind differ from the official station near them, month by month: the part of U that the network
 * itself shows. Months are worked out from daily means when first asked for, those missing in a row at once, and kept
 * for minutes. Bounded: `MAX_KEPT` months.
 */
export class OfficialComparisons {
  readonly #deps: OfficialComparisonsDeps;
  readonly #months = new Map<string, { madeAt: number; made: Promise<MadeMonth> }>();

  constructor(deps: OfficialComparisonsDeps) {
    this.#deps = deps;
  }

  /**
   * Comparisons for stations in `[from, to)`, epoch ms: each, month by month, by the official station nearest to where it
   * stood of those with daily means of the quantity on enough days of that month. `waited` is told when means behind one
   * of them were missing or out of date.
   */
  async finder(
    stations: readonly Station[],
    {
      quantity,
      from,
      to,
      waited,
    }: { quantity: ComparedQuantity; from: number; to: number; waited?: WaitedSoFar | undefined },
  ): Promise<FindComparison> {
    const official = this.#deps.stations().filter(isComparedWith);
    if (official.length === 0) return NONE;
    const references = new ReferenceFinder(stations, official);
    const months = this.#monthsIn(from, to);
    const measured = new Map<string, MonthComparisons | undefined>();
    const found = new Map<readonly Station[], Map<string, MonthComparisons>>();
    for (const near of references.all({ start: from, end: to })) {
      found.set(near, await this.#ofNearest(near, months, { quantity, waited, measured }));
    }
    return (stationId, sensor, at) =>
      found.get(references.near(stationId, at))?.get(this.#monthOf(at))?.get(modelName(sensor));
  }

  /** By month the comparisons around the first of the stations that has enough days in it; `measured` keeps what was seen. */
  async #ofNearest(
    near: readonly Station[],
    months: readonly Month[],
    { measured, ...asked }: Omit<Asked, 'reference'> & { measured: Map<string, MonthComparisons | undefined> },
  ): Promise<Map<string, MonthComparisons>> {
    const found = new Map<string, MonthComparisons>();
    for (const reference of near) {
      if (found.size === months.length) break;
      const open = months.filter(({ name }) => !found.has(name));
      const unseen = open.filter(({ name }) => !measured.has(`${reference.id}/${name}`));
      const made = this.#made({ reference, ...asked }, unseen);
      for (const [at, { name }] of unseen.entries()) {
        const { comparisons, isUpToDate } = await made[at]!;
        measured.set(`${reference.id}/${name}`, comparisons);
        if (!isUpToDate && asked.waited !== undefined) asked.waited.wasInVain = true;
      }
      for (const { name } of open) {
        const comparisons = measured.get(`${reference.id}/${name}`);
        if (comparisons !== undefined) found.set(name, comparisons);
      }
    }
    return found;
  }

  /** What is kept of the months, and the others worked out in one go. */
  #made(asked: Asked, months: readonly Month[]): Promise<MadeMonth>[] {
    const now = this.#deps.clock();
    const keyOf = ({ name }: Month) => `${asked.reference.id}/${asked.quantity}/${name}`;
    // In hand before others are kept: these may be the next to be let go.
    const kept = months.map((month) => this.#kept(keyOf(month), month, now));
    const missing = months.filter((_, at) => kept[at] === undefined);
    const [first, last] = [missing[0], missing.at(-1)];
    const all =
      first && last
        ? this.#work(asked, { from: first.start, to: Math.min(now, last.end) })
        : Promise.resolve({ comparisons: new Map<string, MonthComparisons>(), isUpToDate: true });
    return months.map((month, at) => {
      const known = kept[at];
      if (known !== undefined) return known;
      const made = all.then(({ comparisons, isUpToDate }) => ({
        comparisons: comparisons.get(month.name),
        isUpToDate,
      }));
      this.#keep(keyOf(month), now, made);
      const forget = () => this.#forget(keyOf(month), made);
      // What failed or was made of half is asked anew by the next.
      all.then(({ isUpToDate }) => isUpToDate || forget(), forget);
      return made;
    });
  }

  #kept(key: string, { end }: Month, now: number): Promise<MadeMonth> | undefined {
    const known = this.#months.get(key);
    const isFresh = known !== undefined && now - known.madeAt < (end <= now ? PAST_FRESH_MS : FRESH_MS);
    return isFresh ? known.made : undefined;
  }

  #keep(key: string, madeAt: number, made: Promise<MadeMonth>): void {
    this.#months.delete(key);
    this.#months.set(key, { madeAt, made });
    if (this.#months.size > MAX_KEPT) this.#months.delete(this.#months.keys().next().value!);
  }

  #forget(key: string, made: Promise<MadeMonth>): void {
    if (this.#months.get(key)?.made === made) this.#months.delete(key);
  }

  async #work(asked: Asked, { from, to }: { from: number; to: number }): Promise<Work> {
    const { reference, quantity } = asked;
    const { rollups, stations } = this.#deps;
    const official = await this.#officialDays(asked, { from, to });
    if (official.size === 0) return { comparisons: new Map(), isUpToDate: true };
    const waited: WaitedSoFar = { ms: asked.waited?.ms ?? 0 };
    const query = { quantity, window: 'day', from, to, waited } as const;
    const rows = await groupRows({ rollups, stations }, { reference, query });
    if (asked.waited !== undefined) asked.waited.ms = waited.ms;
    const months = new Map<string, Map<string, Map<string, ComparedDay[]>>>();
    for (const month of this.#measuredMonths(official)) months.set(month, new Map());
    for (const { start, stationId, sensor, mean } of rows) {
      const value = official.get(start);
      const models = months.get(this.#monthOf(start));
      if (value === undefined || models === undefined) continue;
      const sensors: Map<string, ComparedDay[]> = keptIn(models, modelName(sensor), () => new Map());
      keptIn(sensors, `${stationId}/${sensor}`, () => []).push({ sensor: mean!, reference: value });
    }
    const compared = [...months].map(
      ([month, models]) => [month, comparisonsOf(models, { month, reference })] as const,
    );
    return { comparisons: new Map(compared), isUpToDate: waited.wasInVain !== true };
  }

  /** Months in which the official station has as many days as a sensor needs to be compared with it. */
  #measuredMonths(official: ReadonlyMap<number, number>): string[] {
    const days = new Map<string, number>();
    for (const start of official.keys()) {
      const month = this.#monthOf(start);
      days.set(month, (days.get(month) ?? 0) + 1);
    }
    return [...days].filter(([, count]) => count >= MIN_COMPARED_DAYS).map(([month]) => month);
  }

  /** Official daily means by the start of the day. */
  async #officialDays(
    { reference, quantity }: Asked,
    { from, to }: { from: number; to: number },
  ): Promise<Map<number, number>> {
    const [hours, days] = await Promise.all(
      [OFFICIAL_SENSORS['1h'], OFFICIAL_SENSORS['24h']].map(async (sensor) => {
        const values = await this.#deps.store.raw({ stationId: reference.id, sensor, quantity, from, to });
        return values.map(({ measuredAt, value }) => ({ start: measuredAt, value }));
      }),
    );
    const byDay = new DaysOf(hours!, days!);
    const official = new Map<number, number>();
    for (let start = from; start + DAY_MS <= to; start += DAY_MS) {
      const value = byDay.mean(start);
      if (value !== undefined) official.set(start, value);
    }
    return official;
  }

  #monthsIn(from: number, to: number): Month[] {
    const { dayOffsetMs } = this.#deps;
    const months: Month[] = [];
    let [year, month] = this.#monthOf(from).split('-').map(Number) as [number, number];
    for (let start = Date.UTC(year, month - 1) - dayOffsetMs; start < to; ) {
      month += 1;
      if (month > 12) [year, month] = [year + 1, 1];
      const end = Date.UTC(year, month - 1) - dayOffsetMs;
      months.push({ name: this.#monthOf(start), start, end });
      start = end;
    }
    return months;
  }

  #monthOf(at: number): string {
    return isoDate(at, this.#deps.dayOffsetMs).slice(0, 7);
  }
}

/** The comparison of each model that has enough days. */
function comparisonsOf(
  models: ReadonlyMap<string, ReadonlyMap<string, ComparedDay[]>>,
  { month, reference }: { month: string; reference: Station },
): MonthComparisons {
  const found = new Map<string, MonthComparison>();
  for (const [model, sensors] of models) {
    const compared = comparedMonth(sensors.values());
    if (compared) found.set(model, { month, official: reference.name, ...compared });
  }
  return found;
}

type Means = readonly { start: number; value: number }[];

/** Official days in order of time, without looking through the whole year for each. */
class DaysOf {
  readonly #hours: Means;
  readonly #days: Means;
  #next = { hour: 0, day: 0 };

  constructor(hours: Means, days: Means) {
    this.#hours = hours;
    this.#days = days;
  }

  /** Mean of the day from `start`, epoch ms; asked in order of time. */
  mean(start: number): number | undefined {
    const end = start + DAY_MS;
    const within = (means: Means, from: number) => {
      let first = from;
      while (first < means.length && means[first]!.start < start) first++;
      let last = first;
      while (last < means.length && means[last]!.start < end) last++;
      return { inside: means.slice(first, last), last };
    };
    const hours = within(this.#hours, this.#next.hour);
    const days = within(this.#days, this.#next.day);
    this.#next = { hour: hours.last, day: days.last };
    return officialMean({ hours: hours.inside, days: days.inside }, { start, end });
  }
}

function keptIn<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

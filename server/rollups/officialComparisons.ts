import { isoDate } from '../domain/limits.ts';
import { type ComparedDay, comparedMonth, type MonthComparison } from '../domain/monthComparison.ts';
import { OFFICIAL_SENSORS, officialMean } from '../domain/referenceMeans.ts';
import { isPublic, type Station, stationKind } from '../domain/station.ts';
import { stationAt } from '../domain/stationHistory.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { nearestReference } from './corrections.ts';
import { groupRows, modelName } from './referenceGroup.ts';
import type { Rollups } from './rollups.ts';

const DAY_MS = 86_400_000;
/** Official values come late and are revised: nobody sees an older comparison than this, ms. */
const FRESH_MS = 10 * 60_000;
/** Years of official stations kept. */
const MAX_KEPT = 50;

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

/** Comparisons of a calendar year around one official station, by model and month. */
type YearComparisons = Map<string, MonthComparison>;

/**
 * How sensors of each kind differ from the official station near them, month by month: the part of U that the network
 * itself shows. A year around one station is worked out when it is first asked for, from daily means, and kept for
 * minutes. Bounded: `MAX_KEPT` years.
 */
export class OfficialComparisons {
  readonly #deps: OfficialComparisonsDeps;
  readonly #years = new Map<string, { madeAt: number; made: Promise<YearComparisons> }>();

  constructor(deps: OfficialComparisonsDeps) {
    this.#deps = deps;
  }

  /** Comparisons for stations in `[from, to)`, epoch ms: each by the official station nearest to where it stood. */
  async finder(
    stations: readonly Station[],
    { quantity, from, to }: { quantity: ComparedQuantity; from: number; to: number },
  ): Promise<FindComparison> {
    const official = this.#deps.stations().filter((each) => stationKind(each) === 'reference' && isPublic(each));
    if (official.length === 0) return NONE;
    const references = new ReferenceFinder(stations, official);
    const years = new Map<string, YearComparisons>();
    for (const reference of references.all({ start: from, end: to })) {
      for (let year = this.#yearOf(from); year <= this.#yearOf(to - 1); year++) {
        const compared = await this.#year({ reference, quantity, year });
        years.set(`${reference.id}/${year}`, compared);
      }
    }
    return (stationId, sensor, at) => {
      const reference = references.of(stationId, at);
      const month = this.#monthOf(at);
      return reference && years.get(`${reference.id}/${month.slice(0, 4)}`)?.get(`${modelName(sensor)}/${month}`);
    };
  }

  async #year(asked: YearAsked): Promise<YearComparisons> {
    const { reference, quantity, year } = asked;
    const key = `${reference.id}/${quantity}/${year}`;
    const now = this.#deps.clock();
    const known = this.#years.get(key);
    if (known !== undefined && now - known.madeAt < FRESH_MS) return known.made;
    const made = this.#make(asked, now);
    this.#years.delete(key);
    this.#years.set(key, { madeAt: now, made });
    made.catch(() => this.#years.delete(key));
    if (this.#years.size > MAX_KEPT) this.#years.delete(this.#years.keys().next().value!);
    return made;
  }

  async #make({ reference, quantity, year }: YearAsked, now: number): Promise<YearComparisons> {
    const { store, rollups, stations, dayOffsetMs } = this.#deps;
    const from = Date.UTC(year, 0) - dayOffsetMs;
    const to = Math.min(now, Date.UTC(year + 1, 0) - dayOffsetMs);
    const [hours, days] = await Promise.all(
      [OFFICIAL_SENSORS['1h'], OFFICIAL_SENSORS['24h']].map(async (sensor) => {
        const values = await store.raw({ stationId: reference.id, sensor, quantity, from, to });
        return values.map(({ measuredAt, value }) => ({ start: measuredAt, value }));
      }),
    );
    const official = new Map<number, number>();
    const byDay = new DaysOf(hours!, days!);
    for (let start = from; start + DAY_MS <= to; start += DAY_MS) {
      const value = byDay.mean(start);
      if (value !== undefined) official.set(start, value);
    }
    if (official.size === 0) return new Map();
    const rows = await groupRows({ rollups, stations }, { reference, query: { quantity, window: 'day', from, to } });
    const months = new Map<string, Map<string, ComparedDay[]>>();
    for (const { start, stationId, sensor, mean } of rows) {
      const value = official.get(start);
      if (value === undefined) continue;
      const sensors = keptIn(months, `${modelName(sensor)}/${this.#monthOf(start)}`, () => new Map());
      keptIn(sensors, `${stationId}/${sensor}`, () => [] as ComparedDay[]).push({ sensor: mean!, reference: value });
    }
    const found: YearComparisons = new Map();
    for (const [key, sensors] of months) {
      const compared = comparedMonth(sensors.values());
      if (compared) found.set(key, { month: key.split('/')[1]!, official: reference.name, ...compared });
    }
    return found;
  }

  #monthOf(at: number): string {
    return isoDate(at, this.#deps.dayOffsetMs).slice(0, 7);
  }

  #yearOf(at: number): number {
    return Number(isoDate(at, this.#deps.dayOffsetMs).slice(0, 4));
  }
}

interface YearAsked {
  reference: Station;
  quantity: ComparedQuantity;
  year: number;
}

/** The official station nearest to a station at a time; looked up once for each place it stood at. */
class ReferenceFinder {
  readonly #stations: ReadonlyMap<string, Station>;
  readonly #official: readonly Station[];
  readonly #known = new Map<string, Station | undefined>();

  constructor(stations: readonly Station[], official: readonly Station[]) {
    this.#stations = new Map(
      stations.filter((station) => stationKind(station) === 'citizen').map((station) => [station.id, station]),
    );
    this.#official = official;
  }

  of(stationId: string, at: number): Station | undefined {
    const station = this.#stations.get(stationId);
    if (station === undefined) return undefined;
    // A station stands at the same place until its next move.
    const place = station.formerPlaces?.findIndex(({ until }) => at < until) ?? -1;
    const key = `${stationId}/${place}`;
    if (!this.#known.has(key)) this.#known.set(key, nearestReference(stationAt(station, at), this.#official));
    return this.#known.get(key);
  }

  /** Every official station that the stations stood near in a window. */
  all({ start, end }: { start: number; end: number }): Set<Station> {
    const found = new Set<Station>();
    for (const station of this.#stations.values()) {
      const moves = (station.formerPlaces ?? []).map(({ until }) => until).filter((at) => at > start && at < end);
      for (const at of [start, ...moves]) {
        const reference = this.of(station.id, at);
        if (reference !== undefined) found.add(reference);
      }
    }
    return found;
  }
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

import type { Catalogue } from './catalogue.ts';
import { observation, parseSeriesId, type SeriesValue } from './entities.ts';
import { costOf } from './filterCost.ts';
import { passes, timeBounds } from './filterEvaluation.ts';
import type { Expression } from './filterParser.ts';
import type { Entity } from './model.ts';
import type { Source, ValueReader } from './observations.ts';
import {
  cut,
  type EntitySet,
  type Mark,
  nextOf,
  type Page,
  parseMark,
  placeBehind,
  type ReadBudget,
  spend,
} from './pages.ts';
import type { PathValues } from './pathValues.ts';
import { DEFAULT_TOP, type QueryOptions } from './queryOptions.ts';
import { SensorThingsError } from './sensorThingsError.ts';

/** Entities a page may look at, fewer by a long filter: one that finds little must not read for ever. */
const MAX_EXAMINED = 200_000;
/** Observations sorted for one page. */
const MAX_SORTED = 50_000;
const TIMES = ['phenomenonTime', 'resultTime'];

/** What pages of Observations are read with. */
export interface ObservationPagesDeps {
  catalogue: Pick<Catalogue, 'seriesOf' | 'publicStation'>;
  paths: PathValues;
  values: Pick<ValueReader, 'read'>;
  clock: () => number;
}

/** Pages of Observations: from the store, and no further than a page needs. */
export class ObservationPages {
  readonly #deps: ObservationPagesDeps;

  constructor(deps: ObservationPagesDeps) {
    this.#deps = deps;
  }

  /** A page of all of them, or of those of a Datastream or FeatureOfInterest. @throws SensorThingsError */
  page(set: EntitySet, options: QueryOptions, budget: ReadBudget): Promise<Page> {
    const isSorted = isOutOfTime(options.orderBy);
    return isSorted ? this.#pageOfSorted(set, options, budget) : this.#pageOfValues(set, options, budget);
  }

  /** Newest first unless asked otherwise; goes on by time, so that the last page costs no more than the first. */
  async #pageOfValues(set: EntitySet, options: QueryOptions, budget: ReadBudget): Promise<Page> {
    const { filter, skip } = options;
    const top = options.top ?? DEFAULT_TOP;
    const now = this.#deps.clock();
    const cost = costOf(filter);
    const isDescending = options.orderBy[0]?.isDescending ?? true;
    const source = await this.#sourceOf(set);
    if (source === undefined) return { entities: [], ...(options.count && { count: 0 }) };
    const bounds = timeBounds(filter, TIMES, now);
    const from = parseTimeMark(options.skipToken);
    const range = { ...bounds, isDescending, need: filter === undefined ? skip + top + 1 : 4 * (skip + top + 1) };
    if (from !== undefined && isDescending) range.to = Math.min(range.to, from.at + 1);
    if (from !== undefined && !isDescending) range.from = Math.max(range.from, from.at);
    const count = options.count ? await this.#countValues(source, filter, budget) : undefined;
    const entities: Entity[] = [];
    let [examined, skipped, place, last] = [0, 0, from?.place ?? 0, ''];
    const withCount = (page: Page): Page => ({ ...page, ...(count !== undefined && { count }) });
    let lastAt = from?.at;
    for await (const value of unseen(this.#deps.values.read(source, range), from)) {
      await spend(budget, cost);
      const entity = observation(value);
      const isWanted = filter === undefined || this.#passes(entity, filter, now);
      if (isWanted && skipped >= skip && entities.length === top)
        return withCount({ entities, ...(top > 0 && { next: nextOf({ place, last }) }) });
      if (isWanted && skipped >= skip) entities.push(entity);
      else if (isWanted) skipped++;
      [lastAt, place, last] = [value.measuredAt, value.measuredAt === lastAt ? place + 1 : 1, entity.id];
      examined += cost;
      if (examined >= MAX_EXAMINED) {
        if (skipped < skip) throw new SensorThingsError(400, '$skip is too far: filter by phenomenonTime.');
        return withCount({ entities, next: nextOf({ place, last }) });
      }
    }
    return withCount({ entities });
  }

  /** In any other order than that of time: all of them are read and sorted, so there must not be too many. */
  async #pageOfSorted(
    set: EntitySet,
    { filter, orderBy, skip, count, skipToken, top = DEFAULT_TOP }: QueryOptions,
    budget: ReadBudget,
  ): Promise<Page> {
    const source = await this.#sourceOf(set);
    const now = this.#deps.clock();
    const found: Entity[] = [];
    const range = { ...timeBounds(filter, TIMES, now), isDescending: true, need: MAX_SORTED };
    const cost = costOf(filter);
    let examined = 0;
    for await (const value of source === undefined ? [] : this.#deps.values.read(source, range)) {
      await spend(budget, cost);
      if (++examined > MAX_SORTED) {
        throw new SensorThingsError(501, 'There are too many Observations to sort: filter by phenomenonTime.');
      }
      const entity = observation(value);
      if (filter === undefined || this.#passes(entity, filter, now)) found.push(entity);
    }
    await this.#deps.paths.sort(found, orderBy, budget);
    return cut(found, { skip, top, count, mark: parseMark(skipToken) });
  }

  async #countValues(source: Source, filter: Expression | undefined, budget: ReadBudget): Promise<number> {
    const now = this.#deps.clock();
    const bounds = timeBounds(filter, TIMES, now);
    const cost = costOf(filter);
    let count = 0;
    for await (const value of this.#deps.values.read(source, { ...bounds, isDescending: true, need: 100_000 })) {
      await spend(budget, cost);
      const entity = filter && observation(value);
      if (entity === undefined || filter === undefined || this.#passes(entity, filter, now)) count++;
    }
    return count;
  }

  async #sourceOf({ of }: EntitySet): Promise<Source | undefined> {
    if (of === undefined) return 'everything';
    if (of.type === 'Datastream') {
      const series = await this.#deps.catalogue.seriesOf(of.id);
      return series && { series };
    }
    const station = this.#deps.catalogue.publicStation(of.id);
    return station && { station };
  }

  #passes(entity: Entity, filter: Expression, now: number): boolean {
    return passes(filter, (steps) => this.#deps.paths.at(entity, steps), now);
  }
}

/** True when Observations come in an order that is not that of their times, in which they are stored. */
function isOutOfTime([first, ...more]: QueryOptions['orderBy']): boolean {
  return first !== undefined && (more.length > 0 || first.steps.length > 1 || !TIMES.includes(first.steps[0] ?? ''));
}

/** Where the page before ended; `place` counts the Observations of its last one's time. */
interface TimeMark extends Mark {
  /** Time of its last Observation, epoch ms. */
  at: number;
}

function parseTimeMark(token: string | undefined): TimeMark | undefined {
  const mark = parseMark(token);
  if (mark === undefined) return undefined;
  const at = parseSeriesId(mark.last)?.measuredAt;
  if (at === undefined) throw new SensorThingsError(400, '$skiptoken is not one of ours.');
  return { ...mark, at };
}

/**
 * The values behind the mark. Those of its own time are told apart by the last one given and not by their number: one that
 * came in since, stored before it, would else push a given one onto the next page.
 */
async function* unseen(values: AsyncIterable<SeriesValue>, mark: TimeMark | undefined): AsyncGenerator<SeriesValue> {
  if (mark === undefined) return yield* values;
  const ofItsTime: SeriesValue[] = [];
  let isBehind = false;
  for await (const value of values) {
    if (!isBehind && value.measuredAt === mark.at) {
      ofItsTime.push(value);
      continue;
    }
    if (!isBehind) yield* behind(ofItsTime, mark);
    isBehind = true;
    yield value;
  }
  if (!isBehind) yield* behind(ofItsTime, mark);
}

function behind(ofItsTime: readonly SeriesValue[], mark: TimeMark): readonly SeriesValue[] {
  return ofItsTime.slice(placeBehind(ofItsTime.map(observation), mark));
}

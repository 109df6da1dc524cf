import type { Catalogue, CatalogueType } from './catalogue.ts';
import { observation, parseSeriesId } from './entities.ts';
import { compareValues, passes, timeBounds } from './filterEvaluation.ts';
import type { Expression } from './filterParser.ts';
import { collectionsOf, refusedPath } from './filterPaths.ts';
import { type Entity, TYPES, type TypeName } from './model.ts';
import type { Source, ValueReader } from './observations.ts';
import { DEFAULT_TOP, type QueryOptions } from './queryOptions.ts';

/** A request that cannot be answered; the message is one sentence for its sender. */
export class SensorThingsError extends Error {
  override name = 'SensorThingsError';
  readonly status: 400 | 404 | 501;

  constructor(status: 400 | 404 | 501, message: string) {
    super(message);
    this.status = status;
  }
}

/** A set of entities: all of a type, or those an entity links to. */
export interface EntitySet {
  type: TypeName;
  /** Absent for all of the type. */
  of?: Entity;
}

/** A page of a set. */
export interface Page {
  entities: Entity[];
  /** How many there are in all, when it was asked. */
  count?: number;
  /** Options of the next page that differ from this one's; absent on the last. */
  next?: Record<string, string>;
}

/** Entities a request may look at: a filter that finds little must not read for ever. */
const MAX_EXAMINED = 200_000;
/** Observations sorted for one page. */
const MAX_SORTED = 50_000;
/** Values a whole request may read, its expansions and counts included. */
export const REQUEST_VALUES = 1_000_000;
const TIMES = ['phenomenonTime', 'resultTime'];

/** What a request may still read. */
export interface ReadBudget {
  values: number;
}

/** What sets are read with. */
export interface EntitySetsDeps {
  catalogue: Catalogue;
  values: ValueReader;
  clock: () => number;
}

/** Reads pages of sets: by their options, and no further than a page needs. */
export class EntitySets {
  readonly #deps: EntitySetsDeps;

  constructor(deps: EntitySetsDeps) {
    this.#deps = deps;
  }

  /** One entity of a set. @throws SensorThingsError 404 */
  async find(set: EntitySet, id: string): Promise<Entity> {
    const found =
      set.type === 'Observation' ? await this.#observation(id) : await this.#deps.catalogue.find(set.type, id);
    if (found !== undefined && (set.of === undefined || (await this.#isIn(set, found)))) return found;
    throw new SensorThingsError(404, `There is no ${set.type} with this id here.`);
  }

  /** The entity a single link leads to. @throws SensorThingsError 404 */
  linked(entity: Entity, link: string): Entity {
    const found = this.#deps.catalogue.linked(entity, link);
    if (found === undefined) throw new SensorThingsError(404, `There is no ${link}.`);
    return found;
  }

  /** A page of a set. @throws SensorThingsError for what is not supported */
  page(set: EntitySet, options: QueryOptions, budget: ReadBudget): Promise<Page> {
    const refused = refusedPath(options, set.type);
    if (refused !== undefined) {
      throw new SensorThingsError(501, `A filter or order through ${refused.join('/')} is not supported.`);
    }
    if (set.type !== 'Observation') return this.#pageOfCatalogue(set, options, budget);
    return isOutOfTime(options.orderBy) ? this.#pageOfSorted(set, options) : this.#pageOfValues(set, options, budget);
  }

  async #pageOfCatalogue(set: EntitySet, options: QueryOptions, budget: ReadBudget): Promise<Page> {
    const { filter, orderBy, skip, count } = options;
    const throughMany = collectionsOf(filter, set.type);
    const top = options.top ?? DEFAULT_TOP;
    const now = this.#deps.clock();
    const needsAll = count || orderBy.length > 0;
    const passing: Entity[] = [];
    const type = set.type as CatalogueType;
    for await (const entity of set.of === undefined
      ? this.#deps.catalogue.all(type)
      : this.#deps.catalogue.related(set.of, type)) {
      if (filter !== undefined && !(await this.#passes(entity, filter, { now, budget, throughMany }))) continue;
      passing.push(entity);
      if (!needsAll && passing.length > skip + top) break;
    }
    this.#sort(passing, orderBy);
    return cut(passing, { skip, top, count });
  }

  /** Newest first unless asked otherwise; goes on by time, so that the last page costs no more than the first. */
  async #pageOfValues(set: EntitySet, options: QueryOptions, budget: ReadBudget): Promise<Page> {
    const { filter, skip } = options;
    const top = options.top ?? DEFAULT_TOP;
    const now = this.#deps.clock();
    const isDescending = options.orderBy[0]?.isDescending ?? true;
    const source = await this.#sourceOf(set);
    if (source === undefined) return { entities: [], ...(options.count && { count: 0 }) };
    const bounds = timeBounds(filter, TIMES);
    const from = parseToken(options.skipToken);
    const range = { ...bounds, isDescending, need: filter === undefined ? skip + top + 1 : 4 * (skip + top + 1) };
    if (from !== undefined && isDescending) range.to = Math.min(range.to, from.at + 1);
    if (from !== undefined && !isDescending) range.from = Math.max(range.from, from.at);
    const count = options.count ? await this.#countValues(source, filter, budget) : undefined;
    const entities: Entity[] = [];
    let [examined, skipped, atSameTime, lastAt] = [0, 0, 0, Number.NaN];
    const withCount = (page: Page): Page => ({ ...page, ...(count !== undefined && { count }) });
    const token = () => ({ $skiptoken: `${lastAt}_${atSameTime}`, $skip: '0' });
    for await (const value of this.#deps.values.read(source, range)) {
      spend(budget);
      const isNewTime = value.measuredAt !== lastAt;
      const place = isNewTime ? 0 : atSameTime;
      const isSeen = from !== undefined && value.measuredAt === from.at && place < from.seen;
      const entity = observation(value);
      const isWanted = !isSeen && (filter === undefined || passes(filter, (steps) => this.#read(entity, steps), now));
      if (isWanted && skipped >= skip && entities.length === top)
        return withCount({ entities, ...(top > 0 && { next: token() }) });
      if (isWanted && skipped >= skip) entities.push(entity);
      else if (isWanted) skipped++;
      [lastAt, atSameTime] = [value.measuredAt, place + 1];
      if (++examined >= MAX_EXAMINED) {
        if (skipped < skip) throw new SensorThingsError(400, '$skip is too far: filter by phenomenonTime.');
        return withCount({ entities, next: token() });
      }
    }
    return withCount({ entities });
  }

  /** In any other order than that of time: all of them are read and sorted, so there must not be too many. */
  async #pageOfSorted(
    set: EntitySet,
    { filter, orderBy, skip, count, top = DEFAULT_TOP }: QueryOptions,
  ): Promise<Page> {
    const source = await this.#sourceOf(set);
    const now = this.#deps.clock();
    const found: Entity[] = [];
    const range = { ...timeBounds(filter, TIMES), isDescending: true, need: MAX_SORTED };
    let examined = 0;
    for await (const value of source === undefined ? [] : this.#deps.values.read(source, range)) {
      if (++examined > MAX_SORTED) {
        throw new SensorThingsError(501, 'There are too many Observations to sort: filter by phenomenonTime.');
      }
      const entity = observation(value);
      if (filter === undefined || passes(filter, (steps) => this.#read(entity, steps), now)) found.push(entity);
    }
    this.#sort(found, orderBy);
    return cut(found, { skip, top, count });
  }

  #sort(entities: Entity[], orderBy: QueryOptions['orderBy']): void {
    for (const { steps, isDescending } of [...orderBy].reverse()) {
      const sign = isDescending ? -1 : 1;
      entities.sort((a, b) => sign * compareValues(this.#read(a, steps), this.#read(b, steps)));
    }
  }

  async #countValues(source: Source, filter: Expression | undefined, budget: ReadBudget): Promise<number> {
    const bounds = timeBounds(filter, TIMES);
    const now = this.#deps.clock();
    let count = 0;
    for await (const value of this.#deps.values.read(source, { ...bounds, isDescending: true, need: 100_000 })) {
      spend(budget);
      const entity = filter && observation(value);
      if (entity === undefined || filter === undefined || passes(filter, (steps) => this.#read(entity, steps), now))
        count++;
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

  async #observation(id: string): Promise<Entity | undefined> {
    const at = parseSeriesId(id)?.measuredAt;
    const series = at === undefined ? undefined : await this.#deps.catalogue.seriesOf(id.slice(0, id.lastIndexOf('.')));
    if (series === undefined || at === undefined) return undefined;
    const range = { from: at, to: at + 1, isDescending: false, need: 1 };
    for await (const value of this.#deps.values.read({ series }, range)) return observation(value);
    return undefined;
  }

  async #isIn(set: EntitySet, found: Entity): Promise<boolean> {
    if (set.of === undefined) return true;
    if (set.type === 'Observation') return this.#deps.catalogue.linked(found, set.of.type)?.id === set.of.id;
    for await (const entity of this.#deps.catalogue.related(set.of, set.type)) if (entity.id === found.id) return true;
    return false;
  }

  /** True when the entity passes; where the filter goes through links to several, when it does with one of each. */
  async #passes(
    entity: Entity,
    filter: Expression,
    { now, budget, throughMany }: { now: number; budget: ReadBudget; throughMany: readonly string[] },
    bound: Bound = {},
  ): Promise<boolean> {
    const [link, ...more] = throughMany;
    if (link === undefined) return passes(filter, (steps) => this.#read(entity, steps, bound), now);
    const { to } = TYPES[entity.type].links[link]!;
    for await (const related of this.#deps.catalogue.related(entity, to as CatalogueType, 'recent')) {
      spend(budget);
      const inner = { now, budget, throughMany: more };
      if (await this.#passes(entity, filter, inner, { ...bound, [link]: related })) return true;
    }
    return false;
  }

  /** The value at a path: of the entity itself, or of one that a link leads to; `bound`: of links to several, which. */
  #read(entity: Entity, [step = '', ...rest]: readonly string[], bound: Bound = {}): unknown {
    if (Object.hasOwn(bound, step)) return this.#read(bound[step]!, rest);
    if (step === 'id' || step === '@iot.id') return entity.id;
    if (Object.hasOwn(TYPES[entity.type].links, step)) {
      const linked = this.#deps.catalogue.linked(entity, step);
      return linked && this.#read(linked, rest);
    }
    let value: unknown = entity.body[step];
    for (const name of rest) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  }
}

/** The page of a list of all that pass. */
function cut(all: Entity[], { skip, top, count }: { skip: number; top: number; count: boolean }): Page {
  return {
    entities: all.slice(skip, skip + top),
    ...(count && { count: all.length }),
    ...(all.length > skip + top && top > 0 && { next: { $skip: String(skip + top) } }),
  };
}

function spend(budget: ReadBudget): void {
  if (--budget.values < 0) {
    throw new SensorThingsError(501, 'This asks to read too many Observations at once: filter by phenomenonTime.');
  }
}

/** True when Observations come in an order that is not that of their times, in which they are stored. */
function isOutOfTime([first, ...more]: QueryOptions['orderBy']): boolean {
  return first !== undefined && (more.length > 0 || first.steps.length > 1 || !TIMES.includes(first.steps[0] ?? ''));
}

/** `<epoch ms>_<how many of that time were given>`. */
function parseToken(token: string | undefined): { at: number; seen: number } | undefined {
  if (token === undefined) return undefined;
  const [, at, seen] = /^(\d{1,16})_(\d{1,9})$/.exec(token) ?? [];
  if (at === undefined || seen === undefined) throw new SensorThingsError(400, '$skiptoken is not one of ours.');
  return { at: Number(at), seen: Number(seen) };
}

/** Entities that stand for links to several while a filter is tried. */
type Bound = Readonly<Record<string, Entity>>;

import type { Catalogue, CatalogueType } from './catalogue.ts';
import { observation, parseSeriesId } from './entities.ts';
import { compareValues, passes, timeBounds } from './filterEvaluation.ts';
import type { Expression } from './filterParser.ts';
import { type Entity, type LinkType, TYPES, type TypeName } from './model.ts';
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
    checkPaths(options, TYPES[set.type].links);
    return set.type === 'Observation' ? this.#pageOfValues(set, options, budget) : this.#pageOfCatalogue(set, options);
  }

  async #pageOfCatalogue(set: EntitySet, options: QueryOptions): Promise<Page> {
    const { filter, orderBy, skip, count } = options;
    const top = options.top ?? DEFAULT_TOP;
    const now = this.#deps.clock();
    const needsAll = count || orderBy.length > 0;
    const passing: Entity[] = [];
    const type = set.type as CatalogueType;
    for await (const entity of set.of === undefined
      ? this.#deps.catalogue.all(type)
      : this.#deps.catalogue.related(set.of, type)) {
      if (filter !== undefined && !passes(filter, (steps) => this.#read(entity, steps), now)) continue;
      passing.push(entity);
      if (!needsAll && passing.length > skip + top) break;
    }
    for (const { steps, isDescending } of [...orderBy].reverse()) {
      const sign = isDescending ? -1 : 1;
      passing.sort((a, b) => sign * compareValues(this.#read(a, steps), this.#read(b, steps)));
    }
    return {
      entities: passing.slice(skip, skip + top),
      ...(count && { count: passing.length }),
      ...(passing.length > skip + top && top > 0 && { next: { $skip: String(skip + top) } }),
    };
  }

  /** Newest first unless asked otherwise; goes on by time, so that the last page costs no more than the first. */
  async #pageOfValues(set: EntitySet, options: QueryOptions, budget: ReadBudget): Promise<Page> {
    const { filter, skip } = options;
    const top = options.top ?? DEFAULT_TOP;
    const now = this.#deps.clock();
    const isDescending = isDescendingInTime(options.orderBy);
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

  /** The value at a path: of the entity itself, or of one that a single link leads to. */
  #read(entity: Entity, [step = '', ...rest]: readonly string[]): unknown {
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

function spend(budget: ReadBudget): void {
  if (--budget.values < 0) {
    throw new SensorThingsError(501, 'This asks to read too many Observations at once: filter by phenomenonTime.');
  }
}

function isDescendingInTime(orderBy: QueryOptions['orderBy']): boolean {
  const [first, ...more] = orderBy;
  if (first === undefined) return true;
  if (more.length > 0 || first.steps.length > 1 || !TIMES.includes(first.steps[0] ?? '')) {
    throw new SensorThingsError(501, 'Observations are ordered by phenomenonTime or resultTime only.');
  }
  return first.isDescending;
}

/** `<epoch ms>_<how many of that time were given>`. */
function parseToken(token: string | undefined): { at: number; seen: number } | undefined {
  if (token === undefined) return undefined;
  const [, at, seen] = /^(\d{1,16})_(\d{1,9})$/.exec(token) ?? [];
  if (at === undefined || seen === undefined) throw new SensorThingsError(400, '$skiptoken is not one of ours.');
  return { at: Number(at), seen: Number(seen) };
}

/** Refuses paths through links to several: which of them would be meant? */
function checkPaths({ filter, orderBy }: QueryOptions, links: Readonly<Record<string, LinkType>>): void {
  const paths = [...(filter === undefined ? [] : pathsOf(filter)), ...orderBy.map(({ steps }) => steps)];
  const wrong = paths.find(([step = '']) => Object.hasOwn(links, step) && links[step]?.isCollection === true);
  if (wrong !== undefined) throw new SensorThingsError(501, `A filter or order through ${wrong[0]} is not supported.`);
}

function pathsOf(expression: Expression): string[][] {
  switch (expression.kind) {
    case 'path':
      return [expression.steps];
    case 'literal':
      return [];
    case 'not':
      return pathsOf(expression.operand);
    case 'call':
      return expression.args.flatMap(pathsOf);
    case 'binary':
      return [...pathsOf(expression.left), ...pathsOf(expression.right)];
  }
}

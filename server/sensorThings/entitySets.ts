import type { Catalogue, CatalogueType } from './catalogue.ts';
import { observation, parseSeriesId } from './entities.ts';
import { costOf } from './filterCost.ts';
import { passes } from './filterEvaluation.ts';
import type { Expression } from './filterParser.ts';
import { collectionsOf, refusedPath } from './filterPaths.ts';
import { type Entity, TYPES } from './model.ts';
import { ObservationPages } from './observationPages.ts';
import type { ValueReader } from './observations.ts';
import { cut, type EntitySet, type Page, parseMark, type ReadBudget, spend } from './pages.ts';
import { type Bound, PathValues } from './pathValues.ts';
import { DEFAULT_TOP, type QueryOptions } from './queryOptions.ts';
import { SensorThingsError } from './sensorThingsError.ts';

/** What sets are read with. */
export interface EntitySetsDeps {
  catalogue: Catalogue;
  values: ValueReader;
  clock: () => number;
}

/** Reads pages of sets: by their options, and no further than a page needs. */
export class EntitySets {
  readonly #deps: EntitySetsDeps;
  readonly #paths: PathValues;
  readonly #observations: ObservationPages;

  constructor(deps: EntitySetsDeps) {
    this.#deps = deps;
    this.#paths = new PathValues(deps.catalogue);
    this.#observations = new ObservationPages({ ...deps, paths: this.#paths });
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
    return this.#observations.page(set, options, budget);
  }

  async #pageOfCatalogue(set: EntitySet, options: QueryOptions, budget: ReadBudget): Promise<Page> {
    const { filter, orderBy, skip, count } = options;
    const throughMany = collectionsOf(filter, set.type);
    const top = options.top ?? DEFAULT_TOP;
    const now = this.#deps.clock();
    const cost = costOf(filter);
    const needsAll = count || orderBy.length > 0;
    const mark = parseMark(options.skipToken);
    let start = mark === undefined ? skip : Number.POSITIVE_INFINITY;
    const passing: Entity[] = [];
    const type = set.type as CatalogueType;
    const passedOver = () => spend(budget);
    for await (const entity of set.of === undefined
      ? this.#deps.catalogue.all(type)
      : this.#deps.catalogue.related(set.of, type, { passedOver })) {
      await spend(budget, cost);
      if (filter !== undefined && !(await this.#passes(entity, filter, { now, budget, cost, throughMany }))) continue;
      passing.push(entity);
      if (entity.id === mark?.last) start = passing.length + skip;
      if (!needsAll && passing.length > start + top) break;
    }
    await this.#paths.sort(passing, orderBy, budget);
    return cut(passing, { skip, top, count, mark });
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
    trial: { now: number; budget: ReadBudget; cost: number; throughMany: readonly string[] },
    bound: Bound = {},
  ): Promise<boolean> {
    const { now, budget, cost } = trial;
    const [link, ...more] = trial.throughMany;
    if (link === undefined) return passes(filter, (steps) => this.#paths.at(entity, steps, bound), now);
    const { to } = TYPES[entity.type].links[link]!;
    const options = { reach: 'recent', passedOver: () => spend(budget) } as const;
    for await (const related of this.#deps.catalogue.related(entity, to as CatalogueType, options)) {
      await spend(budget, cost);
      if (await this.#passes(entity, filter, { ...trial, throughMany: more }, { ...bound, [link]: related }))
        return true;
    }
    return false;
  }
}

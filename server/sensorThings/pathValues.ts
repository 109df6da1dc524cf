import type { Catalogue } from './catalogue.ts';
import { compareValues } from './filterEvaluation.ts';
import { type Entity, TYPES } from './model.ts';
import { type ReadBudget, spend } from './pages.ts';
import type { QueryOptions } from './queryOptions.ts';

/** Entities that stand for links to several while a filter is tried. */
export type Bound = Readonly<Record<string, Entity>>;

/** Reads and compares what paths lead to, as filters and orders have them. */
export class PathValues {
  readonly #catalogue: Pick<Catalogue, 'linked'>;
  /** What links of an entity led to: a filter of sixty conditions makes the same Thing once. */
  readonly #linked = new WeakMap<Entity, Map<string, Entity | undefined>>();

  constructor(catalogue: Pick<Catalogue, 'linked'>) {
    this.#catalogue = catalogue;
  }

  /** The value at a path: of the entity itself, or of one that a link leads to; `bound`: of links to several, which. */
  at(entity: Entity, [step = '', ...rest]: readonly string[], bound: Bound = {}): unknown {
    if (Object.hasOwn(bound, step)) return this.at(bound[step]!, rest);
    if (step === 'id' || step === '@iot.id') return entity.id;
    if (Object.hasOwn(TYPES[entity.type].links, step)) {
      const linked = this.#linkedOf(entity, step);
      return linked && this.at(linked, rest);
    }
    let value: unknown = entity.body[step];
    for (const name of rest) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  }

  /** Sorts in place. Every value is looked up once, not for every comparison. @throws SensorThingsError beyond the budget */
  async sort(entities: Entity[], orderBy: QueryOptions['orderBy'], budget: ReadBudget): Promise<void> {
    if (orderBy.length === 0) return;
    const keys = new Map<Entity, unknown[]>();
    for (const entity of entities) {
      await spend(budget);
      keys.set(
        entity,
        orderBy.map(({ steps }) => sortable(this.at(entity, steps))),
      );
    }
    entities.sort((a, b) => compareKeys(keys.get(a)!, keys.get(b)!, orderBy));
  }

  #linkedOf(entity: Entity, link: string): Entity | undefined {
    const known = this.#linked.get(entity) ?? new Map<string, Entity | undefined>();
    if (!known.has(link)) known.set(link, this.#catalogue.linked(entity, link));
    this.#linked.set(entity, known);
    return known.get(link);
  }
}

/** A value as `compareValues` takes it soonest. */
function sortable(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

function compareKeys(one: unknown[], other: unknown[], orderBy: QueryOptions['orderBy']): number {
  for (const [index, { isDescending }] of orderBy.entries()) {
    const order = compareValues(one[index], other[index]);
    if (order !== 0) return isDescending ? -order : order;
  }
  return 0;
}

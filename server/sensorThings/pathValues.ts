import type { Catalogue } from './catalogue.ts';
import { compareValues } from './filterEvaluation.ts';
import { type Entity, TYPES } from './model.ts';
import type { QueryOptions } from './queryOptions.ts';

/** Entities that stand for links to several while a filter is tried. */
export type Bound = Readonly<Record<string, Entity>>;

/** Reads and compares what paths lead to, as filters and orders have them. */
export class PathValues {
  readonly #catalogue: Pick<Catalogue, 'linked'>;

  constructor(catalogue: Pick<Catalogue, 'linked'>) {
    this.#catalogue = catalogue;
  }

  /** The value at a path: of the entity itself, or of one that a link leads to; `bound`: of links to several, which. */
  at(entity: Entity, [step = '', ...rest]: readonly string[], bound: Bound = {}): unknown {
    if (Object.hasOwn(bound, step)) return this.at(bound[step]!, rest);
    if (step === 'id' || step === '@iot.id') return entity.id;
    if (Object.hasOwn(TYPES[entity.type].links, step)) {
      const linked = this.#catalogue.linked(entity, step);
      return linked && this.at(linked, rest);
    }
    let value: unknown = entity.body[step];
    for (const name of rest) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  }

  /** Sorts in place. */
  sort(entities: Entity[], orderBy: QueryOptions['orderBy']): void {
    for (const { steps, isDescending } of [...orderBy].reverse()) {
      const sign = isDescending ? -1 : 1;
      entities.sort((a, b) => sign * compareValues(this.at(a, steps), this.at(b, steps)));
    }
  }
}

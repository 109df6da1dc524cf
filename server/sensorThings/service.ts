import { isRejection, type Rejection } from '../domain/reading.ts';
import { CONFORMANCE } from './conformance.ts';
import { EntitySets, type EntitySetsDeps } from './entitySets.ts';
import { type Entity, TYPES, type TypeName, typeOfSet } from './model.ts';
import { type EntitySet, nextOf, type Page, REQUEST_VALUES, type ReadBudget } from './pages.ts';
import { parseOptions, type QueryOptions } from './queryOptions.ts';
import { type PathStep, parseResourcePath } from './resourcePath.ts';
import { AnswerFullError, SensorThingsError } from './sensorThingsError.ts';

/** What an address holds: JSON, a property's bare value as text, or nothing. */
export type Answer = { json: unknown } | { text: string } | { isEmpty: true };

/** Entities an answer may hold, expanded ones counted: more is a request to be split. */
const MAX_ENTITIES = 20_000;

/** One request being answered. */
interface Scene {
  base: string;
  left: number;
  budget: ReadBudget;
}

/** What the service is made from. */
interface ServiceDeps extends EntitySetsDeps {
  /** Entities an answer may hold; `MAX_ENTITIES` when left out. */
  maxEntities?: number;
}

/** SensorThings 1.1, read-only. */
export class SensorThings {
  readonly #sets: EntitySets;
  readonly #maxEntities: number;

  constructor({ maxEntities = MAX_ENTITIES, ...deps }: ServiceDeps) {
    this.#sets = new EntitySets(deps);
    this.#maxEntities = maxEntities;
  }

  /**
   * What is at `path` (without the service's root) under `query`; `base`: the root's address without a slash at the end.
   * @throws SensorThingsError for what is not there, not understood or not supported
   */
  async answer(path: string, query: Readonly<Record<string, unknown>>, base: string): Promise<Answer> {
    const steps = accepted(parseResourcePath(path));
    const scene: Scene = { base, left: this.#maxEntities, budget: { values: REQUEST_VALUES } };
    const [first, ...rest] = steps;
    if (first === undefined) return { json: root(base) };
    const type = first.kind === 'name' ? typeOfSet(first.name) : undefined;
    if (first.kind !== 'name' || type === undefined) throw new SensorThingsError(404, 'There is no such set.');
    return this.#atSet({ type }, { first, rest, query, scene });
  }

  async #atSet(
    set: EntitySet,
    request: {
      first: PathStep & { kind: 'name' };
      rest: PathStep[];
      query: Readonly<Record<string, unknown>>;
      scene: Scene;
    },
  ): Promise<Answer> {
    const { first, rest, query, scene } = request;
    if (first.key !== undefined) return this.#atEntity(await this.#sets.find(set, first.key), rest, query, scene);
    const [ending, ...more] = rest;
    const isRef = ending?.kind === 'ending' && ending.ending === '$ref';
    if (more.length > 0 || (ending !== undefined && !isRef))
      throw new SensorThingsError(404, 'A set has no such part.');
    const options = accepted(parseOptions(query, set.type));
    const whole = await this.#sets.page(set, options, scene.budget);
    const self =
      set.of === undefined ? `${scene.base}/${TYPES[set.type].set}` : `${selfLink(set.of, scene)}/${linkName(set)}`;
    const { page, value } = isRef
      ? { page: whole, value: whole.entities.map((entity) => ({ '@iot.selfLink': selfLink(entity, scene) })) }
      : await this.#renderPage(whole, options, scene);
    return { json: { ...pageMarks('', page, nextLink(isRef ? `${self}/$ref` : self, options, page)), value } };
  }

  async #atEntity(
    entity: Entity,
    [step, ...rest]: PathStep[],
    query: Readonly<Record<string, unknown>>,
    scene: Scene,
  ): Promise<Answer> {
    if (step === undefined) {
      const options = accepted(parseOptions(query, entity.type));
      return { json: (await this.#render([entity], options, scene))[0] };
    }
    if (step.kind === 'ending') {
      if (step.ending === '$ref') return { json: { '@iot.selfLink': selfLink(entity, scene) } };
      throw new SensorThingsError(404, 'Only a property has a $value.');
    }
    const { links, properties } = TYPES[entity.type];
    const link = Object.hasOwn(links, step.name) ? links[step.name] : undefined;
    if (link?.isCollection === true)
      return this.#atSet({ type: link.to, of: entity }, { first: step, rest, query, scene });
    if (link !== undefined && step.key === undefined) {
      return this.#atEntity(this.#sets.linked(entity, step.name), rest, query, scene);
    }
    const isId = step.name === 'id' || step.name === '@iot.id';
    if (step.key !== undefined || !(isId || properties.includes(step.name)))
      throw new SensorThingsError(404, `There is no ${step.name} here.`);
    return propertyAnswer(isId ? '@iot.id' : step.name, isId ? entity.id : entity.body[step.name], rest);
  }

  /** A page's entities, or as many as an answer may hold with what is expanded: the link to the next page leads to the rest. */
  async #renderPage(page: Page, options: QueryOptions, scene: Scene) {
    const value: Record<string, unknown>[] = [];
    for (const entity of page.entities) {
      try {
        value.push(...(await this.#render([entity], options, scene)));
      } catch (error) {
        // Pages of Observations go on by time, and expand little.
        if (!(error instanceof AnswerFullError) || value.length === 0 || entity.type === 'Observation') throw error;
        const last = page.entities[value.length - 1]!.id;
        return { value, page: { ...page, next: nextOf({ place: (page.start ?? 0) + value.length, last }) } };
      }
    }
    return { value, page };
  }

  async #render(entities: readonly Entity[], options: QueryOptions, scene: Scene): Promise<Record<string, unknown>[]> {
    scene.left -= entities.length;
    if (scene.left < 0) throw new AnswerFullError(this.#maxEntities);
    const rendered: Record<string, unknown>[] = [];
    for (const entity of entities) {
      const shown = shownParts(entity, options, scene);
      for (const { link, options: inner } of options.expand) await this.#expand(entity, link, inner, { shown, scene });
      rendered.push(shown);
    }
    return rendered;
  }

  async #expand(
    entity: Entity,
    link: string,
    options: QueryOptions,
    { shown, scene }: { shown: Record<string, unknown>; scene: Scene },
  ): Promise<void> {
    const { to, isCollection } = TYPES[entity.type].links[link]!;
    if (!isCollection) {
      shown[link] = (await this.#render([this.#sets.linked(entity, link)], options, scene))[0];
      return;
    }
    const page = await this.#sets.page({ type: to, of: entity }, options, scene.budget);
    Object.assign(shown, pageMarks(link, page, nextLink(`${selfLink(entity, scene)}/${link}`, options, page)));
    shown[link] = await this.#render(page.entities, options, scene);
  }
}

function root(base: string) {
  const value = Object.values(TYPES).map(({ set }) => ({ name: set, url: `${base}/${set}` }));
  return { value, serverSettings: { conformance: CONFORMANCE } };
}

/** Id, link, properties and links of an entity, as `$select` wants them. */
function shownParts(entity: Entity, { select }: QueryOptions, scene: Scene): Record<string, unknown> {
  const self = selfLink(entity, scene);
  const isSelected = (name: string) => select === undefined || select.includes(name);
  const shown: Record<string, unknown> = {};
  if (isSelected('id') || select?.includes('@iot.id')) shown['@iot.id'] = entity.id;
  if (select === undefined) shown['@iot.selfLink'] = self;
  for (const [name, value] of Object.entries(entity.body)) if (isSelected(name)) shown[name] = value;
  for (const link of Object.keys(TYPES[entity.type].links)) {
    if (isSelected(link)) shown[`${link}@iot.navigationLink`] = `${self}/${link}`;
  }
  return shown;
}

function propertyAnswer(name: string, value: unknown, rest: readonly PathStep[]): Answer {
  const [ending, ...more] = rest;
  // OGC 18-088, 9.2.5: a property of the type that this entity has no value of.
  if ((value === undefined || value === null) && (ending === undefined || ending.kind === 'ending'))
    return { isEmpty: true };
  if (ending === undefined) return { json: { [name]: value } };
  if (ending.kind !== 'ending' || ending.ending !== '$value' || more.length > 0) {
    throw new SensorThingsError(404, 'A property has only its $value.');
  }
  return { text: typeof value === 'object' ? JSON.stringify(value) : String(value) };
}

function pageMarks(link: string, { count }: Page, next: string | undefined): Record<string, unknown> {
  return {
    ...(count !== undefined && { [`${link}@iot.count`]: count }),
    ...(next !== undefined && { [`${link}@iot.nextLink`]: next }),
  };
}

function nextLink(address: string, { given }: QueryOptions, { next }: Page): string | undefined {
  if (next === undefined) return undefined;
  const options = Object.entries({ ...given, ...next }).filter(([name, value]) => name !== '$skip' || value !== '0');
  return `${address}?${options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

function selfLink({ type, id }: Entity, { base }: Scene): string {
  return `${base}/${TYPES[type].set}('${encodeURIComponent(id)}')`;
}

/** What the link to a set is called at the entity it is of. */
function linkName({ type, of }: EntitySet): string {
  const links: Readonly<Record<string, { to: TypeName }>> = of === undefined ? {} : TYPES[of.type].links;
  return Object.keys(links).find((name) => links[name]?.to === type) ?? TYPES[type].set;
}

function accepted<T>(result: T | Rejection): T {
  if (isRejection(result)) throw new SensorThingsError(400, result.detail);
  return result;
}

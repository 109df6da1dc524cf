import { TYPES, type TypeName } from './model.ts';

/** Kinds of values a filter speaks of; `any` for what lies within an entity's own properties, whatever it is there. */
export type Kind =
  | 'condition'
  | 'number'
  | 'text'
  | 'time'
  | 'day'
  | 'clock'
  | 'duration'
  | 'place'
  | 'object'
  | 'nothing'
  | 'any';

/** What a kind is called in a sentence. */
export const NAME_OF_KIND: Readonly<Record<Kind, string>> = {
  condition: 'a condition',
  number: 'a number',
  text: 'a text',
  time: 'a time',
  day: 'a day',
  clock: 'a time of day',
  duration: 'a duration',
  place: 'a place',
  object: 'an object',
  nothing: 'null',
  any: 'a value',
};

/** What properties hold: a name means the same with every type (OGC 18-088, tables 2 to 20). */
const KIND_OF_PROPERTY: Readonly<Record<string, Kind>> = {
  ...{ name: 'text', description: 'text', definition: 'text', encodingType: 'text', metadata: 'text' },
  ...{ observationType: 'text', unitOfMeasurement: 'object', properties: 'object', parameters: 'object' },
  ...{ location: 'place', feature: 'place', observedArea: 'place' },
  ...{ time: 'time', phenomenonTime: 'time', resultTime: 'time', validTime: 'time' },
  ...{ result: 'number', resultQuality: 'any' },
};
/** What lies within objects whose parts are known; in the others everything may. */
const KIND_WITHIN: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  unitOfMeasurement: { name: 'text', symbol: 'text', definition: 'text' },
};
/** Properties that have no parts. */
const WHOLE: readonly (Kind | undefined)[] = ['text', 'time', 'number'];

/**
 * What a path from an entity of `type` leads to: a property, or what lies within one, of the entity itself or of one it is
 * linked with. Undefined for one that leads nowhere: a misspelt name would otherwise look like an entity that lacks it.
 */
export function kindOfPath([step = '', ...rest]: readonly string[], type: TypeName): Kind | undefined {
  const { links, properties } = TYPES[type];
  if (Object.hasOwn(links, step)) return kindOfPath(rest, links[step]!.to);
  if (step === 'id' || step === '@iot.id') return rest.length === 0 ? 'text' : undefined;
  if (!properties.includes(step)) return undefined;
  const kind = KIND_OF_PROPERTY[step];
  const [part, ...more] = rest;
  if (part === undefined) return kind;
  if (WHOLE.includes(kind)) return undefined;
  const within = KIND_WITHIN[step];
  if (within === undefined) return 'any';
  return more.length === 0 && Object.hasOwn(within, part) ? within[part] : undefined;
}

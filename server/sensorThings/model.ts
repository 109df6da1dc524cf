/** The entity types of SensorThings 1.1, what they are called in addresses, and how they are linked. */

/** Name of an entity type. */
export type TypeName =
  | 'Thing'
  | 'Location'
  | 'HistoricalLocation'
  | 'Datastream'
  | 'Sensor'
  | 'ObservedProperty'
  | 'Observation'
  | 'FeatureOfInterest';

/** A link from one type to another. */
export interface LinkType {
  to: TypeName;
  isCollection: boolean;
}

/** One entity type. */
export interface EntityType {
  set: string;
  /** Properties, besides the id, that the standard defines for it. */
  properties: readonly string[];
  links: Readonly<Record<string, LinkType>>;
}

const many = (to: TypeName): LinkType => ({ to, isCollection: true });
const one = (to: TypeName): LinkType => ({ to, isCollection: false });

/** All of them, in the order of the service's root (OGC 18-088, clause 8). */
export const TYPES: Readonly<Record<TypeName, EntityType>> = {
  Thing: {
    set: 'Things',
    properties: ['name', 'description', 'properties'],
    links: {
      Locations: many('Location'),
      HistoricalLocations: many('HistoricalLocation'),
      Datastreams: many('Datastream'),
    },
  },
  Location: {
    set: 'Locations',
    properties: ['name', 'description', 'encodingType', 'location', 'properties'],
    links: { Things: many('Thing'), HistoricalLocations: many('HistoricalLocation') },
  },
  HistoricalLocation: {
    set: 'HistoricalLocations',
    properties: ['time'],
    links: { Thing: one('Thing'), Locations: many('Location') },
  },
  Datastream: {
    set: 'Datastreams',
    properties: [
      ...['name', 'description', 'unitOfMeasurement', 'observationType', 'observedArea', 'phenomenonTime'],
      ...['resultTime', 'properties'],
    ],
    links: {
      Thing: one('Thing'),
      Sensor: one('Sensor'),
      ObservedProperty: one('ObservedProperty'),
      Observations: many('Observation'),
    },
  },
  Sensor: {
    set: 'Sensors',
    properties: ['name', 'description', 'encodingType', 'metadata', 'properties'],
    links: { Datastreams: many('Datastream') },
  },
  ObservedProperty: {
    set: 'ObservedProperties',
    properties: ['name', 'definition', 'description', 'properties'],
    links: { Datastreams: many('Datastream') },
  },
  Observation: {
    set: 'Observations',
    properties: ['phenomenonTime', 'result', 'resultTime', 'resultQuality', 'validTime', 'parameters'],
    links: { Datastream: one('Datastream'), FeatureOfInterest: one('FeatureOfInterest') },
  },
  FeatureOfInterest: {
    set: 'FeaturesOfInterest',
    properties: ['name', 'description', 'encodingType', 'feature', 'properties'],
    links: { Observations: many('Observation') },
  },
};

/** The type whose set has this name. */
export function typeOfSet(set: string): TypeName | undefined {
  return (Object.keys(TYPES) as TypeName[]).find((name) => TYPES[name].set === set);
}

/** An entity: its properties, and what it is made from. */
export interface Entity {
  type: TypeName;
  id: string;
  body: Record<string, unknown>;
}

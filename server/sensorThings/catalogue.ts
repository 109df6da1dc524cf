import { QUANTITIES, type Quantity } from '../domain/quantity.ts';
import { isPublic, publishes, type Station } from '../domain/station.ts';
import * as make from './entities.ts';
import type { Entity, TypeName } from './model.ts';

/** What the catalogue is made from. */
export interface CatalogueDeps {
  station: (stationId: string) => Station | undefined;
  stations: () => readonly Station[];
  /** What a station measured lately; from memory. */
  recentSeries: (stationId: string) => readonly { sensor: string; quantity: Quantity }[];
  /** What a station ever measured. */
  storedSeries: (stationId: string) => Promise<readonly { sensor: string; quantity: Quantity }[]>;
}

/** Types the catalogue knows: all but the values. */
export type CatalogueType = Exclude<TypeName, 'Observation'>;

/** How the entities of a link are looked for. */
interface RelatedOptions {
  /** `recent`: of a station that sends, what it sent lately; otherwise all. */
  reach?: 'recent' | 'all';
  /** Told of each entity that was looked at and is none of them; waited for. */
  passedOver?: () => Promise<void>;
}

/** Public stations and their series as entities. Everything here follows the same rules as the map. */
export class Catalogue {
  readonly #deps: CatalogueDeps;

  constructor(deps: CatalogueDeps) {
    this.#deps = deps;
  }

  /** All entities of a type, as many as the caller takes. */
  async *all(type: CatalogueType): AsyncGenerator<Entity> {
    if (type === 'ObservedProperty') yield* this.#quantities().map(make.observedProperty);
    else if (type === 'Sensor') yield* this.#sensors();
    else {
      for (const station of this.#deps.stations()) {
        if (!isPublic(station)) continue;
        if (type === 'Datastream') yield* (await this.#datastreams(station, 'recent')).map(make.datastream);
        else yield OF_STATION[type](station);
      }
    }
  }

  /** One entity; undefined for one that does not exist or is not public. */
  async find(type: CatalogueType, id: string): Promise<Entity | undefined> {
    if (type === 'ObservedProperty')
      return QUANTITIES.filter((quantity) => quantity === id).map(make.observedProperty)[0];
    if (type === 'Sensor') return this.#sensors().find((sensor) => sensor.id === id);
    if (type === 'Datastream') {
      const series = await this.seriesOf(id);
      return series && make.datastream(series);
    }
    const station = this.publicStation(id);
    return station && OF_STATION[type](station);
  }

  /** The series a Datastream's id names, when it exists and is public. */
  async seriesOf(id: string): Promise<make.Series | undefined> {
    const parsed = make.parseSeriesId(id);
    const station = parsed && this.publicStation(parsed.stationId);
    if (parsed === undefined || station === undefined || parsed.measuredAt !== undefined) return undefined;
    const isIt = ({ sensor, quantity }: make.Series) => sensor === parsed.sensor && quantity === parsed.quantity;
    return (
      (await this.#datastreams(station, 'recent')).find(isIt) ?? (await this.#datastreams(station, 'all')).find(isIt)
    );
  }

  /** The entity a single link leads to. Both exist, or neither. */
  linked(entity: Entity, link: string): Entity | undefined {
    const parsed = make.parseSeriesId(entity.id);
    const station = this.publicStation(parsed?.stationId ?? entity.id);
    if (station === undefined) return undefined;
    if (link === 'Thing') return make.thing(station);
    if (link === 'FeatureOfInterest') return make.featureOfInterest(station);
    if (parsed === undefined) return undefined;
    if (link === 'Sensor') return make.sensorModel(make.modelIdOf(parsed.sensor));
    if (link === 'ObservedProperty') return make.observedProperty(parsed.quantity);
    return link === 'Datastream' ? make.datastream({ ...parsed, station }) : undefined;
  }

  /** The entities a link to several leads to; not for Observations. */
  async *related(
    entity: Entity,
    to: CatalogueType,
    { reach = 'all', passedOver }: RelatedOptions = {},
  ): AsyncGenerator<Entity> {
    if (entity.type === 'Sensor' || entity.type === 'ObservedProperty') {
      for await (const found of this.all('Datastream')) {
        if (this.linked(found, entity.type)?.id === entity.id) yield found;
        else await passedOver?.();
      }
      return;
    }
    const station = this.publicStation(entity.id);
    if (station === undefined) return;
    if (to === 'Datastream') yield* (await this.#datastreams(station, reach)).map(make.datastream);
    else yield OF_STATION[to as keyof typeof OF_STATION](station);
  }

  /** A station that may be shown. */
  publicStation(id: string): Station | undefined {
    const station = this.#deps.station(id);
    return station !== undefined && isPublic(station) ? station : undefined;
  }

  /** Series of a station: lately, or ever; a station that is silent has only the latter. */
  async #datastreams(station: Station, reach: 'recent' | 'all'): Promise<make.Series[]> {
    const recent = this.#deps.recentSeries(station.id);
    const found = reach === 'recent' && recent.length > 0 ? recent : await this.#deps.storedSeries(station.id);
    return found
      .filter(({ quantity }) => publishes(station, quantity))
      .map(({ sensor, quantity }) => ({ station, sensor, quantity }));
  }

  /** All quantities, those that somebody measures first: a client that follows the first one finds Datastreams. */
  #quantities(): Quantity[] {
    const measured = new Set<Quantity>();
    for (const station of this.#deps.stations()) {
      if (measured.size === QUANTITIES.length) break;
      if (!isPublic(station)) continue;
      for (const { quantity } of this.#deps.recentSeries(station.id)) {
        if (publishes(station, quantity)) measured.add(quantity);
      }
    }
    return QUANTITIES.toSorted((one, other) => Number(measured.has(other)) - Number(measured.has(one)));
  }

  /** All models, those that measured lately first: a station may name one that never sent. */
  #sensors(): Entity[] {
    const [named, measured] = [new Set<string>(), new Set<string>()];
    for (const station of this.#deps.stations()) {
      if (!isPublic(station)) continue;
      for (const model of station.sensorModels) named.add(make.modelIdOf(model));
      for (const { sensor, quantity } of this.#deps.recentSeries(station.id)) {
        if (publishes(station, quantity)) measured.add(make.modelIdOf(sensor));
      }
    }
    return [...new Set([...[...measured].sort(), ...[...named].sort()])].map(make.sensorModel);
  }
}

const OF_STATION = {
  Thing: make.thing,
  Location: make.location,
  HistoricalLocation: make.historicalLocation,
  FeatureOfInterest: make.featureOfInterest,
};

import type { Average } from '../domain/aggregate.ts';
import type { MapChanged, MapCursor, MapState } from '../domain/contract.ts';
import type { Box } from '../domain/distance.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Station } from '../domain/station.ts';
import type { Aggregator } from './aggregator.ts';
import { type Body, type BodyEncoding, MapBody } from './mapBody.ts';
import { MapLayer } from './mapLayer.ts';
import { aggregateOf } from './officialAggregate.ts';

/** A layer nobody fetched or watched for this long is let go, ms; the next one to ask gets a new epoch. */
export const IDLE_MS = 10 * MINUTE_MS;
/** What the map shows first: always there, so that nobody waits for 15,000 means. */
export const HOME_LAYER: LayerName = { quantity: 'pm25', average: '1h' };

/** Which layer. */
export interface LayerName {
  quantity: Quantity;
  average: Average;
}

/** What the map layers need from outside. */
export interface MapLayersDeps {
  aggregator: Pick<Aggregator, 'aggregate' | 'takeTouched' | 'revision'>;
  stations: {
    station: (stationId: string) => Station | undefined;
    stations: () => Iterable<Station>;
  };
  /** A name never used before, also not before a restart. */
  newEpoch: () => string;
  /** Told of every change, for whoever follows from elsewhere. */
  onChanged?: ((changed: MapChanged) => void) | undefined;
}

/**
 * What a subscriber needs now. `resumed`: the changes it missed, and nothing else. `snapshot`: fetch the layer, which
 * will be at `cursor` or later, and apply the changes after what was fetched.
 */
export type Resumption =
  | { kind: 'resumed'; changes: MapChanged[] }
  | { kind: 'snapshot'; cursor: MapCursor; changes: MapChanged[] };

/** The layers as the browsers' side uses them, whoever makes them. */
export interface LiveLayers {
  stationChanged(stationId: string, now: number): void;
  tick(now: number): MapChanged[];
  keep(name: LayerName, now: number): void;
  resume(name: LayerName, cursor: MapCursor | undefined, now: number): Resumption;
  body(name: LayerName, encoding: BodyEncoding, now: number): Promise<Body>;
  etag(name: LayerName, now: number): string | Promise<string>;
  state(name: LayerName, now: number, box?: Box): MapState | Promise<MapState>;
}

/** What a client that subscribes needs of a layer, with the cursor it may have from before. */
export function resumptionOf(
  { layer, body }: { layer: Pick<MapLayer, 'since'>; body: MapBody },
  cursor: MapCursor | undefined,
  now: number,
): Resumption {
  const missed = cursor && layer.since(cursor);
  if (missed !== undefined) return { kind: 'resumed', changes: missed };
  const floor = body.floor(now);
  return { kind: 'snapshot', cursor: floor, changes: layer.since(floor) ?? [] };
}

interface LiveLayer {
  layer: MapLayer;
  body: MapBody;
  usedAt: number;
}

/**
 * All map layers in use: made when somebody asks, kept up to date by `tick`, let go when idle. At most one per quantity
 * and average, so memory is bounded by the number of stations.
 */
export class MapLayers implements LiveLayers {
  readonly #deps: MapLayersDeps;
  readonly #layersByName = new Map<string, LiveLayer>();
  /** Looked at again with the next tick: an exclusion changes a row's values, not its place. */
  readonly #changedStations = new Set<string>();

  constructor(deps: MapLayersDeps) {
    this.#deps = deps;
  }

  /** The registry changed: new, moved, renamed, hidden, excluded or deleted. What is fetched shows it at once. */
  stationChanged(stationId: string, now: number): void {
    this.#changedStations.add(stationId);
    for (const { layer } of this.#layersByName.values()) layer.stationChanged(stationId, now);
  }

  /** One change per layer that has any. Call at most twice a second. */
  tick(now: number): MapChanged[] {
    this.keep(HOME_LAYER, now);
    const touched = new Set([...this.#deps.aggregator.takeTouched(), ...this.#changedStations]);
    const changes: MapChanged[] = [];
    for (const [name, live] of this.#layersByName) {
      if (now - live.usedAt > IDLE_MS) {
        this.#layersByName.delete(name);
        continue;
      }
      const changed = live.layer.tick(touched, now);
      if (changed !== undefined) changes.push(changed);
    }
    this.#changedStations.clear();
    if (this.#deps.onChanged !== undefined) for (const changed of changes) this.#deps.onChanged(changed);
    return changes;
  }

  /** Keeps a layer alive that somebody watches. */
  keep(name: LayerName, now: number): void {
    this.#live(name, now);
  }

  /** What a client needs that subscribes now, with the cursor it may have from before. */
  resume(name: LayerName, cursor: MapCursor | undefined, now: number): Resumption {
    return resumptionOf(this.#live(name, now), cursor, now);
  }

  /** The layer as JSON bytes. */
  body(name: LayerName, encoding: BodyEncoding, now: number): Promise<Body> {
    return this.#live(name, now).body.body(encoding, now);
  }

  /** ETag of the layer now. */
  etag(name: LayerName, now: number): string {
    return this.#live(name, now).body.etag(now);
  }

  /** The layer, or its part in `box`. */
  state(name: LayerName, now: number, box?: Box): MapState {
    return this.#live(name, now).layer.state(now, box);
  }

  #live(name: LayerName, now: number): LiveLayer {
    const key = `${name.quantity} ${name.average}`;
    const live = this.#layersByName.get(key) ?? this.#open(name, now);
    live.usedAt = now;
    this.#layersByName.set(key, live);
    return live;
  }

  #open(name: LayerName, now: number): LiveLayer {
    const { aggregator, stations } = this.#deps;
    const layer = new MapLayer(
      { ...name, epoch: this.#deps.newEpoch() },
      {
        station: (stationId) => stations.station(stationId),
        aggregate: (station, quantity, average, now) => aggregateOf(aggregator, station, { quantity, average }, now),
      },
    );
    layer.fill(stations.stations(), now);
    return { layer, body: new MapBody(layer, () => aggregator.revision), usedAt: now };
  }
}

import type { MapChanged, MapCursor, MapState } from '../domain/contract.ts';
import type { Box } from '../domain/distance.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import { isPublic, type Station } from '../domain/station.ts';
import { LAYERS_WANTED_TOPIC, MAP_TICK_SUBSCRIPTION } from '../domain/topics.ts';
import { type Body, type BodyEncoding, MapBody } from '../live/mapBody.ts';
import {
  HOME_LAYER,
  IDLE_MS,
  type LayerName,
  type LiveLayers,
  type Resumption,
  resumptionOf,
} from '../live/mapLayers.ts';
import { StoreUnavailableError } from '../store/readingStore.ts';
import { FollowedMapLayer } from './followedMapLayer.ts';
import { decodeTick } from './mapTick.ts';
import type { NodeBus } from './nodeBus.ts';

/** How often the aggregator is told which layers are in use here, ms: it lets go of others after `IDLE_MS`. */
const WANT_MS = MINUTE_MS;
const RETRY_MS = 2_000;
/** Ticks held while a state is fetched. */
const MAX_HELD = 240;

/** What the followed layers need. */
export interface FollowedMapLayersParts {
  bus: NodeBus;
  /** Fetches a layer's whole state from the aggregator. */
  fetchState: (name: LayerName) => Promise<MapState>;
  station: (stationId: string) => Station | undefined;
  /** A tick has come: time to tell the browsers. */
  onTick: () => void;
  onError: (error: unknown) => void;
  clock: () => number;
}

interface Followed {
  layer: FollowedMapLayer;
  body: MapBody;
  /** When somebody here used it last, epoch ms. */
  usedAt: number;
  /** When a tick of it came last, or it was opened. */
  heardAt: number;
  loading: Promise<void> | undefined;
  held: MapChanged[];
}

/** The map's layers as the aggregator tells them: what `MapLayers` is where history is. */
export class FollowedMapLayers implements LiveLayers {
  readonly #parts: FollowedMapLayersParts;
  readonly #followedByName = new Map<string, Followed>();
  #untold: MapChanged[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(parts: FollowedMapLayersParts) {
    this.#parts = parts;
    parts.bus.follow(MAP_TICK_SUBSCRIPTION, (_topic, payload) => this.#receive(payload));
    // Ticks may have been missed meanwhile; the next one would show it, but there may be none.
    parts.bus.onConnected(() => {
      for (const followed of this.#followedByName.values()) this.#load(followed);
    });
  }

  /** Begins to keep the first layer. */
  start(): void {
    const { clock } = this.#parts;
    this.keep(HOME_LAYER, clock());
    this.#timer = setInterval(() => this.#tellWanted(clock()), WANT_MS).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  /** True while the first layer of the map is there. */
  get isLoaded(): boolean {
    return this.#followed(HOME_LAYER).layer.cursor.epoch !== '';
  }

  stationChanged(stationId: string): void {
    const station = this.#parts.station(stationId);
    if (station !== undefined && isPublic(station)) return;
    for (const { layer } of this.#followedByName.values()) layer.hide(stationId);
  }

  tick(now: number): MapChanged[] {
    this.keep(HOME_LAYER, now);
    for (const [key, { usedAt, heardAt }] of this.#followedByName) {
      if (now - Math.max(usedAt, heardAt) > IDLE_MS) this.#followedByName.delete(key);
    }
    const changes = this.#untold;
    this.#untold = [];
    return changes;
  }

  keep(name: LayerName, now: number): void {
    this.#used(name, now);
  }

  resume(name: LayerName, cursor: MapCursor | undefined, now: number): Resumption {
    return resumptionOf(this.#used(name, now), cursor, now);
  }

  async body(name: LayerName, encoding: BodyEncoding, now: number): Promise<Body> {
    return (await this.#loaded(name, now)).body.body(encoding, now);
  }

  async etag(name: LayerName, now: number): Promise<string> {
    return (await this.#loaded(name, now)).body.etag(now);
  }

  async state(name: LayerName, now: number, box?: Box): Promise<MapState> {
    return (await this.#loaded(name, now)).layer.state(now, box);
  }

  async #loaded(name: LayerName, now: number): Promise<Followed> {
    const followed = this.#used(name, now);
    if (followed.layer.cursor.epoch === '') await followed.loading;
    if (followed.layer.cursor.epoch === '') throw new StoreUnavailableError('The aggregator is away.');
    return followed;
  }

  #used(name: LayerName, now: number): Followed {
    const followed = this.#followed(name);
    const wasUsed = isUsed(followed, now);
    followed.usedAt = now;
    if (!wasUsed) this.#tellWanted(now);
    return followed;
  }

  #followed(name: LayerName): Followed {
    const key = `${name.quantity} ${name.average}`;
    const known = this.#followedByName.get(key);
    if (known !== undefined) return known;
    const layer = new FollowedMapLayer(name);
    // Rows change with ticks only.
    const body = new MapBody(layer, () => 0);
    const [usedAt, heardAt] = [Number.NEGATIVE_INFINITY, this.#parts.clock()];
    const followed: Followed = { layer, body, usedAt, heardAt, loading: undefined, held: [] };
    this.#followedByName.set(key, followed);
    this.#load(followed);
    return followed;
  }

  #receive(payload: Buffer): void {
    const changed = decodeTick(payload);
    if (changed === undefined) return;
    // Whatever is in use anywhere is kept everywhere: a browser that comes from another node goes on here.
    const followed = this.#followed(changed);
    followed.heardAt = this.#parts.clock();
    if (followed.loading !== undefined) {
      followed.held.push(changed);
      if (followed.held.length > MAX_HELD) followed.held.shift();
      return;
    }
    this.#take(followed, changed);
    this.#parts.onTick();
  }

  #take(followed: Followed, changed: MapChanged): void {
    const step = followed.layer.apply(changed);
    if (step === 'next') this.#untold.push(changed);
    if (step !== 'gap') return;
    followed.held.push(changed);
    this.#load(followed);
  }

  #load(followed: Followed): void {
    followed.loading ??= this.#loadOnce(followed).finally(() => {
      followed.loading = undefined;
      const held = followed.held.splice(0);
      for (const changed of held) this.#take(followed, changed);
      if (held.length > 0) this.#parts.onTick();
    });
  }

  async #loadOnce({ layer }: Followed): Promise<void> {
    try {
      const changed = layer.load(await this.#parts.fetchState(layer));
      if (changed === undefined) return;
      this.#untold.push(changed);
      this.#parts.onTick();
    } catch (error) {
      this.#parts.onError(error);
      if (this.#isClosed) return;
      setTimeout(() => {
        const followed = [...this.#followedByName.values()].find((one) => one.layer === layer);
        if (followed !== undefined && !this.#isClosed) this.#load(followed);
      }, RETRY_MS).unref();
    }
  }

  /** Only what is used here: told of what others use too, nodes would keep a layer for each other for ever. */
  #tellWanted(now: number): void {
    const used = [...this.#followedByName.values()].filter((followed) => isUsed(followed, now));
    const wanted = used.map(({ layer: { quantity, average } }) => ({ quantity, average }));
    this.#parts.bus.send(LAYERS_WANTED_TOPIC, JSON.stringify(wanted));
  }
}

function isUsed({ usedAt }: Followed, now: number): boolean {
  return now - usedAt <= IDLE_MS;
}

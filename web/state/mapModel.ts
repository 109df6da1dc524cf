import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import type { StationReading } from '../../server/domain/contract.ts';
import { UNITS } from '../../server/domain/quantity.ts';
import { type Layer, LiveConnection, type LiveOptions } from '../liveConnection.ts';
import { Clock } from './clock.ts';
import { MapStore } from './mapStore.ts';
import type { PageContext } from './pageContext.ts';
import type { SavedMaps } from './savedMaps.ts';
import type { MapStation } from './station.ts';
import type { MapPosition, MapQuantity, MapScale, UrlState, View } from './urlState.ts';

/** Averages a scale may be shown with: indices are defined on hourly means only. */
export function isScaleDefined(scale: MapScale, average: Average): boolean {
  return scale === 'neutral' || average === '1h';
}

const HOUR_MS = 3_600_000;
/** After an hour has ended, late messages still come; then it is asked for, ms. */
const HOUR_SETTLES_MS = 60_000;
const HOUR_RETRY_MS = 3_000;

/** How long the network may take before an earlier visit's state is shown, ms. */
const PATIENCE_MS = 2_500;

/** Path of a past clock hour by its end, epoch ms. */
export function hourUrl(quantity: MapQuantity, end: number): string {
  return `/api/v1/map?quantity=${quantity}&average=1h&at=${new Date(end).toISOString()}`;
}

/** How far the map's data have come. */
export type Loading = 'loading' | 'ready' | 'stored';

/** A rectangle on the Mercator unit square; `north` is less than `south`. */
export interface MapBounds {
  west: number;
  east: number;
  north: number;
  south: number;
}

/** The network as the model needs it. */
export interface MapModelNet extends Pick<LiveOptions, 'createSocket' | 'fetchMap' | 'now'> {
  /** Where the last state is kept; absent: nowhere. */
  saved?: SavedMaps;
  /** `west,south,east,north`: only stations in it, for a page about one of them. Absent: all. */
  box?: string;
}

/** Everything the map page shows, in one place; views read the signals and call the actions. */
export class MapModel {
  readonly context: PageContext;
  readonly store = new MapStore();
  readonly clock: Clock;
  readonly live: LiveConnection;
  readonly quantity: Signal<MapQuantity>;
  readonly average: Signal<Average>;
  readonly scale: Signal<MapScale>;
  readonly view: Signal<View>;
  /** Snapshot values are offered only on request. */
  readonly hasSnapshots: Signal<boolean>;
  /** End of the past clock hour the reader chose, epoch ms; undefined: now. */
  readonly chosenHour: Signal<number | undefined>;
  /**
   * End of the clock hour on screen: the chosen one, or the last closed one where classes are shown, which ask for
   * clock hours. undefined: the live layer.
   */
  readonly hour: ReadonlySignal<number | undefined>;
  /** The time values are judged by: ages and staleness of a past hour are those of its end. */
  readonly valueNow: ReadonlySignal<number>;
  readonly selectedId: Signal<string | undefined>;
  readonly position: Signal<MapPosition | undefined>;
  /** Where the map is asked to go next. */
  readonly flyTo: Signal<MapPosition | undefined> = signal(undefined);
  /** What the map shows, on the Mercator unit square. */
  readonly bounds: Signal<MapBounds | undefined> = signal(undefined);
  readonly loading: Signal<Loading> = signal('loading');
  /** When the state on screen was made, epoch ms. */
  readonly stateAt: Signal<number | undefined> = signal(undefined);
  readonly #saved: SavedMaps | undefined;
  readonly #fetchMap: MapModelNet['fetchMap'];
  #shownHour: number | undefined;
  readonly #readingListeners = new Set<(reading: StationReading) => void>();
  readonly #refetchListeners = new Set<() => void>();

  constructor(context: PageContext, url: UrlState, net: MapModelNet) {
    this.context = context;
    const { box } = net;
    this.#saved = net.saved;
    this.clock = new Clock(net.now);
    this.quantity = signal(url.quantity);
    this.average = signal(url.average);
    this.scale = signal(isScaleDefined(url.scale, url.average) ? url.scale : 'neutral');
    this.view = signal(url.view);
    this.hasSnapshots = signal(url.average === 'latest');
    this.#fetchMap = net.fetchMap;
    this.chosenHour = signal(url.at);
    this.hour = computed(() => this.chosenHour.value ?? this.#hourOfClasses());
    this.valueNow = computed(() => this.hour.value ?? this.clock.now.value);
    this.selectedId = signal(url.station);
    this.position = signal(url.position);
    this.live = new LiveConnection({
      ...net,
      fetchMap: (path) => net.fetchMap(box ? `${path}&bbox=${box}` : path),
      onState: (state) => {
        batch(() => {
          this.clock.sync(Date.parse(state.at));
          this.store.load(state);
          this.stateAt.value = Date.parse(state.at);
          this.loading.value = 'ready';
        });
      },
      onChange: (changed) => {
        this.stateAt.value = Date.parse(changed.at);
        // With a box most changes are about stations outside of it.
        return this.store.apply(changed) || box !== undefined;
      },
      onReading: (reading) => {
        for (const listener of this.#readingListeners) listener(reading);
      },
      onRefetch: () => {
        for (const listener of this.#refetchListeners) listener();
      },
    });
  }

  get now(): ReadonlySignal<number> {
    return this.clock.now;
  }

  /** What the address bar should say now. */
  urlState(): UrlState {
    const state: UrlState = {
      quantity: this.quantity.value,
      average: this.average.value,
      scale: this.scale.value,
      view: this.view.value,
    };
    if (this.selectedId.value) state.station = this.selectedId.value;
    if (this.position.value) state.position = this.position.value;
    if (this.chosenHour.value !== undefined) state.at = this.chosenHour.value;
    return state;
  }

  /** Shows what an address says, after Back or Forward. */
  restore(url: UrlState): void {
    const isOther = url.quantity !== this.quantity.peek() || url.average !== this.average.peek();
    const hour = this.hour.peek();
    batch(() => {
      this.chosenHour.value = url.at;
      this.quantity.value = url.quantity;
      this.average.value = url.average;
      this.scale.value = isScaleDefined(url.scale, url.average) ? url.scale : 'neutral';
      this.view.value = url.view;
      this.selectedId.value = url.station;
    });
    if (isOther || this.hour.peek() !== hour) this.#changeLayer();
  }

  /** Resolves when the first whole layer is on screen. */
  whenReady(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.loading.subscribe((loading) => {
        if (loading === 'ready') queueMicrotask(() => stop());
        if (loading === 'ready') resolve();
      });
    });
  }

  start(): void {
    this.clock.start();
    this.#showLayer();
    // Where classes are shown, the next closed hour takes the place of the last.
    this.hour.subscribe((hour) => {
      if (hour !== undefined && hour !== this.#shownHour) this.#showLayer();
    });
  }

  chooseQuantity(quantity: MapQuantity): void {
    if (quantity === this.quantity.peek()) return;
    this.quantity.value = quantity;
    this.#changeLayer();
  }

  chooseAverage(average: Average): void {
    if (average === this.average.peek()) return;
    batch(() => {
      this.average.value = average;
      if (!isScaleDefined(this.scale.peek(), average)) this.scale.value = 'neutral';
    });
    this.#changeLayer();
  }

  chooseScale(scale: MapScale): void {
    const hour = this.hour.peek();
    this.scale.value = scale;
    if (!isScaleDefined(scale, this.average.peek())) this.chooseAverage('1h');
    else if (this.hour.peek() !== hour) this.#showLayer();
  }

  /** Shows a past clock hour by its end, epoch ms; undefined: now. */
  chooseHour(end: number | undefined): void {
    if (end === this.chosenHour.peek()) return;
    batch(() => {
      this.chosenHour.value = end;
      if (end !== undefined) this.average.value = '1h';
    });
    this.#showLayer();
  }

  /** Offers snapshot values, or takes them away again. */
  offerSnapshots(isOffered: boolean): void {
    this.hasSnapshots.value = isOffered;
    if (!isOffered && this.average.peek() === 'latest') this.chooseAverage('1h');
  }

  /** Stations inside the map's bounds; all of them while there is no map. */
  stationsInView(): readonly MapStation[] {
    const bounds = this.bounds.value;
    const { stations } = this.store;
    if (!bounds) return stations;
    const { west, east, north, south } = bounds;
    return stations.filter(({ x, y }) => x >= west && x <= east && y >= north && y <= south);
  }

  /** Opens a station and moves the map to it. */
  showStation(station: MapStation, zoom: number): void {
    batch(() => {
      this.flyTo.value = { lat: station.lat, lon: station.lon, zoom };
      this.select(station.id);
    });
  }

  select(id: string | undefined): void {
    this.selectedId.value = id;
  }

  /** Calls back with every reading of the followed station; returns what ends it. Events, not state: none may be skipped. */
  onReading(listener: (reading: StationReading) => void): () => void {
    this.#readingListeners.add(listener);
    return () => this.#readingListeners.delete(listener);
  }

  /** Calls back when more readings were missed than the server replays. */
  onRefetch(listener: () => void): () => void {
    this.#refetchListeners.add(listener);
    return () => this.#refetchListeners.delete(listener);
  }

  pause(): void {
    this.live.pause();
    this.clock.stop();
  }

  resume(): void {
    this.clock.start();
    this.live.resume();
  }

  #changeLayer(): void {
    batch(() => {
      this.store.clear();
      this.loading.value = 'loading';
    });
    this.#showLayer();
  }

  /** With an index and its hourly means: the last clock hour, some minutes after its end, when it is closed in the store. */
  #hourOfClasses(): number | undefined {
    if (this.scale.value === 'neutral' || this.average.value !== '1h') return undefined;
    return Math.floor((this.clock.now.value - HOUR_SETTLES_MS) / HOUR_MS) * HOUR_MS;
  }

  #showLayer(): void {
    const hour = this.hour.peek();
    this.#shownHour = hour;
    if (hour === undefined) this.#showLive();
    else {
      this.live.showNothing();
      void this.#showHour(hour);
    }
  }

  /** A past hour replaces what is on screen when it is there, so that a slider does not flicker. */
  async #showHour(hour: number): Promise<void> {
    const quantity = this.quantity.peek();
    const isCurrent = () => this.#shownHour === hour && this.quantity.peek() === quantity;
    try {
      const state = await this.#fetchMap(hourUrl(quantity, hour));
      if (!isCurrent()) return;
      batch(() => {
        this.store.load(state);
        this.stateAt.value = hour;
        this.loading.value = 'ready';
      });
    } catch {
      // The reader may move on meanwhile; the hour they still look at is asked for again.
      setTimeout(() => isCurrent() && void this.#showHour(hour), HOUR_RETRY_MS);
    }
  }

  #showLive(): void {
    const layer = this.#layer();
    this.live.showLayer(layer);
    setTimeout(() => void this.#showSaved(layer), PATIENCE_MS);
  }

  #layer(): Layer {
    return { quantity: this.quantity.peek(), average: this.average.peek() };
  }

  /** Still nothing from the network: an earlier visit's state, with its age, is better than an empty map. */
  async #showSaved(layer: Layer): Promise<void> {
    const state = await this.#saved?.load(layer);
    const { quantity, average } = this.#layer();
    if (!state || this.loading.peek() !== 'loading' || quantity !== layer.quantity || average !== layer.average) return;
    batch(() => {
      this.store.load(state);
      this.stateAt.value = Date.parse(state.at);
      this.loading.value = 'stored';
    });
  }

  /** Keeps the state on screen for a later visit without a network. */
  async save(): Promise<void> {
    const at = this.stateAt.peek();
    if (this.loading.peek() !== 'ready' || at === undefined || this.hour.peek() !== undefined) return;
    await this.#saved?.save({
      epoch: '',
      seq: 0,
      ...this.#layer(),
      unit: UNITS[this.quantity.peek()],
      ...this.store.columns(at),
    });
  }
}

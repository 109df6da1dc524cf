import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import type { StationReading } from '../../server/domain/contract.ts';
import type { Box } from '../../server/domain/distance.ts';
import { HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import type { Position } from '../../server/domain/station.ts';
import { LiveConnection, type LiveOptions } from '../liveConnection.ts';
import { nearestCopy } from '../map/mercator.ts';
import { Clock } from './clock.ts';
import { LayerLoader, type Loading, type ShownLayer } from './layerLoader.ts';
import { MapStore } from './mapStore.ts';
import type { PageContext } from './pageContext.ts';
import type { SavedMaps } from './savedMaps.ts';
import type { MapStation } from './station.ts';
import type { MapPosition, MapQuantity, MapScale, UrlState, View } from './urlState.ts';

/** Averages a scale may be shown with: indices are defined on hourly means only. */
export function isScaleDefined(scale: MapScale, average: Average): boolean {
  return scale === 'neutral' || average === '1h';
}

/** After an hour has ended, late messages still come; then it is asked for, ms. */
const HOUR_SETTLES_MS = MINUTE_MS;

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
  /** Where the map is asked to go next; `beside` is to be in view too, however far out that is. */
  readonly flyTo: Signal<(MapPosition & { beside?: Position }) | { box: Box } | undefined> = signal(undefined);
  /** Where the reader is, once they asked for it; stays in the page. */
  readonly reader: Signal<Position | undefined> = signal(undefined);
  /** What the map shows, on the Mercator unit square. */
  readonly bounds: Signal<MapBounds | undefined> = signal(undefined);
  readonly loading: ReadonlySignal<Loading>;
  /** When the state on screen was made, epoch ms. */
  readonly stateAt: ReadonlySignal<number | undefined>;
  readonly #loader: LayerLoader;
  /** End of the hour that classes stay of while the next one cannot be had, epoch ms. */
  readonly #keptHour: Signal<number | undefined> = signal(undefined);
  readonly #readingListeners = new Set<(reading: StationReading) => void>();
  readonly #refetchListeners = new Set<() => void>();

  constructor(context: PageContext, url: UrlState, net: MapModelNet) {
    this.context = context;
    const { box } = net;
    this.clock = new Clock(net.now);
    this.quantity = signal(url.quantity);
    this.average = signal(url.average);
    this.scale = signal(isScaleDefined(url.scale, url.average) ? url.scale : 'neutral');
    this.view = signal(url.view);
    this.hasSnapshots = signal(url.average === 'latest');
    this.chosenHour = signal(this.#over(url.at));
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
          loader.take(state, Date.parse(state.at));
        });
      },
      onFailed: () => void loader.failed(),
      onChange: (changed) => {
        loader.stateAt.value = Date.parse(changed.at);
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
    const loader = new LayerLoader({
      ...{ store: this.store, live: this.live, fetchMap: net.fetchMap, saved: net.saved },
      ...{ quantity: this.quantity, average: this.average, hour: this.hour },
      ...{ chosen: () => this.#chosen(), choose: (layer) => this.#choose(layer) },
    });
    this.live.state.subscribe(({ kind }) => kind === 'lost' && void loader.failed());
    this.#loader = loader;
    this.loading = loader.loading;
    this.stateAt = loader.stateAt;
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
      this.chosenHour.value = this.#over(url.at);
      this.quantity.value = url.quantity;
      this.average.value = url.average;
      this.scale.value = isScaleDefined(url.scale, url.average) ? url.scale : 'neutral';
      this.view.value = url.view;
      this.selectedId.value = url.station;
    });
    if (isOther || this.hour.peek() !== hour) this.#loader.change();
  }

  /** Resolves when the first whole layer is on screen. */
  whenReady(): Promise<void> {
    return this.#loader.whenReady();
  }

  /** Begins to load the layer and to follow it. */
  start(): void {
    this.clock.start();
    this.#loader.show();
    this.#loader.followHours();
  }

  /** Shows another quantity. */
  chooseQuantity(quantity: MapQuantity): void {
    if (quantity === this.quantity.peek()) return;
    this.quantity.value = quantity;
    this.#loader.change();
  }

  /** Shows another mean; a scale that is not defined for it gives way to the neutral one. */
  chooseAverage(average: Average): void {
    if (average === this.average.peek()) return;
    batch(() => {
      this.average.value = average;
      if (!isScaleDefined(this.scale.peek(), average)) this.scale.value = 'neutral';
    });
    this.#loader.change();
  }

  /** Shows another scale; a mean it is not defined for gives way to the hour. */
  chooseScale(scale: MapScale): void {
    const hour = this.hour.peek();
    this.scale.value = scale;
    if (!isScaleDefined(scale, this.average.peek())) this.chooseAverage('1h');
    else if (this.hour.peek() !== hour) this.#loader.show();
  }

  /** Shows a past clock hour by its end, epoch ms; undefined: now. */
  chooseHour(end: number | undefined): void {
    if (end === this.chosenHour.peek()) return;
    batch(() => {
      this.chosenHour.value = end;
      if (end !== undefined) this.average.value = '1h';
    });
    this.#loader.show();
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
    const middle = (west + east) / 2;
    const isBetween = (x: number) => x >= west && x <= east;
    return stations.filter(({ x, y }) => isBetween(nearestCopy(x, middle)) && y >= north && y <= south);
  }

  /** Moves the map to a place or around an area, with no station open and the map in view. */
  goTo(place: MapPosition | { box: Box }): void {
    batch(() => {
      this.view.value = 'map';
      this.select(undefined);
      this.flyTo.value = place;
    });
  }

  /** Opens a station and moves the map to it. */
  showStation(station: MapStation, zoom: number): void {
    batch(() => {
      this.flyTo.value = { lat: station.lat, lon: station.lon, zoom };
      this.select(station.id);
    });
  }

  /** Opens a station beside the map; undefined closes it. */
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

  /** Stops following while nobody looks. */
  pause(): void {
    this.live.pause();
    this.clock.stop();
  }

  /** Follows again. */
  resume(): void {
    this.clock.start();
    this.live.resume();
  }

  /** End of the last clock hour that was over by `at`; epoch ms. Hours begin at half past where the operator's days do. */
  hourEndBefore(at: number): number {
    const shift = this.context.instance.hourShiftMs ?? 0;
    return Math.floor((at + shift) / HOUR_MS) * HOUR_MS - shift;
  }

  /** Keeps the state on screen for a later visit without a network. */
  save(): Promise<void> {
    return this.#loader.save();
  }

  /** Of an hour that is not over there is no mean yet: a link to it leads to now. */
  #over(end: number | undefined): number | undefined {
    return end !== undefined && end <= this.hourEndBefore(this.clock.now.peek()) ? end : undefined;
  }

  #chosen(): ShownLayer {
    const [at, hour] = [this.chosenHour.peek(), this.hour.peek()];
    return { quantity: this.quantity.peek(), average: this.average.peek(), scale: this.scale.peek(), at, hour };
  }

  #choose({ quantity, average, scale, at, hour }: ShownLayer): void {
    this.quantity.value = quantity;
    this.average.value = average;
    this.scale.value = scale;
    this.chosenHour.value = at;
    this.#keptHour.value = hour;
    if (average === 'latest') this.hasSnapshots.value = true;
  }

  /** With an index and its hourly means: the last clock hour, some minutes after its end, when it is closed in the store. */
  #hourOfClasses(): number | undefined {
    if (this.scale.value === 'neutral' || this.average.value !== '1h') return undefined;
    const kept = this.loading.value === 'kept' ? this.#keptHour.value : undefined;
    return kept ?? this.hourEndBefore(this.clock.now.value - HOUR_SETTLES_MS);
  }
}

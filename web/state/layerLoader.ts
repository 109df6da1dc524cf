import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import type { MapState } from '../../server/domain/contract.ts';
import { UNITS } from '../../server/domain/quantity.ts';
import type { Layer, LiveConnection } from '../liveConnection.ts';
import type { MapStore } from './mapStore.ts';
import type { SavedMaps } from './savedMaps.ts';
import type { MapQuantity } from './urlState.ts';

const HOUR_RETRY_MS = 3_000;
/** How long the values of another hour may stay on screen under the name of the one on its way, ms. */
const STAND_IN_MS = 1_000;
/** How long the network may take before an earlier visit's state is shown, ms. */
const PATIENCE_MS = 2_500;

/** Path of a past clock hour by its end, epoch ms. */
function hourUrl(quantity: MapQuantity, end: number): string {
  return `/api/v1/map?quantity=${quantity}&average=1h&at=${new Date(end).toISOString()}`;
}

/** How far the map's data have come. */
export type Loading = 'loading' | 'ready' | 'stored';

/** What a layer is loaded with. */
export interface LayerLoaderParts {
  store: MapStore;
  live: Pick<LiveConnection, 'showLayer' | 'showNothing'>;
  fetchMap: (path: string) => Promise<MapState>;
  /** Where the last state is kept; absent: nowhere. */
  saved: SavedMaps | undefined;
  quantity: ReadonlySignal<MapQuantity>;
  average: ReadonlySignal<Average>;
  /** End of the clock hour to be shown, epoch ms; undefined: the live layer. */
  hour: ReadonlySignal<number | undefined>;
}

/** Brings the layer that was chosen into the store: live, a past hour, or for want of a network that of an earlier visit. */
export class LayerLoader {
  readonly loading: Signal<Loading> = signal('loading');
  /** When the state on screen was made, epoch ms. */
  readonly stateAt: Signal<number | undefined> = signal(undefined);
  readonly #parts: LayerLoaderParts;
  #shownHour: number | undefined;
  /** Rises with every state that comes on screen. */
  #taken = 0;

  constructor(parts: LayerLoaderParts) {
    this.#parts = parts;
  }

  /** A state is there: it replaces what is on screen. */
  take(state: MapState, at: number, loading: Loading = 'ready'): void {
    this.#taken += 1;
    batch(() => {
      this.#parts.store.load(state);
      this.stateAt.value = at;
      this.loading.value = loading;
    });
  }

  /** Another layer: what is on screen is none of it. */
  change(): void {
    this.#empty();
    this.show();
  }

  /** Loads what is chosen now; what is on screen stays until it is there, so that a slider does not flicker, or a moment long. */
  show(): void {
    const { hour, live } = this.#parts;
    const taken = this.#taken;
    setTimeout(() => this.#taken === taken && this.#empty(), STAND_IN_MS);
    this.#shownHour = hour.peek();
    if (this.#shownHour === undefined) this.#showLive();
    else {
      live.showNothing();
      void this.#showHour(this.#shownHour);
    }
  }

  #empty(): void {
    batch(() => {
      this.#parts.store.clear();
      this.loading.value = 'loading';
    });
  }

  /** Shows each hour that takes the place of the one before: where classes are shown, the next closed one. */
  followHours(): void {
    this.#parts.hour.subscribe((hour) => {
      if (hour !== undefined && hour !== this.#shownHour) this.show();
    });
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

  /** Keeps the state on screen for a later visit without a network. */
  async save(): Promise<void> {
    const { saved, store, quantity, hour } = this.#parts;
    const at = this.stateAt.peek();
    if (this.loading.peek() !== 'ready' || at === undefined || hour.peek() !== undefined) return;
    await saved?.save({
      epoch: '',
      seq: 0,
      ...this.#layer(),
      unit: UNITS[quantity.peek()],
      ...store.columns(at),
    });
  }

  async #showHour(hour: number): Promise<void> {
    const { fetchMap } = this.#parts;
    const quantity = this.#parts.quantity.peek();
    const isCurrent = () => this.#shownHour === hour && this.#parts.quantity.peek() === quantity;
    try {
      const state = await fetchMap(hourUrl(quantity, hour));
      if (isCurrent()) this.take(state, hour);
    } catch {
      // The reader may move on meanwhile; the hour they still look at is asked for again.
      setTimeout(() => isCurrent() && void this.#showHour(hour), HOUR_RETRY_MS);
    }
  }

  #showLive(): void {
    const layer = this.#layer();
    this.#parts.live.showLayer(layer);
    setTimeout(() => void this.#showSaved(layer), PATIENCE_MS);
  }

  #layer(): Layer {
    return { quantity: this.#parts.quantity.peek(), average: this.#parts.average.peek() };
  }

  /** Still nothing from the network: an earlier visit's state, with its age, is better than an empty map. */
  async #showSaved(layer: Layer): Promise<void> {
    const state = await this.#parts.saved?.load(layer);
    const { quantity, average } = this.#layer();
    if (!state || this.loading.peek() !== 'loading' || quantity !== layer.quantity || average !== layer.average) return;
    this.take(state, Date.parse(state.at), 'stored');
  }
}

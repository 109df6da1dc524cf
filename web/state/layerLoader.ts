import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import type { MapState } from '../../server/domain/contract.ts';
import { UNITS } from '../../server/domain/quantity.ts';
import type { Layer, LiveConnection } from '../liveConnection.ts';
import type { MapStore } from './mapStore.ts';
import type { SavedMaps } from './savedMaps.ts';
import type { MapStation } from './station.ts';
import type { MapQuantity, UrlState } from './urlState.ts';

const HOUR_RETRY_MS = 3_000;
/** How long the values of another hour may stay on screen under the name of the one on its way, ms. */
const STAND_IN_MS = 1_000;
/** How long the network may take before an earlier visit's state is shown, ms. */
const PATIENCE_MS = 2_500;

/** Path of a past clock hour by its end, epoch ms. */
function hourUrl(quantity: MapQuantity, end: number): string {
  return `/api/v1/map?quantity=${quantity}&average=1h&at=${new Date(end).toISOString()}`;
}

/**
 * How far the map's data have come. `stored`: an earlier visit's state, for want of a network; `kept`: what was shown
 * before, for another layer was chosen and cannot be had.
 */
export type Loading = 'loading' | 'ready' | 'stored' | 'kept';

/** Which layer is on screen. */
export interface ShownLayer extends Pick<UrlState, 'quantity' | 'average' | 'scale'> {
  /** End of the clock hour that the reader chose, epoch ms; undefined: none. */
  at: number | undefined;
  /** End of the clock hour on screen, epoch ms; undefined: live. */
  hour: number | undefined;
}

/** A layer as it was on screen. */
interface FormerLayer {
  layer: ShownLayer;
  stations: readonly MapStation[];
  /** When its state was made, epoch ms. */
  at: number;
}

/** What a layer is loaded with. */
export interface LayerLoaderParts {
  store: MapStore;
  live: Pick<LiveConnection, 'showLayer' | 'showNothing' | 'state'>;
  fetchMap: (path: string) => Promise<MapState>;
  /** Where the last state is kept; absent: nowhere. */
  saved: SavedMaps | undefined;
  quantity: ReadonlySignal<MapQuantity>;
  average: ReadonlySignal<Average>;
  /** End of the clock hour to be shown, epoch ms; undefined: the live layer. */
  hour: ReadonlySignal<number | undefined>;
  /** What is chosen now. */
  chosen: () => ShownLayer;
  /** Goes back to an earlier choice, in all that views say and offer. */
  choose: (layer: ShownLayer) => void;
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
  /** Rises with every wish for a layer. */
  #wished = 0;
  /** The layer on screen. */
  #shown: ShownLayer | undefined;
  #former: FormerLayer | undefined;

  constructor(parts: LayerLoaderParts) {
    this.#parts = parts;
  }

  /** A state is there: it replaces what is on screen. */
  take(state: MapState, at: number, loading: Loading = 'ready'): void {
    this.#taken += 1;
    this.#shown = this.#parts.chosen();
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
    const taken = this.#taken;
    this.#wished += 1;
    setTimeout(() => this.#taken === taken && this.#empty(), STAND_IN_MS);
    this.#shownHour = this.#parts.hour.peek();
    this.#load();
  }

  /** What is chosen could not be had: an earlier visit's state of it, or else what was on screen before, comes instead. */
  async failed(): Promise<void> {
    const [wished, layer] = [this.#wished, this.#parts.chosen()];
    this.#remember();
    if (this.#isShown(layer)) return;
    const isFormer = this.#former !== undefined && isSameLayer(this.#former.layer, layer);
    if (!isFormer && layer.hour === undefined) await this.#showSaved(layer);
    if (this.#wished === wished && !this.#isShown(layer)) this.#comeBack();
  }

  #load(): void {
    if (this.#shownHour === undefined) this.#showLive();
    else {
      this.#parts.live.showNothing();
      void this.#showHour(this.#shownHour);
    }
  }

  #isShown(layer: ShownLayer): boolean {
    return this.loading.peek() !== 'loading' && this.#shown !== undefined && isSameLayer(this.#shown, layer);
  }

  /** Keeps hold of what is on screen, unless it is itself only a stand-in from an earlier visit. */
  #remember(): void {
    const [loading, at] = [this.loading.peek(), this.stateAt.peek()];
    if (!this.#shown || at === undefined || loading === 'loading' || loading === 'stored') return;
    this.#former = { layer: this.#shown, stations: this.#parts.store.stations, at };
  }

  /** Shows what was there before and follows it again. */
  #comeBack(): void {
    const former = this.#former;
    if (former === undefined) return;
    this.#taken += 1;
    this.#wished += 1;
    this.#shown = former.layer;
    this.#shownHour = former.layer.hour;
    batch(() => {
      this.#parts.choose(former.layer);
      this.#parts.store.putBack(former.stations);
      this.stateAt.value = former.at;
      this.loading.value = 'kept';
    });
    this.#load();
  }

  #empty(): void {
    this.#remember();
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
    const wished = this.#wished;
    const isCurrent = () => this.#wished === wished;
    try {
      const state = await fetchMap(hourUrl(this.#parts.quantity.peek(), hour));
      if (isCurrent()) this.take(state, hour);
    } catch {
      // The reader may move on meanwhile; the hour they still look at is asked for again.
      setTimeout(() => isCurrent() && void this.#showHour(hour), HOUR_RETRY_MS);
      if (isCurrent()) void this.failed();
    }
  }

  #showLive(): void {
    const layer = this.#layer();
    this.#parts.live.showLayer(layer);
    const wished = this.#wished;
    setTimeout(() => {
      // A server that hangs refuses nothing.
      if (this.#wished === wished && this.#parts.live.state.peek().kind === 'lost') void this.failed();
      else void this.#showSaved(layer);
    }, PATIENCE_MS);
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

function isSameLayer(one: ShownLayer, other: ShownLayer): boolean {
  return one.quantity === other.quantity && one.average === other.average && one.hour === other.hour;
}

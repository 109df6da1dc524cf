import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import type { StationReading } from '../../server/domain/contract.ts';
import { LiveConnection, type LiveOptions } from '../liveConnection.ts';
import { Clock } from './clock.ts';
import { MapStore } from './mapStore.ts';
import type { PageContext } from './pageContext.ts';
import type { MapPosition, MapQuantity, MapScale, UrlState, View } from './urlState.ts';

/** Averages a scale may be shown with: the German index is defined on hourly means only. */
export function isScaleDefined(scale: MapScale, average: Average): boolean {
  return scale === 'neutral' || average === '1h';
}

/** How far the map's data have come. */
export type Loading = 'loading' | 'ready' | 'stored' | 'failed';

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
  readonly selectedId: Signal<string | undefined>;
  readonly position: Signal<MapPosition | undefined>;
  readonly loading: Signal<Loading> = signal('loading');
  /** When the state on screen was made, epoch ms. */
  readonly stateAt: Signal<number | undefined> = signal(undefined);
  /** Rises when more readings of the selected station were missed than could be replayed. */
  readonly missedReadings: Signal<number> = signal(0);
  readonly lastReading: Signal<StationReading | undefined> = signal(undefined);

  constructor(context: PageContext, url: UrlState, net: Pick<LiveOptions, 'createSocket' | 'fetchMap' | 'now'>) {
    this.context = context;
    this.clock = new Clock(net.now);
    this.quantity = signal(url.quantity);
    this.average = signal(url.average);
    this.scale = signal(isScaleDefined(url.scale, url.average) ? url.scale : 'neutral');
    this.view = signal(url.view);
    this.selectedId = signal(url.station);
    this.position = signal(url.position);
    this.live = new LiveConnection({
      ...net,
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
        return this.store.apply(changed);
      },
      onReading: (reading) => {
        this.lastReading.value = reading;
      },
      onRefetch: () => {
        this.missedReadings.value += 1;
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
    return state;
  }

  start(): void {
    this.clock.start();
    this.#showLayer();
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
    this.scale.value = scale;
    if (!isScaleDefined(scale, this.average.peek())) this.chooseAverage('1h');
  }

  select(id: string | undefined): void {
    this.selectedId.value = id;
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

  #showLayer(): void {
    this.live.showLayer({ quantity: this.quantity.peek(), average: this.average.peek() });
  }
}

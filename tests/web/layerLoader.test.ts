import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { signal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import type { MapState } from '../../server/domain/contract.ts';
import type { ConnectionState } from '../../web/liveConnection.ts';
import { LayerLoader, type ShownLayer } from '../../web/state/layerLoader.ts';
import { MapStore } from '../../web/state/mapStore.ts';
import type { MapQuantity } from '../../web/state/urlState.ts';
import { layerState } from './mapLayerState.ts';

const HOUR = Date.parse('2026-11-26T20:00:00Z');

/** A loader on a network that answers when it is told to. */
function slowLoader() {
  const answers: { resolve: (state: MapState) => void; reject: (error: Error) => void }[] = [];
  const hour = signal<number | undefined>(HOUR);
  const quantity = signal<MapQuantity>('pm25');
  const store = new MapStore();
  const loader = new LayerLoader({
    store,
    live: { showLayer: () => {}, showNothing: () => {}, state: signal<ConnectionState>({ kind: 'live' }) },
    fetchMap: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
    saved: undefined,
    quantity,
    average: signal<Average>('1h'),
    hour,
    chosen: () => ({ quantity: quantity.peek(), average: '1h', scale: 'neutral', at: hour.peek(), hour: hour.peek() }),
    choose: (layer: ShownLayer) => {
      quantity.value = layer.quantity;
      hour.value = layer.hour;
    },
  });
  const answer = async (value: number) => {
    answers.shift()!.resolve(layerState([{ id: 'a', value }]));
    await jest.advanceTimersByTimeAsync(0);
  };
  const refuse = async () => {
    answers.shift()!.reject(new Error('nobody there'));
    await jest.advanceTimersByTimeAsync(0);
  };
  return { loader, hour, quantity, answer, refuse, shown: () => store.stations.map(({ value }) => value) };
}

describe('an hour on its way', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('takes the place of the one before without a gap where the network is quick', async () => {
    const { loader, hour, answer, shown } = slowLoader();
    loader.show();
    await answer(12);
    hour.value = HOUR - 3_600_000;
    loader.show();
    await jest.advanceTimersByTimeAsync(900);
    expect(shown()).toEqual([12]);
    await answer(30);
    await jest.advanceTimersByTimeAsync(5_000);
    expect([shown(), loader.loading.value]).toEqual([[30], 'ready']);
  });

  it('does not leave the values of another under its name for longer than a moment', async () => {
    const { loader, hour, answer, shown } = slowLoader();
    loader.show();
    await answer(12);
    hour.value = HOUR - 3_600_000;
    loader.show();
    await jest.advanceTimersByTimeAsync(1_100);
    expect([shown(), loader.loading.value]).toEqual([[], 'loading']);
    await answer(30);
    expect([shown(), loader.loading.value]).toEqual([[30], 'ready']);
  });
});

describe('a layer that cannot be had', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('gives way to the one before, which is asked for again until it is there', async () => {
    const { loader, quantity, answer, refuse, shown } = slowLoader();
    loader.show();
    await answer(12);
    quantity.value = 'pm10';
    loader.change();
    expect(shown()).toEqual([]);
    await refuse();
    expect([shown(), loader.loading.value, quantity.value]).toEqual([[12], 'kept', 'pm25']);
    await refuse();
    await jest.advanceTimersByTimeAsync(3_000);
    expect([shown(), loader.loading.value]).toEqual([[12], 'kept']);
    await answer(13);
    expect([shown(), loader.loading.value, quantity.value]).toEqual([[13], 'ready', 'pm25']);
  });

  it('gives way at once where a slider moved, and an answer that comes late is dropped', async () => {
    const { loader, hour, answer, refuse, shown } = slowLoader();
    loader.show();
    await answer(12);
    hour.value = HOUR - 3_600_000;
    loader.show();
    await refuse();
    expect([shown(), loader.loading.value, hour.value]).toEqual([[12], 'kept', HOUR]);
    hour.value = HOUR - 7_200_000;
    loader.show();
    await answer(99);
    expect(shown()).toEqual([12]);
    await answer(30);
    await jest.advanceTimersByTimeAsync(5_000);
    expect([shown(), loader.loading.value, hour.value]).toEqual([[30], 'ready', HOUR - 7_200_000]);
  });
});

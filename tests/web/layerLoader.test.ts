import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { signal } from '@preact/signals';
import type { Average } from '../../server/domain/aggregate.ts';
import type { MapState } from '../../server/domain/contract.ts';
import { LayerLoader } from '../../web/state/layerLoader.ts';
import { MapStore } from '../../web/state/mapStore.ts';
import type { MapQuantity } from '../../web/state/urlState.ts';
import { layerState } from './mapLayerState.ts';

const HOUR = Date.parse('2026-11-26T20:00:00Z');

/** A loader on a network that answers when it is told to. */
function slowLoader() {
  const answers: ((state: MapState) => void)[] = [];
  const hour = signal<number | undefined>(HOUR);
  const store = new MapStore();
  const loader = new LayerLoader({
    store,
    live: { showLayer: () => {}, showNothing: () => {} },
    fetchMap: () => new Promise((resolve) => answers.push(resolve)),
    saved: undefined,
    quantity: signal<MapQuantity>('pm25'),
    average: signal<Average>('1h'),
    hour,
  });
  const answer = async (value: number) => {
    answers.shift()!(layerState([{ id: 'a', value }]));
    await jest.advanceTimersByTimeAsync(0);
  };
  return { loader, store, hour, answer, shown: () => store.stations.map(({ value }) => value) };
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

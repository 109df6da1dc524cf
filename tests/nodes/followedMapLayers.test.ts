import { describe, expect, it } from '@jest/globals';
import type { MapChanged, MapState } from '../../server/domain/contract.ts';
import { LAYERS_WANTED_TOPIC, mapTickTopic } from '../../server/domain/topics.ts';
import type { LayerName } from '../../server/live/mapLayers.ts';
import { FollowedMapLayers } from '../../server/nodes/followedMapLayers.ts';
import { NodeBus } from '../../server/nodes/nodeBus.ts';
import { closeAfterTest } from '../support/closing.ts';
import { type Mosquitto, startMosquitto } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';

const T0 = Date.UTC(2026, 10, 26, 12);
const AT = new Date(T0).toISOString();
const HOME: LayerName = { quantity: 'pm25', average: '1h' };
const OTHER: LayerName = { quantity: 'pm10', average: '24h' };
/** So many that bodies are kept for a while. */
const IDS = Array.from({ length: 3_000 }, (_, index) => `s${String(index).padStart(9, '0')}`);

function stateOf(name: LayerName, seq: number): MapState {
  const all = <T>(value: T) => IDS.map(() => value);
  return {
    ...{ epoch: 'first', seq, ...name, unit: 'µg/m³', scale: 10, at: AT, id: IDS, name: IDS, value: all(10) },
    ...{ lat: all(514_500), lon: all(70_100), indoor: all(0 as const), kind: all('citizen' as const) },
    ...{ coverage: all(100), count: all(24), state: all('ok' as const), age: all(60), doubtful: all(0 as const) },
  };
}

function tickOf(name: LayerName, seq: number): MapChanged {
  return {
    ...{ epoch: 'first', seq, ...name, at: AT, id: [IDS[0]!], value: [seq], coverage: [100], count: [24] },
    ...{ state: ['ok'], lastSeen: [T0 / 1000], doubtful: [0] },
  };
}

async function openBus(mosquitto: Mosquitto, nodeId: string, prepare: (bus: NodeBus) => void): Promise<NodeBus> {
  const bus = new NodeBus({ url: mosquitto.url, nodeId, run: nodeId, onError: () => undefined });
  closeAfterTest(() => bus.close());
  prepare(bus);
  bus.start();
  await bus.ready(60_000);
  return bus;
}

/** A web node's layers, and the aggregator's end of the bus. */
async function openLayers() {
  const mosquitto = await startMosquitto();
  const clock = { now: T0 };
  const [wanted, fetched, told]: [LayerName[][], LayerName[], MapChanged[]] = [[], [], []];
  const center = await openBus(mosquitto, 'center', (bus) =>
    bus.follow(LAYERS_WANTED_TOPIC, (_topic, payload) => void wanted.push(JSON.parse(payload.toString()))),
  );
  const made: { layers?: FollowedMapLayers } = {};
  await openBus(mosquitto, 'web', (bus) => {
    made.layers = new FollowedMapLayers({
      bus,
      fetchState: async ({ quantity, average }) => {
        fetched.push({ quantity, average });
        return stateOf({ quantity, average }, 7);
      },
      station: () => undefined,
      onTick: () => void told.push(...layers.tick(clock.now)),
      onError: (error) => {
        throw error;
      },
      clock: () => clock.now,
    });
  });
  const layers = made.layers!;
  closeAfterTest(() => layers.close());
  const send = (changed: object) => center.send(mapTickTopic(HOME), JSON.stringify(changed));
  return { layers, clock, wanted, fetched, told, send };
}

describe('the layers of a web node', () => {
  it('leave no gap between a body made a moment ago and the changes that follow', async () => {
    const { layers, clock, told, send } = await openLayers();
    await layers.body(HOME, 'identity', clock.now);
    send(tickOf(HOME, 8));
    await until('the tick has come', () => told.length === 1);
    const subscribed = layers.resume(HOME, undefined, clock.now);
    expect(subscribed).toEqual({ kind: 'snapshot', cursor: { epoch: 'first', seq: 7 }, changes: [tickOf(HOME, 8)] });
    const state = JSON.parse((await layers.body(HOME, 'identity', clock.now)).bytes.toString()) as MapState;
    expect(state.seq).toBe(7);
  });

  it('follow what others use, and ask the aggregator to keep only what is used here', async () => {
    const { layers, clock, wanted, fetched, told, send } = await openLayers();
    layers.keep(HOME, clock.now);
    await until('the home layer is asked for', () => wanted.length === 1);
    send(tickOf(OTHER, 7));
    await until('the other layer is fetched', () => fetched.length === 2);
    send(tickOf(OTHER, 8));
    await until('its tick has come', () => told.length === 1);
    layers.keep({ quantity: 'pm10', average: 'latest' }, clock.now);
    await until('a third layer is asked for', () => wanted.length === 2);
    expect(wanted).toEqual([[HOME], [HOME, { quantity: 'pm10', average: 'latest' }]]);
    layers.keep(OTHER, clock.now);
    await until('the other layer is used here too', () => wanted.length === 3);
    expect(wanted.at(-1)).toContainEqual(OTHER);
  });

  it('take no part of a tick that is not whole: the whole one is still the next', async () => {
    const { layers, clock, told, send } = await openLayers();
    await layers.state(HOME, clock.now);
    const whole = tickOf(HOME, 8);
    const { id: _, ...withoutIds } = whole;
    const strange = [withoutIds, { ...whole, value: [1, 2] }, { ...whole, state: ['fine'] }, { ...whole, seq: '8' }];
    for (const payload of strange) send(payload);
    send(whole);
    await until('the whole tick has come', () => told.length > 0);
    expect(told).toEqual([whole]);
  });

  it('are let go when nobody has used them and nothing has come of them for ten minutes', async () => {
    const { layers, clock, fetched, told, send } = await openLayers();
    layers.keep(OTHER, clock.now);
    await until('it is fetched', () => fetched.length === 1);
    clock.now += 9 * 60_000;
    send(tickOf(OTHER, 8));
    await until('a tick has come', () => told.length === 1);
    clock.now += 9 * 60_000;
    layers.tick(clock.now);
    expect((await layers.state(OTHER, T0)).seq).toBe(8);
    clock.now += 11 * 60_000;
    layers.tick(clock.now);
    expect((await layers.state(OTHER, clock.now)).seq).toBe(7);
  });
});

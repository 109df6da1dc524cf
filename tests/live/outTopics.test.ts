import { describe, expect, it } from '@jest/globals';
import type { Reading, Values } from '../../server/domain/reading.ts';
import { Aggregator } from '../../server/live/aggregator.ts';
import { OutTopics } from '../../server/live/outTopics.ts';
import { ShownStations } from '../../server/live/shownStations.ts';
import { StationList, stationOf } from '../support/stations.ts';

const T0 = Date.UTC(2026, 0, 5, 12);
const A = 'aaaaaaaaa1';
const B = 'bbbbbbbbb2';
const topicOf = (id: string) => `buergerluft/stations/${id}/latest`;

function outTopics(...stations: ReturnType<typeof stationOf>[]) {
  const shown = new ShownStations();
  const clock = { now: T0 };
  const list = new StationList(stations);
  const aggregator = new Aggregator({ clock: () => clock.now, sensorModels: () => [] });
  const published: { topic: string; payload: string; retain: boolean }[] = [];
  const out = new OutTopics({
    publish: (topic, payload, { retain }) => published.push({ topic, payload, retain }),
    latest: (id) => aggregator.latest(id),
    station: (id) => list.station(id),
    stations: () => list.stations(),
    erasedStations: () => ['erased0001'],
    shown,
  });
  const store = (stationId: string, values: Values) => {
    const readings: Reading[] = [{ stationId, sensor: 'sds011', measuredAt: clock.now, values, flags: 0 }];
    aggregator.fold(readings);
    out.onStored(readings);
  };
  return { clock, list, out, published, store, shown };
}

describe('the out-topics', () => {
  it('hold the latest public values, retained', () => {
    const { out, published, store, clock } = outTopics(stationOf(A));
    store(A, { pm25: 12.3, noise: 55 });
    out.tick(clock.now);
    expect(published.map(({ topic, retain }) => [topic, retain])).toEqual([[topicOf(A), true]]);
    expect(JSON.parse(published[0]!.payload)).toEqual({
      stationId: A,
      name: `Station ${A}`,
      latest: { pm25: { value: 12.3, measuredAt: '2026-01-05T12:00:00.000Z', flags: [], sensor: 'sds011' } },
    });
  });

  it('are written at most every 10 s a station, with the newest values', () => {
    const { out, published, store, clock } = outTopics(stationOf(A), stationOf(B));
    for (let second = 0; second < 35; second++) {
      clock.now = T0 + second * 1_000;
      store(A, { pm25: second });
      if (second === 3) store(B, { pm25: 7 });
      out.tick(clock.now);
    }
    const valuesOf = (id: string) =>
      published
        .filter(({ topic }) => topic === topicOf(id))
        .map(({ payload }) => JSON.parse(payload).latest.pm25.value);
    expect(valuesOf(A)).toEqual([0, 10, 20, 30]);
    expect(valuesOf(B)).toEqual([7]);
  });

  it.each([
    ['hidden', (list: StationList) => list.put(stationOf(A, { status: 'hidden' }))],
    ['deleted', (list: StationList) => void list.byId.delete(A)],
    ['moved indoors', (list: StationList) => list.put(stationOf(A, { isIndoor: true }))],
  ])('take back what a station said that is %s, and say nothing more of it', (_text, change) => {
    const { out, published, store, list, clock } = outTopics(stationOf(A));
    store(A, { pm25: 1 });
    out.tick(clock.now);
    store(A, { pm25: 2 });
    change(list);
    out.stationChanged(A);
    clock.now += 60_000;
    store(A, { pm25: 3 });
    out.tick(clock.now);
    expect(published.slice(1)).toEqual([{ topic: topicOf(A), payload: '', retain: true }]);
  });

  it('come back when the station is shown again', () => {
    const { out, published, store, list, clock } = outTopics(stationOf(A, { status: 'hidden' }));
    store(A, { pm25: 1 });
    out.tick(clock.now);
    expect(published).toEqual([]);
    list.put(stationOf(A));
    out.stationChanged(A);
    out.tick(clock.now);
    expect(published.map(({ payload }) => JSON.parse(payload).latest.pm25.value)).toEqual([1]);
  });

  it('say nothing of a station that was never public, not even its id', () => {
    const { out, published, store, list, clock } = outTopics();
    list.put(stationOf(A, { isIndoor: true }));
    out.stationChanged(A);
    store(A, { pm25: 1 });
    out.tick(clock.now);
    list.byId.delete(A);
    out.stationChanged(A);
    expect(published).toEqual([]);
  });

  it('are taken back when they were public before the last start', () => {
    const { out, published, list } = outTopics(stationOf(A));
    out.loaded();
    list.put(stationOf(A, { status: 'hidden' }));
    out.stationChanged(A);
    expect(published).toEqual([{ topic: topicOf(A), payload: '', retain: true }]);
  });

  it('are taken back on connecting to a broker that may hold what became private or was deleted meanwhile', () => {
    const { out, published, shown } = outTopics(stationOf(A), stationOf(B, { status: 'hidden' }));
    shown.add([B, 'erased0001']);
    out.connected();
    expect(published).toEqual([B, 'erased0001'].map((id) => ({ topic: topicOf(id), payload: '', retain: true })));
  });

  it('name on no connection a station that was never public, be it waiting, private or deleted', () => {
    const waiting = stationOf(A, { status: 'pending' });
    const { out, published, list, shown } = outTopics(waiting, stationOf(B, { isIndoor: true }));
    out.connected();
    out.loaded();
    list.put(stationOf(A));
    out.stationChanged(A);
    list.byId.delete(A);
    out.stationChanged(A);
    expect(published).toEqual([{ topic: topicOf(A), payload: '', retain: true }]);
    out.connected();
    expect([published.length, shown.has(A), shown.has(B)]).toEqual([1, true, false]);
  });

  it('are taken back at every connection while the broker may have missed it', () => {
    const { out, published, list } = outTopics(stationOf(A));
    out.loaded();
    list.put(stationOf(A, { status: 'hidden' }));
    out.stationChanged(A);
    out.connected();
    out.connected();
    expect(published.map(({ payload }) => payload)).toEqual(['', '', '']);
  });
});

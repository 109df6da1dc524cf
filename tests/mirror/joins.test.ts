import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Reading } from '../../server/domain/reading.ts';
import type { Station } from '../../server/domain/station.ts';
import { Joins, type JoinsDeps } from '../../server/mirror/joins.ts';
import { messageOf } from '../../server/mirror/mergeStations.ts';
import { isRefusal, type NewStation, StationStore } from '../../server/store/registry/stationStore.ts';
import { NOW, openHouse } from '../archive/archiveHouse.ts';
import { startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';
import { importDay } from './archiveDay.ts';

/** More than a page of a scan, so that a crash can fall between two. */
const THEIRS = 5_400;
const OWN = 12;
const FIRST = NOW - 20 * 86_400_000;
const STEP = 145_000;
const WRITES = [
  ...['addStation', 'updateStation', 'removeStation', 'completeErasure', 'keepSensorIds', 'moveSensorIds'],
  ...['append', 'remove', 'handOver'],
];

type Joining = Awaited<ReturnType<typeof twoStations>>;

/** A mirrored station with a past of nine days, and one here that began when it ended. */
async function twoStations() {
  const house = await openHouse();
  const { registry, store } = house;
  const make = async (fields: Partial<NewStation>) => {
    const made = await registry.addStation({
      ...{ name: 'Balkon', position: { lat: 51.0441, lon: 13.7458 }, isIndoor: false, sensorModels: ['sds011'] },
      ...{ status: 'active', source: 'direct', licence: 'ODbL-1.0', ...fields },
    });
    if (isRefusal(made)) throw new Error(made.refused);
    return made.station.id;
  };
  const other = await make({ source: 'mirror', externalIds: ['sensor.community:39300'] });
  const into = await make({});
  const fill = (stationId: string, first: number, count: number) => {
    const readings = Array.from({ length: count }, (_, step): Reading => {
      const measuredAt = FIRST + (first + step) * STEP;
      return { stationId, sensor: 'sds011', measuredAt, values: { pm25: (first + step) / 10 }, flags: 0 };
    });
    return store.append(readings.map((reading) => messageOf(reading, reading.measuredAt)));
  };
  await fill(other, 0, THEIRS);
  await fill(into, THEIRS, OWN);
  await registry.keepSensorIds([{ stationId: other, sensor: 'sds011', number: 39_300 }]);
  await registry.assignSensorId(into, 'sds011');
  /** What was handed on and deleted, in a word each. */
  const told: string[] = [];
  const deps: JoinsDeps = {
    ...{ stationStore: registry, store, randomBytes, clock: () => NOW },
    citations: { handOver: async (from, to) => void told.push(`citations ${from} ${to}`) },
    stationJoined: async (from, to) => void told.push(`alerts ${from} ${to}`),
    erase: (stationId) => store.remove({ stationId }),
    onStored: () => undefined,
    refold: async () => undefined,
  };
  return { ...house, other, into, told, deps };
}

/** The parts, of which the process dies with the write of that number: after it, or before. */
function dyingAt(deps: JoinsDeps, death: number, isWritten: boolean): { deps: JoinsDeps; writes: () => number } {
  let writes = 0;
  const mortal = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const found = Reflect.get(target, name) as unknown;
        if (typeof found !== 'function') return found;
        return (...args: unknown[]) => {
          if (writes > death) throw new Error('dead');
          if (!WRITES.includes(String(name))) return found.apply(target, args);
          if (writes++ !== death) return found.apply(target, args);
          const dying = async () => {
            if (isWritten) await found.apply(target, args);
            throw new Error('dead');
          };
          return dying();
        };
      },
    });
  const { stationStore, store, citations } = deps;
  const parts = { stationStore: mortal(stationStore), store: mortal(store), citations: mortal(citations) };
  return { deps: { ...deps, ...parts, erase: (stationId) => parts.store.remove({ stationId }) }, writes: () => writes };
}

const timesOf = async ({ readings }: Joining, stationId: string) =>
  (await readings(stationId)).map(({ measuredAt }) => (measuredAt - FIRST) / STEP);
const run = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
const named = ({ id, externalIds, formerIds, joined }: Station) => ({
  ...{ id, externalIds, formerIds },
  joined: joined?.map((one) => one.id),
});

async function expectJoined(house: Joining) {
  const { registry, other, into, told } = house;
  expect(registry.stations().map(named)).toEqual([
    { id: into, externalIds: ['sensor.community:39300'], formerIds: [other], joined: [other] },
  ]);
  expect(await timesOf(house, into)).toEqual(run(0, THEIRS + OWN));
  expect(await timesOf(house, other)).toEqual([]);
  expect(registry.secondSensorIdsOf(into, 'sds011')).toEqual([39_300]);
  expect(new Set(told)).toEqual(new Set([`citations ${other} ${into}`, `alerts ${other} ${into}`]));
}

async function expectApart(house: Joining) {
  const { registry, other, into } = house;
  const [own, again] = registry.stations().map(named);
  expect([registry.stations().length, own]).toEqual([
    2,
    { id: into, externalIds: [], formerIds: undefined, joined: undefined },
  ]);
  expect(again).toMatchObject({ externalIds: ['sensor.community:39300'], formerIds: [other], joined: undefined });
  expect(await timesOf(house, into)).toEqual(run(THEIRS, THEIRS + OWN));
  expect(await timesOf(house, again!.id)).toEqual(run(0, THEIRS));
  expect(registry.sensorIdOf(again!.id, 'sds011')).toBe(39_300);
  expect(registry.secondSensorIdsOf(into, 'sds011')).toEqual([]);
}

/** Dies at every write in turn, and is done again by the next process; `begin` makes what the work starts from. */
async function dieEverywhere(
  begin: (house: Joining) => Promise<unknown>,
  work: (joins: Joins, house: Joining) => Promise<unknown>,
  check: (house: Joining) => Promise<void>,
): Promise<number> {
  for (let death = 0; ; death++) {
    for (const isWritten of [false, true]) {
      const house = await twoStations();
      await begin(house);
      const dying = dyingAt(house.deps, death, isWritten);
      const died = await work(new Joins(dying.deps), house).then(
        () => false,
        () => true,
      );
      if (!died) return dying.writes();
      const next = new Joins(house.deps);
      // What maintenance does at the start; then the operator, or the mirror, once more.
      await next.finish();
      for (const stationId of house.registry.pendingErasures()) {
        await house.deps.erase(stationId);
        await house.registry.completeErasure(stationId);
      }
      await work(next, house);
      await check(house);
    }
  }
}

it('joining is done again after a crash at any write, and nothing of the past is lost', async () => {
  const writes = await dieEverywhere(
    async () => undefined,
    (joins, { other, into }) => joins.join(other, into),
    expectJoined,
  );
  expect(writes).toBe(10);
});

it('what a crash left half copied cannot be deleted, and is joined by the next start alone', async () => {
  const house = await twoStations();
  const { deps, other, into, registry } = house;
  // Of the writes the third is the first page of copies.
  await expect(new Joins(dyingAt(deps, 2, true).deps).join(other, into)).rejects.toThrow('dead');
  expect(await timesOf(house, into)).not.toEqual(run(THEIRS, THEIRS + OWN));
  const next = new Joins(deps);
  expect([next.isJoining(other), next.isJoining(into)]).toEqual([true, false]);
  await next.finish();
  await expectJoined(house);
  expect([next.isJoining(other), registry.station(into)?.joining]).toEqual([false, undefined]);
});

it('taking apart is done again after a crash at any write', async () => {
  const writes = await dieEverywhere(
    ({ deps, other, into }) => new Joins(deps).join(other, into),
    (joins, { other, into }) => joins.split(into, other),
    expectApart,
  );
  expect(writes).toBe(6);
});

it('a station half taken apart is taken apart at the next start, and not joined with anything else before', async () => {
  const house = await twoStations();
  const { deps, other, into, registry } = house;
  await new Joins(deps).join(other, into);
  await expect(new Joins(dyingAt(deps, 0, true).deps).split(into, other)).rejects.toThrow('dead');
  const again = registry.stations().find(({ id }) => id !== into)!;
  expect(await timesOf(house, again.id)).toEqual([]);
  const next = new Joins(deps);
  await next.finish();
  await expectApart(house);
  expect(await next.split(into, other)).toBeUndefined();
});

it('asked twice at once, they are joined once', async () => {
  const house = await twoStations();
  const joins = new Joins(house.deps);
  const { other, into } = house;
  await Promise.all([joins.join(other, into), joins.join(other, into)]);
  await expectJoined(house);
  const apart = await Promise.all([joins.split(into, other), joins.split(into, other)]);
  expect(apart.map((station) => station?.formerIds)).toEqual([[other], undefined]);
  await expectApart(house);
});

it('a station deleted while another is joined with it takes what was copied along, and the other stays', async () => {
  const house = await twoStations();
  const { deps, other, into, registry, store } = house;
  const handing: JoinsDeps['store'] = {
    append: async (messages) => {
      const outcomes = await store.append(messages);
      await registry.removeStation(into);
      await store.remove({ stationId: into });
      return outcomes;
    },
    scan: (query) => store.scan(query),
    seriesOf: (stationId) => store.seriesOf(stationId),
    remove: (query) => store.remove(query),
  };
  await new Joins({ ...deps, store: handing }).join(other, into);
  expect(registry.stations().map(({ id }) => id)).toEqual([other]);
  expect([await timesOf(house, into), (await timesOf(house, other)).length]).toEqual([[], THEIRS]);
});

it('a station is known to be joined while it is, and one whose deletion was asked for before is not joined', async () => {
  const house = await twoStations();
  const { deps, other, into, registry, store } = house;
  const seen: boolean[] = [];
  const joins: Joins = new Joins({
    ...deps,
    store: {
      append: (messages) => {
        seen.push(joins.isJoining(other), joins.isJoining(into));
        return store.append(messages);
      },
      scan: (query) => store.scan(query),
      seriesOf: (stationId) => store.seriesOf(stationId),
      remove: (query) => store.remove(query),
    },
  });
  await joins.join(other, into);
  expect([seen.slice(0, 2), joins.isJoining(other)]).toEqual([[true, false], false]);

  const again = await twoStations();
  const removal = again.registry.removeStation(again.other);
  await new Joins(again.deps).join(again.other, again.into);
  await removal;
  expect(await timesOf(again, again.into)).toEqual(run(THEIRS, THEIRS + OWN));
  expect(registry.stations()).toHaveLength(1);
});

it('the next start ends what a kill cut short, also where nothing is mirrored', async () => {
  const first = await startProgram();
  const own = await first.addStation('esp8266-15303512', { position: { lat: 51.0441, lon: 13.7458 } });
  const former = await importDay(first);
  await first.close();
  // As far as the join had come: the readings are copied, and the other is among the former ones.
  const path = join(first.dataDir, 'registry.duckdb');
  const registry = new StationStore({ path, clock: Date.now, randomBytes });
  await registry.open();
  await registry.updateStation(own.id, { formerIds: [former] });
  await registry.close();
  const next = await startProgram({ dataDir: first.dataDir });
  await until('the other is gone', async () => !(await next.get('/api/v1/stations')).text.includes(`"${former}"`));
  expect((await next.get('/api/v1/stations')).text).toContain(own.id);
  const answer = await fetch(`${next.url}/station/${former}`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([308, `/station/${own.id}`]);
});

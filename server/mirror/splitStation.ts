import type { JoinedStation, Station } from '../domain/station.ts';
import type { RandomBytes } from '../process/keys.ts';
import { newStationId } from '../process/keys.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { isRefusal, type StationStore } from '../store/registry/stationStore.ts';
import { type MergeDeps, messageOf } from './mergeStations.ts';

/** What taking apart works on. */
export interface SplitDeps {
  stationStore: Pick<StationStore, 'station' | 'stations' | 'addStation' | 'updateStation' | 'moveSensorIds'>;
  store: Pick<ReadingStore, 'append' | 'scan' | 'remove'>;
  onStored: MergeDeps['onStored'];
  /** Reads the last day of a station anew into what shows the present. */
  refold: (stationId: string) => Promise<void>;
  randomBytes: RandomBytes;
  clock: () => number;
}

/**
 * Takes apart what `mergeStations` joined: the other station is there again under an id of its own, with its readings from
 * before `until`, its numbers and its former addresses. Citations and viewers' alerts stay with the station that they name
 * by now; readings that were pruned meanwhile, and their hours, stay as well. Every step can be repeated after a crash.
 * Undefined when nothing of that id was joined.
 */
export async function splitStation(deps: SplitDeps, stationId: string, joinedId: string): Promise<Station | undefined> {
  const { stationStore, refold } = deps;
  const joined = stationStore.station(stationId)?.joined?.find(({ id }) => id === joinedId);
  if (joined === undefined) return undefined;
  const ownId = await revived(deps, stationId, joined);
  // Before its readings: a sensor that is heard of without a number is given another.
  await stationStore.moveSensorIds(joined.numbers.map((kept) => ({ ...kept, from: stationId, to: ownId })));
  await moveReadings(deps, { from: stationId, to: ownId, until: joined.until });
  await refold(stationId);
  // Last: until then all of it can be done again.
  await stationStore.updateStation(stationId, (station) => without(station, joined));
  return stationStore.station(ownId);
}

/** The station that was joined, where it has been made again and is not apart yet. */
export function begunSplit(
  stations: readonly Station[],
  stationId: string,
  joined: JoinedStation,
): Station | undefined {
  return stations.find(({ id, formerIds }) => id !== stationId && formerIds?.includes(joined.id));
}

/** The id under which the joined station is there again. */
async function revived({ stationStore, randomBytes }: SplitDeps, stationId: string, joined: JoinedStation) {
  const begun = begunSplit(stationStore.stations(), stationId, joined);
  if (begun !== undefined) return begun.id;
  const { name, position, isIndoor, sensorModels, source, licence, externalIds, formerIds } = joined;
  const made = await stationStore.addStation({
    ...{ id: newStationId(randomBytes), name, position, isIndoor, sensorModels, source, licence, externalIds },
    formerIds: [...formerIds, joined.id],
    status: 'active',
  });
  if (isRefusal(made)) throw new Error(`a joined station could not be made again: ${made.refused}`);
  return made.station.id;
}

async function moveReadings(
  { store, onStored, clock }: SplitDeps,
  { from, to, until }: { from: string; to: string; until: number },
): Promise<void> {
  for await (const page of store.scan({ stationId: from, from: 0, to: until })) {
    const messages = page.map((reading) => messageOf({ ...reading, stationId: to }, clock()));
    onStored(messages, await store.append(messages));
  }
  await store.remove({ stationId: from, from: 0, to: until });
}

function without({ externalIds, formerIds = [], joined: all = [] }: Station, joined: JoinedStation) {
  const theirs = new Set([...joined.formerIds, joined.id]);
  const left = all.filter(({ id }) => id !== joined.id);
  const former = formerIds.filter((id) => !theirs.has(id));
  return {
    externalIds: externalIds.filter((id) => !joined.externalIds.includes(id)),
    formerIds: former.length === 0 ? undefined : former,
    joined: left.length === 0 ? undefined : left,
  };
}

import type { Citations } from '../citation/citations.ts';
import type { AcceptedMessage, Reading } from '../domain/reading.ts';
import type { JoinedStation, Station } from '../domain/station.ts';
import type { AppendOutcome, ReadingStore } from '../store/readingStore.ts';
import { isRefusal, type StationChange, type StationStore } from '../store/registry/stationStore.ts';
import { SAME_READING_MS } from './doubles.ts';

/** What merging works on. */
export interface MergeDeps {
  stationStore: Pick<
    StationStore,
    'updateStation' | 'removeStation' | 'completeErasure' | 'station' | 'sensorIdOf' | 'keepSensorIds'
  >;
  store: Pick<ReadingStore, 'append' | 'scan' | 'seriesOf'>;
  /** Keeps what was cited. */
  citations: Pick<Citations, 'handOver'>;
  /** Lets viewers' alerts on a station go on with the one it is now. */
  stationJoined: (formerId: string, into: string) => Promise<void>;
  /** Removes everything stored of a station but its registry entry. */
  erase: (stationId: string) => Promise<unknown>;
  onStored: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
  clock: () => number;
}

/**
 * Makes one station of two that are one device: `into` gets the other's ids and its readings from before its own first
 * one (later ones are the same readings with another time), what was cited of it and viewers' alerts; the other is gone, its address leads
 * on. Readings are copied before anything is removed, and copying again changes nothing; a crash leaves at worst both, marked
 * as `joining` until they are copied, with `finishMerge` to do what is left once the id is among the former ones.
 */
export async function mergeStations(deps: MergeDeps, other: Station, into: Station): Promise<void> {
  const { stationStore, store, onStored, clock } = deps;
  if (isRefusal(await stationStore.updateStation(into.id, { joining: other.id }))) return;
  // Its first own reading may be there as well, a few seconds older.
  const until = Math.min(clock(), (await firstOwn(store, into.id, other.id)) ?? clock()) - SAME_READING_MS;
  for await (const page of store.scan({ stationId: other.id, from: 0, to: until })) {
    const messages = page.map((reading) => messageOf({ ...reading, stationId: into.id }, clock()));
    onStored(messages, await store.append(messages));
  }
  const numbers = (await store.seriesOf(other.id)).flatMap(({ sensor }) => {
    const number = stationStore.sensorIdOf(other.id, sensor);
    return number === undefined ? [] : [{ stationId: into.id, sensor, number }];
  });
  await stationStore.keepSensorIds([...new Map(numbers.map((kept) => [kept.sensor, kept])).values()]);
  const joined = joinedStation(other, { numbers, until, joinedAt: clock() });
  const written = await stationStore.updateStation(into.id, (station) => withJoined(station, other, joined));
  // Deleted meanwhile: what was copied goes after it, and the other stays.
  if (isRefusal(written)) return void (await deps.erase(into.id));
  await finishMerge(deps, other.id, into.id);
}

/**
 * Time of the first reading of a station that is its own, epoch ms: one that the other has as well was copied before a crash.
 * Undefined when it has none.
 */
async function firstOwn(store: MergeDeps['store'], stationId: string, otherId: string): Promise<number | undefined> {
  for await (const page of store.scan({ stationId, from: 0, to: Number.POSITIVE_INFINITY })) {
    const [from = 0, last = 0] = [page[0]?.measuredAt, page.at(-1)?.measuredAt];
    const theirs = new Set<string>();
    for await (const readings of store.scan({ stationId: otherId, from, to: last + 1 })) {
      for (const reading of readings) theirs.add(keyOf(reading));
    }
    const own = page.find((reading) => !theirs.has(keyOf(reading)));
    if (own !== undefined) return own.measuredAt;
  }
  return undefined;
}

function keyOf({ sensor, measuredAt }: Reading): string {
  return `${sensor}/${measuredAt}`;
}

/** What becomes of the station that stays. */
function withJoined(station: Station, other: Station, joined: JoinedStation): StationChange {
  return {
    externalIds: [...new Set([...station.externalIds, ...other.externalIds])],
    formerIds: [...(station.formerIds ?? []), ...(other.formerIds ?? []), other.id],
    joined: [...(station.joined ?? []), joined],
    sensorCommunityId: undefined,
    joining: undefined,
  };
}

/** Removes a station whose id is among the former ones of `into`. */
export async function finishMerge(deps: MergeDeps, formerId: string, into: string): Promise<void> {
  const { stationStore, citations, stationJoined, erase } = deps;
  await citations.handOver(formerId, into);
  await stationJoined(formerId, into);
  await stationStore.removeStation(formerId);
  await erase(formerId);
  await stationStore.completeErasure(formerId);
}

function joinedStation(
  { id, name, position, isIndoor, sensorModels, source, licence, externalIds, formerIds = [] }: Station,
  { numbers, ...rest }: Pick<JoinedStation, 'numbers' | 'until' | 'joinedAt'>,
): JoinedStation {
  return {
    ...{ id, name, position, isIndoor, sensorModels, source, licence, externalIds, formerIds, ...rest },
    numbers: numbers.map(({ sensor, number }) => ({ sensor, number })),
  };
}

/** A stored reading as a message of its station, to be stored again. */
export function messageOf(reading: Reading, receivedAt: number): AcceptedMessage {
  const { stationId, measuredAt } = reading;
  return { stationId, measuredAt, receivedAt, health: {}, readings: [reading] };
}

import { SAME_PLACE_METRES } from '../archive/stationPlaces.ts';
import { flagBit, hasBit } from '../domain/assessment/flag.ts';
import { distanceMetres } from '../domain/distance.ts';
import { DAY_MS } from '../domain/durations.ts';
import { isPublic, type Position, type Station } from '../domain/station.ts';
import type { Logger } from '../log.ts';
import type { RecentReadings } from '../sensorCommunity/recentReadings.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { DoubleFinder, type Sighting } from './doubles.ts';
import type { Joins } from './joins.ts';
import type { MirrorMemory } from './mirrorMemory.ts';
import type { MirrorRow } from './mirrorRecords.ts';

/** A device is looked for among the stations this near, metres: both positions are rounded to about 100 m. */
const NEAR_METRES = 500;
/** The same as latitude, degrees, generously: tells the far ones apart at once. */
const NEAR_LATITUDE = 0.005;
/** A station here that has sent nothing for this long, ms, no longer speaks for its place. */
const SILENT_MS = DAY_MS;
const SENSOR = 'sensor.community:';
const LOCATION = 'sensor.community-location:';
const CLAIMED = flagBit('claimed');

/** What is needed to find out, and to act on it. */
export interface OnePlaceDeps {
  stationStore: StationStore;
  store: Pick<ReadingStore, 'seriesOf'>;
  joins: Pick<Joins, 'join'>;
  /** What stations here sent in the last five minutes. */
  recent: Pick<RecentReadings, 'of'>;
  memory: MirrorMemory;
  /** How far back the recent readings reach, ms. */
  recentMs: number;
  log: Pick<Logger, 'info'>;
  clock: () => number;
}

/** One place has one vote: of a station here and its double at sensor.community one counts. */
export class OnePlace {
  readonly #deps: OnePlaceDeps;
  readonly #doubles = new DoubleFinder();

  constructor(deps: OnePlaceDeps) {
    this.#deps = deps;
  }

  /** Rows of devices that do not send here themselves: neither their sensor nor their place is joined with a station here. */
  foreign(rows: readonly MirrorRow[]): MirrorRow[] {
    const direct = this.#deps.stationStore.stations().filter(({ source }) => source === 'direct');
    const own = new Set(direct.flatMap(({ externalIds }) => externalIds));
    return rows.filter(({ source: { sensorId, locationId } }) => {
      return !own.has(`${SENSOR}${sensorId}`) && !own.has(`${LOCATION}${locationId}`);
    });
  }

  /** Looks for stations here that say what the rows say. */
  async find(rows: readonly MirrorRow[]): Promise<void> {
    // One that is not shown speaks for no place, and must not be named.
    const direct = this.#deps.stationStore.stations().filter((one) => one.source === 'direct' && isPublic(one));
    for (const row of rows) {
      const { pm25, pm10 } = row.message.sensors[0]?.values ?? {};
      if (pm25 === undefined || pm10 === undefined) continue;
      const sighting = { measuredAt: row.measuredAt, pm25, pm10 };
      for (const station of direct) {
        const isNamed = station.sensorCommunityId === row.source.sensorId;
        if (!isNamed && !isNear(station.position, row.source.position)) continue;
        const pair = `${station.id}/${row.source.sensorId}`;
        const isDouble = this.#doubles.compare(pair, sighting, this.#sightingsOf(station.id));
        if (isDouble) await this.#settle(row, station, isNamed);
      }
    }
  }

  /** Takes those in again whose station here was deleted or hidden or has fallen silent: a place without a vote is a gap in the map. */
  async takeInAgain(): Promise<void> {
    const { stationStore, memory, log } = this.#deps;
    for (const [stationId, ownId] of Object.entries(memory.notes.doubles)) {
      const station = stationStore.station(stationId);
      const isLeftOut = station !== undefined && isDouble(station);
      if (isLeftOut && (await this.#speaks(ownId))) continue;
      // Taken in by the operator it stays in: the note says that we had our turn.
      if (station !== undefined && !isLeftOut && stationStore.station(ownId) !== undefined) continue;
      const { [stationId]: _done, ...doubles } = memory.notes.doubles;
      memory.note({ doubles });
      if (!isLeftOut) continue;
      const again = { status: 'active', statusReason: undefined, exclusion: undefined } as const;
      await stationStore.updateStation(stationId, (now) => (isDouble(now) ? again : {}));
      log.info({ stationId }, 'a mirrored station counts again: its double here is gone or silent');
    }
  }

  /** True for a station that is shown and has sent within the last day. */
  async #speaks(stationId: string): Promise<boolean> {
    const { stationStore, store, clock } = this.#deps;
    const station = stationStore.station(stationId);
    if (station === undefined || !isPublic(station)) return false;
    const series = await store.seriesOf(stationId);
    return series.some(({ last }) => last > clock() - SILENT_MS);
  }

  /** Joins what its host named; leaves out of figures what only looks like a double. */
  async #settle({ source }: MirrorRow, station: Station, isNamed: boolean): Promise<void> {
    const { stationStore, joins, memory, clock, log } = this.#deps;
    const { sensorId } = source;
    const mirrored = this.#mirroredAt(sensorId, source.position);
    if (mirrored === undefined) return;
    if (isNamed) {
      await joins.join(mirrored.id, station.id);
      log.info({ stationId: station.id, sensorId }, 'a station and its sensor.community sensor are one now');
    } else if (mirrored.status === 'active' && memory.notes.doubles[mirrored.id] !== station.id) {
      const statusReason = `Sends the same values as the station “${station.name.slice(0, 80)}”: counted once.`;
      const change = { status: 'excluded', statusReason, exclusion: { reason: 'double', since: clock() } } as const;
      // Not one that the operator has just hidden: left out it would be shown.
      await stationStore.updateStation(mirrored.id, ({ status }) => (status === 'active' ? change : {}));
      memory.note({ doubles: { ...memory.notes.doubles, [mirrored.id]: station.id } });
    }
  }

  /** The station of a sensor at its present place: a sensor that was moved has one for each. */
  #mirroredAt(sensorId: number, position: Position): Station | undefined {
    return this.#deps.stationStore.stations().find((station) => {
      const isTheirs = station.source === 'mirror' || station.source === 'import';
      const isThis = isTheirs && station.externalIds.includes(`${SENSOR}${sensorId}`);
      return isThis && distanceMetres(station.position, position) <= SAME_PLACE_METRES;
    });
  }

  #sightingsOf(stationId: string): Sighting[] {
    const { recent, recentMs, clock } = this.#deps;
    const sightings: Sighting[] = [];
    for (const { readings } of recent.of(stationId, clock() - recentMs)) {
      for (const { measuredAt, values, flags } of readings) {
        // A time of the sender's own choosing proves nothing.
        if (!hasBit(flags, CLAIMED)) sightings.push({ measuredAt, pm25: values.pm25, pm10: values.pm10 });
      }
    }
    return sightings;
  }
}

/** Left out of figures as another station's double. */
function isDouble({ status, exclusion }: Station): boolean {
  return status === 'excluded' && exclusion?.reason === 'double';
}

function isNear(one: Position, other: Position): boolean {
  return Math.abs(one.lat - other.lat) < NEAR_LATITUDE && distanceMetres(one, other) <= NEAR_METRES;
}

import { isRefusedRow } from '../archive/archiveRow.ts';
import { RowJudge } from '../archive/rowJudge.ts';
import { StationPlaces } from '../archive/stationPlaces.ts';
import { distanceMetres } from '../domain/distance.ts';
import { flagBit, hasBit } from '../domain/flag.ts';
import type { AcceptedMessage } from '../domain/reading.ts';
import type { Station } from '../domain/station.ts';
import type { Logger } from '../log.ts';
import type { RandomBytes } from '../process/keys.ts';
import type { RecentReadings } from '../sensorCommunity/recentReadings.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/stationStore.ts';
import { DoubleFinder, type Sighting } from './doubles.ts';
import { type MergeDeps, mergeStations } from './mergeStations.ts';
import { type MirrorRow, mirrorRows, type Region } from './mirrorRecords.ts';
import type { PoliteClient } from './politeClient.ts';

/** One request in this long, ms: their file holds the last five minutes. */
export const MIRROR_INTERVAL_MS = 300_000;
/** A device is looked for among the stations this near, metres: both positions are rounded to about 100 m. */
const NEAR_METRES = 500;
const SENSOR = 'sensor.community:';
const CLAIMED = flagBit('claimed');

/** What a record says of the place beside its position. */
type Ground = Pick<MirrorRow, 'altitudeMetres' | 'country'>;

/** What the mirror is made from. */
export interface MirrorDeps extends MergeDeps {
  stationStore: StationStore;
  store: ReadingStore;
  client: Pick<PoliteClient, 'fetch'>;
  region: Region;
  /** What stations here sent in the last five minutes. */
  recent: Pick<RecentReadings, 'of'>;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  randomBytes: RandomBytes;
}

/**
 * Mirrors a region of sensor.community: outdoor stations, marked as mirrored, under their own numbers. One place has one
 * vote: what a station here sends itself is not taken from there as well.
 */
export class Mirror {
  readonly #deps: MirrorDeps;
  readonly #doubles = new DoubleFinder();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: MirrorDeps) {
    this.#deps = deps;
  }

  /** Begins to ask, at once and then every five minutes. Returns the way to end it. */
  start(): () => Promise<void> {
    const tick = () => {
      this.#running ??= this.#safely().finally(() => {
        this.#running = undefined;
      });
    };
    this.#timer = setInterval(tick, MIRROR_INTERVAL_MS);
    tick();
    return async () => {
      clearInterval(this.#timer);
      await this.#running;
    };
  }

  /** One request and what follows from it; how many readings were stored. */
  async once(): Promise<number> {
    const fetched = await this.#deps.client.fetch();
    if (fetched === undefined || fetched.kind === 'unchanged') return 0;
    if (fetched.kind === 'failed') {
      this.#deps.log.warn({ why: fetched.why }, 'sensor.community does not answer; the mirror waits');
      return 0;
    }
    const rows = mirrorRows(fetched.json, this.#deps.region);
    if (rows === undefined) {
      this.#deps.log.warn('what the mirror fetched is no file of sensor.community');
      return 0;
    }
    const own = ownSensors(this.#deps.stationStore.stations());
    const foreign = rows.filter(({ source }) => !own.has(source.sensorId));
    const stored = await this.#store(foreign);
    await this.#findDoubles(foreign);
    return stored;
  }

  async #safely(): Promise<void> {
    try {
      await this.once();
    } catch (error) {
      this.#deps.log.error({ err: error }, 'mirroring failed');
    }
  }

  async #store(rows: readonly MirrorRow[]): Promise<number> {
    const { stationStore, store, randomBytes, clock, onStored } = this.#deps;
    const places = new StationPlaces(stationStore, { isJoining: true, randomBytes, source: 'mirror' });
    const judge = new RowJudge(places, clock());
    const messages: AcceptedMessage[] = [];
    const grounds = new Map<string, Ground>();
    for (const row of [...rows].sort((a, b) => a.measuredAt - b.measuredAt)) {
      const judged = judge.judge(row);
      if (isRefused(judged)) continue;
      messages.push(judged);
      grounds.set(judged.stationId, row);
    }
    await places.save();
    for (const [stationId, ground] of grounds) {
      const station = stationStore.station(stationId);
      // What its host said of a place here stands; an imported station is theirs as much as a mirrored one.
      const changes = station === undefined || station.source === 'direct' ? {} : newsOf(station, ground);
      if (Object.keys(changes).length > 0) await stationStore.updateStation(stationId, changes);
    }
    if (messages.length === 0) return 0;
    const outcomes = await store.append(messages);
    onStored(messages, outcomes);
    return outcomes.filter(({ stored }) => stored.length > 0).length;
  }

  async #findDoubles(rows: readonly MirrorRow[]): Promise<void> {
    const stations = this.#deps.stationStore.stations();
    const direct = stations.filter(({ source }) => source === 'direct');
    for (const { source, measuredAt, message } of rows) {
      const { pm25, pm10 } = message.sensors[0]?.values ?? {};
      if (pm25 === undefined || pm10 === undefined) continue;
      for (const station of direct) {
        const isNamed = station.sensorCommunityId === source.sensorId;
        if (!isNamed && distanceMetres(station.position, source.position) > NEAR_METRES) continue;
        const ours = this.#sightingsOf(station.id);
        const isDouble = this.#doubles.compare(`${station.id}/${source.sensorId}`, { measuredAt, pm25, pm10 }, ours);
        if (isDouble) await this.#settle(source.sensorId, station, isNamed);
      }
    }
  }

  /** Joins what its host named; leaves out of figures what only looks like a double. */
  async #settle(sensorId: number, station: Station, isNamed: boolean): Promise<void> {
    const { stationStore, log } = this.#deps;
    const mirrored = stationStore.stations().find(({ source, externalIds }) => {
      return (source === 'mirror' || source === 'import') && externalIds.includes(`${SENSOR}${sensorId}`);
    });
    if (mirrored === undefined) return;
    if (isNamed) {
      await mergeStations(this.#deps, mirrored, station);
      log.info({ stationId: station.id, sensorId }, 'a station and its sensor.community sensor are one now');
    } else if (mirrored.status === 'active') {
      const statusReason = `Sends the same values as the station “${station.name.slice(0, 80)}”: counted once.`;
      await stationStore.updateStation(mirrored.id, {
        ...{ status: 'excluded', statusReason },
        exclusion: { reason: 'double', since: this.#deps.clock() },
      });
    }
  }

  #sightingsOf(stationId: string): Sighting[] {
    const sightings: Sighting[] = [];
    for (const { readings } of this.#deps.recent.of(stationId, this.#deps.clock() - MIRROR_INTERVAL_MS)) {
      for (const { measuredAt, values, flags } of readings) {
        // A time of the sender's own choosing proves nothing.
        if (!hasBit(flags, CLAIMED)) sightings.push({ measuredAt, pm25: values.pm25, pm10: values.pm10 });
      }
    }
    return sightings;
  }
}

/** What a station learns of its place: the altitude once, the country as often as it is put right there. */
function newsOf(station: Station, { altitudeMetres, country }: Ground): Ground {
  return {
    ...(station.altitudeMetres === undefined && altitudeMetres !== undefined && { altitudeMetres }),
    ...(country !== undefined && country !== station.country && { country }),
  };
}

/** Numbers of sensors that stations here send themselves. */
function ownSensors(stations: readonly Station[]): Set<number> {
  const direct = stations.filter(({ source }) => source === 'direct').flatMap(({ externalIds }) => externalIds);
  return new Set(direct.filter((id) => id.startsWith(SENSOR)).map((id) => Number(id.slice(SENSOR.length))));
}

function isRefused(judged: ReturnType<RowJudge['judge']>): judged is Extract<typeof judged, { refused: unknown }> {
  return isRefusedRow(judged as Parameters<typeof isRefusedRow>[0]);
}

import { isRefusedRow } from '../archive/archiveRow.ts';
import { RowJudge } from '../archive/rowJudge.ts';
import { StationPlaces } from '../archive/stationPlaces.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { AcceptedMessage } from '../domain/reading.ts';
import type { Position, Station } from '../domain/station.ts';
import type { Logger } from '../log.ts';
import type { RandomBytes } from '../process/keys.ts';
import type { RecentReadings } from '../sensorCommunity/recentReadings.ts';
import type { AppendOutcome, ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import type { Joins } from './joins.ts';
import { MirrorMemory } from './mirrorMemory.ts';
import { type MirrorRow, mirrorRows, type Region } from './mirrorRecords.ts';
import { OnePlace } from './onePlace.ts';
import { PinWatch } from './pinWatch.ts';
import type { PoliteClient } from './politeClient.ts';

/** One request in this long, ms: their file holds the last five minutes. */
const MIRROR_INTERVAL_MS = 300_000;
/** As for every time that a message brings itself: what is older comes by import. */
const MAX_AGE_MS = 7 * DAY_MS;

/** What the records of one look say of a place. */
interface Ground extends Pick<MirrorRow, 'altitudeMetres' | 'country'> {
  positions: Position[];
}

/** What the mirror is made from. */
export interface MirrorDeps {
  stationStore: StationStore;
  store: ReadingStore;
  joins: Pick<Joins, 'join' | 'finish'>;
  client: Pick<PoliteClient, 'fetch' | 'close'>;
  region: Region;
  /** What stations here sent in the last five minutes. */
  recent: Pick<RecentReadings, 'of'>;
  /** What was known before a restart. */
  memory?: MirrorMemory;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  onStored: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
  randomBytes: RandomBytes;
  clock: () => number;
}

/**
 * Mirrors a region of sensor.community: outdoor stations, marked as mirrored, under their own numbers. One place has one
 * vote: what a station here sends itself is not taken from there as well.
 */
export class Mirror {
  readonly #deps: MirrorDeps;
  readonly #memory: MirrorMemory;
  readonly #onePlace: OnePlace;
  readonly #pins = new PinWatch();
  #hasSaid = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(deps: MirrorDeps) {
    this.#deps = deps;
    this.#memory = deps.memory ?? new MirrorMemory();
    this.#onePlace = new OnePlace({ ...deps, memory: this.#memory, recentMs: MIRROR_INTERVAL_MS });
  }

  /** Begins to ask: five minutes after the last request, be it one before a restart, and then every five. Returns the way to end it. */
  start(): () => Promise<void> {
    const tick = () => {
      this.#running ??= this.#safely().finally(() => {
        this.#running = undefined;
      });
    };
    const begin = () => {
      this.#timer = setInterval(tick, MIRROR_INTERVAL_MS);
      tick();
    };
    this.#timer = setTimeout(begin, this.#firstPause());
    return async () => {
      clearInterval(this.#timer);
      this.#deps.client.close();
      await this.#running;
    };
  }

  #firstPause(): number {
    const age = this.#deps.clock() - this.#memory.notes.askedAt;
    return age >= 0 && age < MIRROR_INTERVAL_MS ? MIRROR_INTERVAL_MS - age : 0;
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
    this.#sayFirst(fetched.json.length, rows.length);
    await this.#deps.joins.finish();
    const foreign = this.#onePlace.foreign(rows);
    const stored = await this.#store(foreign);
    fetched.taken();
    await this.#onePlace.find(foreign);
    await this.#onePlace.takeInAgain();
    return stored;
  }

  /** After the first look: whoever mixed up latitude and longitude would wait for stations without end. */
  #sayFirst(records: number, inRegion: number): void {
    if (this.#hasSaid || records === 0) return;
    this.#hasSaid = true;
    const { log, region } = this.#deps;
    if (inRegion > 0) log.info({ records, inRegion }, 'the mirror has looked at sensor.community');
    else log.warn({ records, region }, 'no outdoor sensor of sensor.community lies in MIRROR_AREA (lat,lon,km)');
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
    const judge = new RowJudge(places, clock(), clock() - MAX_AGE_MS);
    const messages: AcceptedMessage[] = [];
    const grounds = new Map<string, Ground>();
    for (const row of [...rows].sort((a, b) => a.measuredAt - b.measuredAt)) {
      const judged = judge.judge(row);
      if (isRefused(judged)) continue;
      messages.push(judged);
      const { positions = [] } = grounds.get(judged.stationId) ?? {};
      grounds.set(judged.stationId, { ...row, positions: [...positions, row.source.position] });
    }
    await places.save();
    for (const [stationId, ground] of grounds) await this.#learn(stationId, ground);
    if (messages.length === 0) return 0;
    const outcomes = await store.append(messages);
    onStored(messages, outcomes);
    return outcomes.filter(({ stored }) => stored.length > 0).length;
  }

  /** What its host said of a place here stands; an imported station is theirs as much as a mirrored one. */
  async #learn(stationId: string, ground: Ground): Promise<void> {
    const { stationStore, clock } = this.#deps;
    const station = stationStore.station(stationId);
    if (station === undefined || station.source === 'direct') return;
    const position = this.#pins.look(stationId, station.position, { said: ground.positions, now: clock() });
    const changes = { ...newsOf(station, ground), ...(position && { position }) };
    // Within a kilometre it is the same place: a pin that was put right.
    if (Object.keys(changes).length > 0) await stationStore.updateStation(stationId, changes, { isCorrection: true });
  }
}

/** What a station learns of its place: the altitude once, the country as often as it is put right there. */
function newsOf(station: Station, { altitudeMetres, country }: Ground): Partial<Ground> {
  return {
    ...(station.altitudeMetres === undefined && altitudeMetres !== undefined && { altitudeMetres }),
    ...(country !== undefined && country !== station.country && { country }),
  };
}

function isRefused(judged: ReturnType<RowJudge['judge']>): judged is Extract<typeof judged, { refused: unknown }> {
  return isRefusedRow(judged as Parameters<typeof isRefusedRow>[0]);
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { BROKEN_FOR_MS } from '../domain/humidityHistory.ts';
import { ROLLUP_METHOD, type RollupRow } from '../domain/rollup.ts';
import type { Logger } from '../log.ts';
import { type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';
import type { DirtyRange } from '../store/rollupStore.ts';
import { DirtyStations, joined, type Stretch } from './dirtyStations.ts';
import { dayStart, type MadeRows, madeRows, type RollupWork, StoredRows } from './rollupWork.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Readings before a stretch that its rows may rest on: a run of equal values, the cadence of the days before. */
const NARROW_MS = 3 * DAY_MS;
/** The same with a humidity sensor that may have been proved broken earlier, and how far its proof reaches. */
const WIDE_MS = BROKEN_FOR_MS + NARROW_MS;
/** Stations worked on together, and the days at a time: some 30 MB, and no turn of the event loop beyond 50 ms. */
const STATIONS_AT_ONCE = 4;
const PIECE_MS = 183 * DAY_MS;
/** Stations whose last hours are closed together. */
const STATIONS_PER_CLOSE = 100;
/** After a longer absence what is missing is made piece by piece, as for history. */
const CLOSE_AT_ONCE_MS = 2 * DAY_MS;
/** Rows handed to the store at once. */
const ROWS_PER_WRITE = 20_000;
/** How often the clock is looked at, and how long marks gather before they are worked on, ms. */
const TICK_MS = 5_000;
const GATHER_MS = 1_000;
const PROGRESS_MS = 10_000;

/** What the keeper works with. */
export interface RollupKeeperDeps {
  store: ReadingStore;
  stationIds: () => string[];
  /** Periods that a station's host has explained, epoch ms. */
  annotationsOf: (stationId: string) => readonly Stretch[];
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  /** Before this the readings are, or soon will be, gone for good: rows stay as they are. Epoch ms. */
  rawFrom: () => number;
  /** False while more urgent things are being read: nothing is begun then that nobody waits for. */
  mayBegin?: () => boolean;
  /** Told when hours up to `until`, epoch ms, are closed, and at the start. */
  onClosed?: (until: number) => void;
  /** Told when a humidity sensor was proved broken last, epoch ms. */
  onProof?: (stationId: string, sensor: string, provedAt: number) => void;
  clock: () => number;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Keeps the rows of closed hours and days true: makes them when an hour ends, and anew when late readings, imports,
 * removals, annotations or other rules change what they rest on. What is out of date is marked in the store, in the
 * commit that makes it so, and therefore found again after a crash. Bounded by the number of stations.
 */
export class RollupKeeper {
  readonly #deps: RollupKeeperDeps;
  readonly #dirty = new DirtyStations();
  readonly #inWork = new Set<string>();
  /** Stations somebody waits for. */
  readonly #wanted = new Map<string, number>();
  /** When humidity sensors were proved broken last, of stations whose past has been looked at since the start. */
  readonly #provedByStation = new Map<string, Map<string, number>>();
  /** Hours before it are rows; undefined until the store has told. */
  #closedUntil: number | undefined;
  #running: Promise<void> | undefined;
  #stepped: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #isClosing = false;
  #isAwayTold = false;
  #hasFailed = false;
  #rowsWritten = 0;

  constructor(deps: RollupKeeperDeps) {
    this.#deps = deps;
  }

  /** Begins: what is missing is made in the background. */
  start(): void {
    this.#deps.store.rollups.onMark((marks) => {
      this.#dirty.add(marks);
      this.#gathering ??= setTimeout(() => {
        this.#gathering = undefined;
        this.#runWhenQuiet();
      }, GATHER_MS).unref();
    });
    this.#timer = setInterval(() => this.#runWhenQuiet(), TICK_MS).unref();
    this.#runWhenQuiet();
  }

  /** Ends after the piece of work under way; what is left stays marked. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
    await this.#running;
  }

  /** Resolves when the rows of these stations are true up to now, or the time is up. */
  async upToDate(stationIds: readonly string[], patienceMs: number): Promise<void> {
    if (!this.isBehind(stationIds)) return;
    const isUp = { now: false };
    const timer = setTimeout(() => {
      isUp.now = true;
      this.#tellStep();
    }, patienceMs);
    for (const id of stationIds) this.#wanted.set(id, (this.#wanted.get(id) ?? 0) + 1);
    try {
      while (this.isBehind(stationIds) && !isUp.now && !this.#isClosing) {
        this.#hasFailed = false;
        const step = new Promise<void>((resolve) => this.#stepped.push(resolve));
        void this.#run();
        await step;
        // The store is away: waiting for the next attempt would be waiting for nothing.
        if (this.#hasFailed) return;
      }
    } finally {
      clearTimeout(timer);
      for (const id of stationIds) this.#unwant(id);
    }
  }

  /** True while rows of one of these stations are missing or out of date. */
  isBehind(stationIds: readonly string[]): boolean {
    if (this.#closedUntil === undefined || this.#hourNow() > this.#closedUntil) return true;
    return stationIds.some((stationId) => this.#dirty.has(stationId) || this.#inWork.has(stationId));
  }

  /** Stations to be made anew, rows written since the start, and until when hours are closed (epoch ms). */
  stats(): { dirtyStations: number; rowsWritten: number; closedUntil: number } {
    const dirtyStations = this.#dirty.size + this.#inWork.size;
    return { dirtyStations, rowsWritten: this.#rowsWritten, closedUntil: this.#closedUntil ?? 0 };
  }

  /** A station is about to be erased: resolves when nothing more will be written for it. */
  async forget(stationId: string): Promise<void> {
    this.#dirty.take(stationId);
    this.#provedByStation.delete(stationId);
    while (this.#inWork.has(stationId)) await new Promise<void>((resolve) => this.#stepped.push(resolve));
  }

  #runWhenQuiet(): void {
    if (this.#deps.mayBegin?.() !== false) void this.#run();
  }

  /** Works until nothing is left; one at a time. Never rejects: what fails is tried again with the next tick. */
  #run(): Promise<void> {
    this.#running ??= this.#work()
      .catch((error: unknown) => this.#tellFailure(error))
      .finally(() => {
        this.#running = undefined;
        this.#tellStep();
      });
    return this.#running;
  }

  async #work(): Promise<void> {
    if (this.#isClosing) return;
    const isFirst = this.#closedUntil === undefined;
    await this.#begin();
    let toldAt = performance.now();
    const many = this.#dirty.size > STATIONS_AT_ONCE;
    if (many) this.#deps.log.info({ stations: this.#dirty.size }, 'hourly and daily means are being made');
    while (!this.#isClosing) {
      await this.#closeHours();
      if (!(await this.#makeNext())) break;
      if (performance.now() - toldAt < PROGRESS_MS) continue;
      toldAt = performance.now();
      this.#deps.log.info({ stationsLeft: this.#dirty.size }, 'hourly and daily means are being made');
    }
    this.#isAwayTold = false;
    if (isFirst && !this.#isClosing) this.#deps.onClosed?.(this.#closedUntil!);
    if (many && !this.#isClosing) this.#deps.log.info({ rows: this.#rowsWritten }, 'hourly and daily means are made');
  }

  /** Finds out what there is; with other rules than the rows were made by, everything is to be made anew. */
  async #begin(): Promise<void> {
    if (this.#closedUntil !== undefined) return;
    const { store, stationIds, dayOffsetMs } = this.#deps;
    const rules = `${ROLLUP_METHOD} days ${dayOffsetMs}`;
    const basis = await store.rollups.basis();
    if (basis?.rules === rules) {
      await store.rollups.closeUntil(basis.closedUntil);
      this.#dirty.add(await store.rollups.marks());
      this.#closedUntil = basis.closedUntil;
      return;
    }
    const closedUntil = this.#hourNow();
    await store.rollups.closeUntil(closedUntil);
    if (basis !== undefined && !basis.rules.endsWith(` days ${dayOffsetMs}`)) await this.#removeAll();
    await store.rollups.markDirty(stationIds().map((stationId) => ({ stationId, from: 0, to: closedUntil })));
    await store.rollups.setBasis({ rules, closedUntil });
    this.#dirty.add(await store.rollups.marks());
    this.#closedUntil = closedUntil;
  }

  /** Days begin elsewhere: rows of the old ones would stay beside the new. */
  async #removeAll(): Promise<void> {
    for (const stationId of this.#deps.stationIds()) await this.#deps.store.rollups.remove({ stationId });
  }

  /** Makes the rows of the hours that have ended since the last time. */
  async #closeHours(): Promise<void> {
    const from = this.#closedUntil!;
    const until = this.#hourNow();
    if (until <= from) return;
    const { store, stationIds } = this.#deps;
    // From here on what comes for these hours is marked, whether the work below has seen it or not.
    await store.rollups.closeUntil(until);
    if (until - from > CLOSE_AT_ONCE_MS) {
      await store.rollups.markDirty(stationIds().map((stationId) => ({ stationId, from, to: until })));
    } else {
      const all = stationIds();
      for (let first = 0; first < all.length && !this.#isClosing; first += STATIONS_PER_CLOSE) {
        await this.#close(all.slice(first, first + STATIONS_PER_CLOSE), from, until);
      }
    }
    if (this.#isClosing) return;
    await store.rollups.setBasis({ rules: `${ROLLUP_METHOD} days ${this.#deps.dayOffsetMs}`, closedUntil: until });
    this.#closedUntil = until;
    this.#tellStep();
    this.#deps.onClosed?.(until);
  }

  async #close(stationIds: readonly string[], from: number, until: number): Promise<void> {
    const { dayOffsetMs } = this.#deps;
    const day = dayStart(from, dayOffsetMs);
    const isKnown = stationIds.every((stationId) => this.#provedByStation.has(stationId));
    const work: RollupWork = {
      stationIds,
      from: day,
      to: dayStart(until - 1, dayOffsetMs) + DAY_MS,
      now: until,
      newFrom: from,
      dayOffsetMs,
      annotationsOf: this.#deps.annotationsOf,
      contextBeforeMs: isKnown ? NARROW_MS : WIDE_MS,
      contextAfterMs: 0,
      provedAt: (stationId, sensor) => this.#provedByStation.get(stationId)?.get(sensor),
    };
    // When a day ends, all of it is looked at once more: the cadence of a new instrument is only known by then.
    const hoursFrom = day + DAY_MS <= until ? day : from;
    const revised: DirtyRange[] = [];
    await this.#make(work, hoursFrom, ({ stationId, humidity, stuckSince }) => {
      const breaks = humidity.flatMap((sensor) => sensor.breaks).filter((at) => at >= from);
      const since = Math.min(stuckSince ?? until, ...breaks.map((at) => at - BROKEN_FOR_MS));
      if (since < hoursFrom) revised.push({ stationId, from: since, to: until });
    });
    if (revised.length > 0) await this.#deps.store.rollups.markDirty(revised);
  }

  /** Makes the rows of the next dirty stations; false when there are none. */
  async #makeNext(): Promise<boolean> {
    const stationIds = this.#dirty.next(STATIONS_AT_ONCE, new Set(this.#wanted.keys()));
    if (stationIds.length === 0) return false;
    const taken = stationIds.map((stationId) => ({ stationId, ...this.#dirty.take(stationId) }));
    for (const stationId of stationIds) this.#inWork.add(stationId);
    try {
      const span = await this.#deps.store.span();
      for (const stretch of this.#affected(taken[0]!.stretches, span?.first ?? this.#closedUntil!)) {
        await this.#makeStretch(stationIds, stretch);
      }
      if (this.#isClosing) return true;
      for (const { stationId, lastMark } of taken) await this.#deps.store.rollups.clearMarks(stationId, lastMark);
    } catch (error) {
      const marks = taken.flatMap(({ stationId, stretches, lastMark }) =>
        stretches.map((stretch) => ({ stationId, ...stretch, mark: lastMark })),
      );
      this.#dirty.add(marks);
      throw error;
    } finally {
      for (const stationId of stationIds) this.#inWork.delete(stationId);
      this.#tellStep();
    }
    return true;
  }

  /** Whole days whose rows may rest on something in the stretches. */
  #affected(stretches: readonly Stretch[], firstReading: number): Stretch[] {
    const { dayOffsetMs, rawFrom } = this.#deps;
    const earliest = dayStart(rawFrom() - 1, dayOffsetMs) + DAY_MS;
    const latest = dayStart(this.#closedUntil! - 1, dayOffsetMs) + DAY_MS;
    const wide = stretches.map(({ from, to }) => ({
      from: Math.max(earliest, dayStart(Math.max(from, firstReading) - BROKEN_FOR_MS, dayOffsetMs)),
      to: Math.min(latest, dayStart(Math.min(to, latest) - 1 + BROKEN_FOR_MS, dayOffsetMs) + DAY_MS),
    }));
    return joined(wide.filter(({ from, to }) => from < to));
  }

  async #makeStretch(stationIds: readonly string[], { from, to }: Stretch): Promise<void> {
    for (let start = from; start < to && !this.#isClosing; start += PIECE_MS) {
      const work: RollupWork = {
        stationIds,
        from: start,
        to: Math.min(to, start + PIECE_MS),
        now: this.#closedUntil!,
        dayOffsetMs: this.#deps.dayOffsetMs,
        annotationsOf: this.#deps.annotationsOf,
        contextBeforeMs: WIDE_MS,
        contextAfterMs: WIDE_MS,
      };
      await this.#make(work, start);
    }
  }

  /** Makes and writes rows whose window begins at `hoursFrom` or later; `look` sees what each station's rest on. */
  async #make(work: RollupWork, hoursFrom: number, look?: (made: MadeRows) => void): Promise<void> {
    const { store } = this.#deps;
    const stored = await StoredRows.of(store, { ...work, from: hoursFrom });
    let [hours, days]: RollupRow[][] = [[], []];
    const write = async () => {
      await store.rollups.write('hour', hours!);
      await store.rollups.write('day', days!);
      this.#rowsWritten += hours!.length + days!.length;
      [hours, days] = [[], []];
    };
    for await (const made of madeRows(store, work, stored)) {
      hours!.push(
        ...stored.changed(
          'hour',
          made.hours.filter(({ start }) => start >= hoursFrom),
        ),
      );
      hours!.push(...(await this.#hoursBeforeFirst(made, work, hoursFrom)));
      days!.push(...stored.changed('day', made.days));
      this.#noteProofs(made, work);
      look?.(made);
      if (hours!.length >= ROWS_PER_WRITE) await write();
      await nextTurn();
    }
    if (hours!.length + days!.length > 0) await write();
    for (const stationId of work.stationIds) this.#noteLookedAt(stationId, work);
  }

  /** The empty hours of the day before a series' first reading, once there is one. */
  async #hoursBeforeFirst({ stationId, hours }: MadeRows, work: RollupWork, hoursFrom: number): Promise<RollupRow[]> {
    const earlier = hours.filter(({ start }) => start < hoursFrom);
    const heard = new Set(earlier.filter(({ readings }) => readings > 0).map(seriesOf));
    const empty = earlier.filter((row) => !heard.has(seriesOf(row)));
    if (empty.length === 0) return [];
    const stored = await StoredRows.of(this.#deps.store, { ...work, stationIds: [stationId], to: hoursFrom });
    return stored.changed('hour', empty);
  }

  #noteProofs({ stationId, humidity }: MadeRows, work: RollupWork): void {
    if (work.to < this.#closedUntil!) return;
    const known = this.#provedByStation.get(stationId) ?? new Map<string, number>();
    for (const { sensor, provedAt } of humidity) {
      known.set(sensor, provedAt);
      if (Number.isFinite(provedAt)) this.#deps.onProof?.(stationId, sensor, provedAt);
    }
    this.#provedByStation.set(stationId, known);
  }

  /** A station without readings of late has nothing that could be broken. */
  #noteLookedAt(stationId: string, work: RollupWork): void {
    if (work.to < this.#closedUntil! || this.#provedByStation.has(stationId)) return;
    this.#provedByStation.set(stationId, new Map());
  }

  #hourNow(): number {
    const { clock, dayOffsetMs } = this.#deps;
    return Math.floor((clock() + dayOffsetMs) / HOUR_MS) * HOUR_MS - dayOffsetMs;
  }

  #unwant(stationId: string): void {
    const count = this.#wanted.get(stationId)! - 1;
    if (count === 0) this.#wanted.delete(stationId);
    else this.#wanted.set(stationId, count);
  }

  #tellStep(): void {
    const waiting = this.#stepped;
    this.#stepped = [];
    for (const resolve of waiting) resolve();
  }

  #tellFailure(error: unknown): void {
    this.#hasFailed = true;
    if (this.#isClosing) return;
    const isAway = error instanceof StoreUnavailableError;
    if (isAway && this.#isAwayTold) return;
    this.#isAwayTold = isAway;
    this.#deps.log[isAway ? 'warn' : 'error']({ err: error }, 'hourly and daily means wait for the next attempt');
  }
}

function seriesOf({ sensor, quantity }: RollupRow): string {
  return `${sensor}/${quantity}`;
}

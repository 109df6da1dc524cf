import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import type { Logger } from '../log.ts';
import { type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';
import type { Stretch } from './dirtyStations.ts';
import { DirtyWork } from './dirtyWork.ts';
import { closeHoursOf } from './hourClosing.ts';
import { HumidityProofs } from './humidityProofs.ts';
import { rollupRules } from './rollupRules.ts';
import { RowMaker } from './rowMaker.ts';
import { WantedStations } from './wantedStations.ts';

/** Stations whose last hours are closed together. */
const STATIONS_PER_CLOSE = 100;
/** After a longer absence what is missing is made piece by piece, as for history. */
const CLOSE_AT_ONCE_MS = 2 * DAY_MS;
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
  /** Before this rows stay as they are: what they rest on was pruned. Epoch ms. */
  fixedUntil: () => Promise<number>;
  /** False while more urgent things are being read: nothing is begun then that nobody waits for. */
  mayBegin?: () => boolean;
  /** Told when hours up to `until`, epoch ms, are closed, and at the start. */
  onClosed?: (until: number) => void;
  /** Told when a humidity sensor was proved broken last, epoch ms. */
  onProof?: (stationId: string, sensor: string, provedAt: number) => void;
  clock: () => number;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** How long rows are waited for, ms, and before when they begin, epoch ms. */
export interface RowPatience {
  patienceMs: number;
  to: number;
}

/**
 * Keeps the rows of closed hours and days true: makes them when an hour ends, and anew when late readings, imports,
 * removals, annotations or other rules change what they rest on. What is out of date is marked in the store, in the
 * commit that makes it so, and therefore found again after a crash. Bounded by the number of stations.
 */
export class RollupKeeper {
  readonly #deps: RollupKeeperDeps;
  readonly #proofs: HumidityProofs;
  readonly #maker: RowMaker;
  readonly #dirty: DirtyWork;
  readonly #wanted = new WantedStations();
  readonly #listeners = new Set<(stationIds: readonly string[]) => void>();
  /** Hours before it are rows; undefined until the store has told. */
  #closedUntil: number | undefined;
  #running: Promise<void> | undefined;
  #stepped: (() => void)[] = [];
  /** Stations whose last hours are being made. */
  #inClosing: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #isClosing = false;
  #isAwayTold = false;
  #hasFailed = false;

  constructor(deps: RollupKeeperDeps) {
    this.#deps = deps;
    this.#proofs = new HumidityProofs(deps.onProof);
    this.#maker = new RowMaker(deps.store, this.#proofs);
    this.#dirty = new DirtyWork({
      ...deps,
      maker: this.#maker,
      wanted: this.#wanted,
      closedUntil: () => this.#closedUntil!,
      mayTakeOn: () => !this.#isClosing && this.#hourNow() <= this.#closedUntil!,
      onStep: () => this.#tellStep(),
    });
  }

  /** Begins: what is missing is made in the background. */
  start(): void {
    this.#deps.store.rollups.onMark((marks) => {
      this.#dirty.add(marks);
      const stationIds = marks.map(({ stationId }) => stationId);
      for (const listener of this.#listeners) listener(stationIds);
      this.#gathering ??= setTimeout(() => {
        this.#gathering = undefined;
        this.#runWhenQuiet();
      }, GATHER_MS).unref();
    });
    this.#timer = setInterval(() => this.#runWhenQuiet(), TICK_MS).unref();
    this.#runWhenQuiet();
  }

  /** Calls `listener` with stations whose rows are to be made anew, as soon as that is known; until it ends. */
  onMark(listener: (stationIds: readonly string[]) => void): void {
    this.#listeners.add(listener);
  }

  /** Ends after the piece of work under way; what is left stays marked. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    clearTimeout(this.#gathering);
    await this.#running;
    await this.#dirty.close();
  }

  /** Resolves to true when the rows of these stations that begin before `to` are true, to false when the time is up or the store away. */
  async upToDate(stationIds: readonly string[], { patienceMs, to }: RowPatience): Promise<boolean> {
    if (!this.isBehind(stationIds, to)) return true;
    const isUp = { now: false };
    const timer = setTimeout(() => {
      isUp.now = true;
      this.#tellStep();
    }, patienceMs);
    await this.#wanted.during(stationIds, async () => {
      while (this.isBehind(stationIds, to) && !isUp.now && !this.#isClosing) {
        this.#hasFailed = false;
        const step = this.#nextStep();
        void this.#run();
        await step;
        // The store is away: waiting for the next attempt would be waiting for nothing.
        if (this.#hasFailed) return;
      }
    });
    clearTimeout(timer);
    return !this.isBehind(stationIds, to);
  }

  /** True while rows of one of these stations that begin before `to` are missing or out of date. */
  isBehind(stationIds: readonly string[], to: number): boolean {
    if (this.#closedUntil === undefined) return true;
    if (to > this.#closedUntil && this.#hourNow() > this.#closedUntil) return true;
    return stationIds.some((stationId) => this.#dirty.has(stationId));
  }

  /** Stations to be made anew, rows written since the start, and until when hours are closed (epoch ms). */
  stats(): { dirtyStations: number; rowsWritten: number; closedUntil: number } {
    const { rowsWritten } = this.#maker;
    return { dirtyStations: this.#dirty.size, rowsWritten, closedUntil: this.#closedUntil ?? 0 };
  }

  /** A station that the registry does not know any more is to be erased: resolves when nothing more will be written for it. */
  async forget(stationId: string): Promise<void> {
    this.#dirty.forget(stationId);
    this.#proofs.forget(stationId);
    while (this.#dirty.isInWork(stationId) || this.#inClosing.has(stationId)) await this.#nextStep();
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
    const { isMuch } = this.#dirty;
    const tell = (what: object, text: string) => isMuch && !this.#isClosing && this.#deps.log.info(what, text);
    tell({ stations: this.#dirty.size }, 'hourly and daily means are being made');
    while (!this.#isClosing) {
      // Rows under way are made as of the hours closed when they were begun: those come first.
      if (!this.#dirty.isUnderWay) await this.#closeHours();
      if (!(await this.#dirty.makeNext()) && this.#hourNow() <= this.#closedUntil!) break;
      if (performance.now() - toldAt < PROGRESS_MS) continue;
      toldAt = performance.now();
      tell({ stationsLeft: this.#dirty.size }, 'hourly and daily means are being made');
    }
    this.#isAwayTold = false;
    if (isFirst && !this.#isClosing) this.#deps.onClosed?.(this.#closedUntil!);
    tell({ rows: this.#maker.rowsWritten }, 'hourly and daily means are made');
  }

  /** Finds out what there is; with other rules than the rows were made by, everything is to be made anew. */
  async #begin(): Promise<void> {
    if (this.#closedUntil !== undefined) return;
    const { store, stationIds, dayOffsetMs } = this.#deps;
    const basis = await store.rollups.basis();
    if (basis?.rules === this.#rules) {
      await store.rollups.closeUntil(basis.closedUntil);
      this.#dirty.add(await store.rollups.marks());
      this.#closedUntil = basis.closedUntil;
      return;
    }
    const closedUntil = this.#hourNow();
    await store.rollups.closeUntil(closedUntil);
    if (basis !== undefined && !basis.rules.endsWith(` days ${dayOffsetMs}`)) await this.#removeAll();
    // A new instance has nothing to make, and a mark a station would cost InfluxDB 20 ms each.
    if (basis !== undefined || (await this.#hasReadingsBefore(closedUntil))) {
      await store.rollups.markDirty(stationIds().map((stationId) => ({ stationId, from: 0, to: closedUntil })));
    }
    await store.rollups.setBasis({ rules: this.#rules, closedUntil });
    this.#dirty.add(await store.rollups.marks());
    this.#closedUntil = closedUntil;
  }

  async #hasReadingsBefore(time: number): Promise<boolean> {
    const span = await this.#deps.store.span();
    return span !== undefined && span.first < time;
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
        await this.#closeHoursOf(all.slice(first, first + STATIONS_PER_CLOSE), { from, to: until });
      }
    }
    if (this.#isClosing) return;
    await store.rollups.setBasis({ rules: this.#rules, closedUntil: until });
    this.#closedUntil = until;
    this.#tellStep();
    this.#deps.onClosed?.(until);
  }

  /** Of these stations, but for those that were deleted meanwhile: their rows would stay behind. */
  async #closeHoursOf(stationIds: readonly string[], window: Stretch): Promise<void> {
    const there = new Set(this.#deps.stationIds());
    this.#inClosing = new Set(stationIds.filter((stationId) => there.has(stationId)));
    try {
      const parts = { ...this.#deps, maker: this.#maker, proofs: this.#proofs };
      const { from, to: until } = window;
      await closeHoursOf([...this.#inClosing], { from, until }, parts);
    } finally {
      this.#inClosing = new Set();
      this.#tellStep();
    }
  }

  /** What rows are made by. */
  get #rules(): string {
    return rollupRules(this.#deps.dayOffsetMs);
  }

  #hourNow(): number {
    const { clock, dayOffsetMs } = this.#deps;
    return Math.floor((clock() + dayOffsetMs) / HOUR_MS) * HOUR_MS - dayOffsetMs;
  }

  #nextStep(): Promise<void> {
    return new Promise((resolve) => this.#stepped.push(resolve));
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

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '../../server/domain/durations.ts';
import type { RollupRow } from '../../server/domain/means/rollup.ts';
import type { AcceptedMessage, DeviceHealth, Values } from '../../server/domain/reading.ts';
import { fixedUntil } from '../../server/rollups/fixedUntil.ts';
import { KeptRollups } from '../../server/rollups/keptRollups.ts';
import { RollupKeeper } from '../../server/rollups/rollupKeeper.ts';
import type { Rollups } from '../../server/rollups/rollups.ts';
import { DuckDbReadingStore } from '../../server/store/duckdb/duckdbReadingStore.ts';
import type { ReadingStore } from '../../server/store/readingStore.ts';
import { closeAfterTest } from '../support/closing.ts';
import { ComputedRollups } from '../support/computedRollups.ts';

/** Midnight at UTC+1. */
export const MIDNIGHT = Date.UTC(2026, 0, 4, 23);
export const STATION = 'aaaaaaaaaa';

/** One instrument's message. */
export function message(
  measuredAt: number,
  sensor: string,
  values: Values,
  { stationId = STATION, health = {} }: { stationId?: string; health?: DeviceHealth } = {},
): AcceptedMessage {
  const readings = [{ stationId, sensor, measuredAt, values, flags: 0 }];
  return { stationId, measuredAt, receivedAt: measuredAt, health, readings };
}

/** A reading every 150 s, never the same twice in a row. */
export function course(from: number, hours: number, sensor = 'sds011'): AcceptedMessage[] {
  return Array.from({ length: hours * 24 }, (_, at) =>
    message(from + at * 150_000, sensor, { pm25: 10 + (at % 2), pm10: 20 + (at % 3) }),
  );
}

/** A store with a keeper whose clock the test turns. */
export class RollupHouse {
  now = MIDNIGHT;
  readonly stations = [STATION];
  annotations: { from: number; to: number }[] = [];
  readonly logged: string[] = [];
  keeper: RollupKeeper;
  readonly #folder: string;
  store: ReadingStore;

  private constructor(folder: string, store: ReadingStore) {
    this.#folder = folder;
    this.store = store;
    this.keeper = this.#newKeeper();
  }

  /** Opens one on a DuckDB file; closed after the test. */
  static async open(): Promise<RollupHouse> {
    const folder = await mkdtemp(join(tmpdir(), 'buergerluft-rollups-'));
    const store = new DuckDbReadingStore({ path: join(folder, 'readings.duckdb') });
    await store.open();
    const house = new RollupHouse(folder, store);
    closeAfterTest(async () => {
      await house.keeper.close();
      await house.store.close();
      await rm(folder, { recursive: true });
    });
    return house;
  }

  /** Rows as they are kept. */
  get rollups(): Rollups {
    return new KeptRollups({ store: this.store, keeper: this.keeper, station: () => undefined, dayOffsetMs: HOUR_MS });
  }

  /** The same, made from the readings. */
  get computed(): Rollups {
    return new ComputedRollups({ ...this.#parts, station: () => undefined });
  }

  /** Turns the clock and waits until everything is made. */
  async at(now: number): Promise<void> {
    this.now = now;
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.keeper.upToDate(this.stations, { patienceMs: 60_000, to: this.now });
  }

  /** Everything kept of a station, all instruments. */
  async kept(window: 'hour' | 'day', stationId = STATION): Promise<RollupRow[]> {
    return this.store.rollups.read({ stationIds: [stationId], window, from: 0, to: this.now });
  }

  /** Ends the keeper where it stands and closes the store; begins anew with both, as a restart does. */
  async restart(): Promise<void> {
    await this.keeper.close();
    await this.store.close();
    this.store = new DuckDbReadingStore({ path: join(this.#folder, 'readings.duckdb') });
    await this.store.open();
    this.keeper = this.#newKeeper();
    this.keeper.start();
  }

  get #parts() {
    return { store: this.store, dayOffsetMs: HOUR_MS, clock: () => this.now };
  }

  #newKeeper(): RollupKeeper {
    const log = (_: unknown, text: string) => void this.logged.push(text);
    return new RollupKeeper({
      ...this.#parts,
      stationIds: () => [...this.stations],
      annotationsOf: () => this.annotations,
      fixedUntil: async () => fixedUntil(await this.store.prunedUntil(), this.now),
      log: { info: log, warn: log, error: log } as never,
    });
  }
}

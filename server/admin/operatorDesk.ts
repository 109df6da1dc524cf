import { randomBytes } from 'node:crypto';
import type { AreaDirectory } from '../areas/areaDirectory.ts';
import type { Backups } from '../backup/backups.ts';
import type { Config } from '../config.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import type { RejectionReason } from '../domain/reading.ts';
import type { Aggregator } from '../live/aggregator.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Notices } from '../notices/notices.ts';
import { PublicNotices } from '../notices/publicNotices.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { diskState, exposeDisk } from './disk.ts';
import { OperatorSenses } from './operatorSenses.ts';
import { OperatorWatch } from './operatorWatch.ts';
import { Overview } from './overview.ts';
import { Rates } from './rates.ts';
import { Starts } from './starts.ts';

/** How often what the operator is warned of is looked at, ms. */
const LOOK_MS = MINUTE_MS;
const LOOKING = 'looking at what the operator is warned of';

/** What the desk is made from. */
export interface OperatorDeskParts {
  config: Config;
  version: string;
  stationStore: StationStore;
  store: ReadingStore;
  areas: AreaDirectory;
  aggregator: Aggregator;
  notices: Notices;
  backups: Backups;
  rejectionsByReason: () => ReadonlyMap<RejectionReason, number>;
  /** Why the program cannot do its work now. */
  problems: () => string[];
  metrics: Metrics;
  log: Logger;
  clock: () => number;
}

/** Everything that is for the operator: overview, warnings by mail, rates, starts, and notices to the public. */
export class OperatorDesk {
  readonly publicNotices: PublicNotices;
  readonly overview: Overview;
  readonly watch: OperatorWatch;
  readonly rates: Rates;
  readonly #starts: Starts;
  readonly #parts: OperatorDeskParts;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: OperatorDeskParts) {
    this.#parts = parts;
    const { config, notices, clock, stationStore, rejectionsByReason } = parts;
    const { store, outbox, links, writer } = notices;
    exposeDisk(parts.metrics, config.DATA_DIR);
    this.publicNotices = new PublicNotices({ store, randomBytes, clock });
    this.#starts = new Starts(store);
    const rejections = () => [...rejectionsByReason().values()].reduce((sum, count) => sum + count, 0);
    const failed = (what: string) => (error: unknown) => this.#failed(error, what);
    this.rates = new Rates({
      ...{ store, metrics: parts.metrics, rejections, clock, onError: failed('counting rates') },
    });
    const senses = new OperatorSenses({
      ...{ config, listeningSince: clock(), disk: diskState, onError: failed(LOOKING) },
      cells: (now) => this.rates.meter.cells(now),
    });
    this.watch = new OperatorWatch({
      ...{ config, senses, store, outbox, writer, links, clock },
      sendSoon: () => notices.sendSoon(),
    });
    this.overview = new Overview({
      ...parts,
      ...{ rates: this.rates, starts: this.#starts, watch: this.watch },
      stations: () => stationStore.stations(),
      lastHeardAt: (stationId) => notices.lastHeardAt(stationId),
    });
  }

  /** Notes the start and begins to count and to look. Call it when the notices are open. */
  async start(): Promise<void> {
    const { version, clock } = this.#parts;
    await this.#starts.note({ at: clock(), version, node: process.version });
    await this.rates.start();
    this.overview.start();
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
    this.#look();
  }

  /** Looks no more, before what it looks at is closed. */
  async stopLooking(): Promise<void> {
    clearInterval(this.#timer);
    this.overview.close();
    await this.#looking;
  }

  /** Counts no more and notes that the program ended as it should: when the doors are closed, which still take what is on its way. */
  async close(): Promise<void> {
    await this.rates.close();
    await this.#starts.noteEnd(this.#parts.clock());
  }

  #look(): void {
    this.#looking = this.watch.look().then(
      () => undefined,
      (error: unknown) => this.#failed(error, LOOKING),
    );
  }

  #failed(error: unknown, what: string): void {
    this.#parts.log.error({ err: error, what }, 'a part of the operator’s desk failed');
  }
}

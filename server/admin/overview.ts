import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Backups, backupsIn } from '../backup/backups.ts';
import { BackupError, readManifest } from '../backup/manifest.ts';
import type { Config } from '../config.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import type { AdminOverview, QueueName } from '../domain/operator/adminOverview.ts';
import type { RejectionReason } from '../domain/reading.ts';
import type { Aggregator } from '../live/aggregator.ts';
import type { Metrics } from '../metrics.ts';
import { type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';
import { diskState } from './disk.ts';
import type { OperatorWatch } from './operatorWatch.ts';
import { isOwnContainer } from './ownContainer.ts';
import type { Rates } from './rates.ts';
import type { Starts } from './starts.ts';
import { type StationLists, stationLists } from './stationLists.ts';

/** Counting a large store takes a while: asked for at most this often, ms. */
const STATS_MS = MINUTE_MS;

/** Names of the gauges that queues are read from, without the prefix; one of another role's is simply not there. */
const GAUGES: Readonly<Record<QueueName, string>> = {
  committer: 'committer_waiting',
  broker: 'mqtt_held',
  storeQueue: 'queue_messages',
  storeQueueBytes: 'queue_bytes',
  spoolBytes: 'spool_bytes',
  messages: 'messages_waiting',
  browsers: 'browsers',
  mqttConnections: 'mqtt_connections',
};

/** What the overview is made from. */
export interface OverviewParts extends StationLists {
  config: Pick<Config, 'NODE_ID' | 'STORE' | 'DATA_DIR' | 'LANGUAGE'>;
  version: string;
  metrics: Metrics;
  store: Pick<ReadingStore, 'stats'>;
  aggregator: Pick<Aggregator, 'newest'>;
  rejectionsByReason: () => ReadonlyMap<RejectionReason, number>;
  /** Why the program cannot do its work now. */
  problems: () => string[];
  backups: Pick<Backups, 'state'>;
  rates: Rates;
  starts: Starts;
  watch: Pick<OperatorWatch, 'warnings' | 'address'>;
  clock: () => number;
}

/** Makes the operator's overview. */
export class Overview {
  readonly #parts: OverviewParts;
  readonly #startedAt: number;
  readonly #loop = monitorEventLoopDelay({ resolution: 20 });
  #stats: { at: number; readings: number | null; bytes: number | null } | undefined;

  constructor(parts: OverviewParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock();
  }

  /** Begins to watch how busy the program is. */
  start(): void {
    this.#loop.enable();
  }

  /** Stops watching. */
  close(): void {
    this.#loop.disable();
  }

  /** Everything as of now. */
  async make(): Promise<AdminOverview> {
    const { clock, config, rates, watch, rejectionsByReason } = this.#parts;
    const now = clock();
    const gauges = await this.#gauges();
    const rejections = [...rejectionsByReason()].map(([reason, count]) => ({ reason, count }));
    return {
      at: isoTime(now),
      process: this.#process(),
      warnings: watch.warnings(),
      mail: watch.address !== undefined,
      rates: {
        now: rates.meter.perSecond(),
        cells: rates.meter.cells(now).map((cell) => ({ ...cell, start: isoTime(cell.start) })),
      },
      rejections: rejections.sort((a, b) => b.count - a.count),
      queues: queuesOf(gauges),
      lag: this.#lag(now, gauges),
      store: await this.#store(now),
      disk: diskState(config.DATA_DIR),
      backup: backupOf(this.#parts.backups.state, now),
      stations: stationLists(this.#parts, { now, language: config.LANGUAGE }),
    };
  }

  #process(): AdminOverview['process'] {
    const { version, config, problems, starts } = this.#parts;
    return {
      version,
      node: process.version,
      nodeId: config.NODE_ID,
      startedAt: isoTime(this.#startedAt),
      isContainer: isOwnContainer(),
      problems: problems(),
      starts: starts.recent().map(({ at, stoppedAt, version, node }) => ({
        ...{ at: isoTime(at), version, node },
        ...(stoppedAt !== undefined && { stoppedAt: isoTime(stoppedAt) }),
      })),
    };
  }

  #lag(now: number, gauges: ReadonlyMap<string, number>): AdminOverview['lag'] {
    const newest = this.#parts.aggregator.newest();
    const commits = gauges.get('commit_seconds_count') ?? 0;
    const closedUntil = gauges.get('rollup_closed_until_seconds') ?? 0;
    // The 99th percentile since it was last asked for: an old pause must not stay on the page for ever.
    const eventLoopMs = Math.round(this.#loop.percentile(99) / 1e6);
    this.#loop.reset();
    return {
      newestReadingSeconds: newest === undefined ? null : Math.max(0, Math.round((now - newest) / 1000)),
      commitMs: commits === 0 ? null : Math.round(((gauges.get('commit_seconds_sum') ?? 0) / commits) * 1e5) / 100,
      eventLoopMs,
      hoursClosedUntil: closedUntil > 0 ? isoTime(closedUntil * 1000) : null,
      stationsToRemake: gauges.get('rollup_stations') ?? 0,
    };
  }

  async #store(now: number): Promise<AdminOverview['store']> {
    const { config, store, problems } = this.#parts;
    if (this.#stats === undefined || now - this.#stats.at >= STATS_MS) {
      this.#stats = { at: now, ...(await store.stats().catch(nothingWhileAway)) };
    }
    const { readings, bytes } = this.#stats;
    const isTaking = readings !== null && !problems().some((problem) => problem.startsWith('The store'));
    return { kind: config.STORE, isTaking, readings, bytes };
  }

  /** Every number the program counts about itself, without the prefix. */
  async #gauges(): Promise<Map<string, number>> {
    const metrics = await this.#parts.metrics.registry.getMetricsAsJSON();
    const found = new Map<string, number>();
    for (const { name, values } of metrics) {
      for (const value of values) {
        const { metricName = name, labels } = value as { metricName?: string; labels: object };
        if (Object.keys(labels).length === 0) found.set(metricName.replace(/^buergerluft_/, ''), value.value);
      }
    }
    return found;
  }
}

function queuesOf(gauges: ReadonlyMap<string, number>): AdminOverview['queues'] {
  const named = Object.entries(GAUGES).flatMap(([queue, gauge]) => {
    const value = gauges.get(gauge);
    return value === undefined ? [] : [[queue, value] as const];
  });
  return Object.fromEntries(named);
}

function backupOf(
  { folder, isRunning, failures, lastFailure }: Backups['state'],
  now: number,
): AdminOverview['backup'] {
  return {
    ...(folder !== undefined && { folder }),
    isRunning,
    ...(folder === undefined ? { kept: 0 } : keptIn(folder, now)),
    failures,
    ...(lastFailure && { lastFailure: { at: isoTime(lastFailure.at), message: lastFailure.message } }),
  };
}

/** The backups of a folder and the newest of them; what cannot be read is told as a failure, and takes nothing else from the page. */
function keptIn(root: string, now: number): Pick<AdminOverview['backup'], 'newest' | 'kept' | 'lastFailure'> {
  let kept = 0;
  let at = now;
  try {
    const [newest, ...others] = backupsIn(root);
    if (newest === undefined) return { kept };
    kept = 1 + others.length;
    at = newest.madeAt;
    const { files, version } = readManifest(newest.folder);
    const rows = files.flatMap(({ tables = {} }) => Object.values(tables)).reduce((sum, count) => sum + count, 0);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { kept, newest: { madeAt: isoTime(at), bytes, rows, version } };
  } catch (error) {
    if (error instanceof BackupError) return { kept, lastFailure: { at: isoTime(at), message: error.message } };
    throw error;
  }
}

/** The overview must not fail because the store is away: it says so. */
function nothingWhileAway(error: unknown): { readings: null; bytes: null } {
  if (error instanceof StoreUnavailableError) return { readings: null, bytes: null };
  throw error;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

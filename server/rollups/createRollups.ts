import { type Config, offsetMs } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';
import { fixedUntil } from './fixedUntil.ts';
import { KeptRollups } from './keptRollups.ts';
import { OfficialComparisons } from './officialComparisons.ts';
import { RollupKeeper, type RollupKeeperDeps } from './rollupKeeper.ts';
import type { Rollups } from './rollups.ts';

/** What rollups are made from. */
export interface RollupParts {
  config: Pick<Config, 'DAY_OFFSET'>;
  stationStore: Registry;
  store: ReadingStore;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
  /** How long an answer waits for rows that are being made, ms; a few seconds when undefined. */
  rowPatienceMs: number | undefined;
}

/** Hourly and daily means with what keeps them true; `keeper` is yet to be started. */
export function createRollups(
  parts: RollupParts,
  events: Pick<RollupKeeperDeps, 'onClosed' | 'onProof' | 'mayBegin'>,
): { keeper: RollupKeeper; rollups: Rollups } {
  const { config, stationStore, store, metrics, clock } = parts;
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  const station = (stationId: string) => stationStore.station(stationId);
  const keeper = new RollupKeeper({
    ...parts,
    ...events,
    stationIds: () => stationStore.stations().map(({ id }) => id),
    annotationsOf: (stationId) => station(stationId)?.annotations ?? [],
    dayOffsetMs,
    fixedUntil: async () => fixedUntil(await store.prunedUntil(), clock()),
  });
  exposeMetrics(metrics, keeper);
  return { keeper, rollups: new KeptRollups({ store, keeper, station, dayOffsetMs, patienceMs: parts.rowPatienceMs }) };
}

/** What comparisons with official stations add to the uncertainty of rows as measured. */
export function createComparisons(
  { config, stationStore, store, clock }: Pick<RollupParts, 'config' | 'stationStore' | 'store' | 'clock'>,
  rollups: Rollups,
): OfficialComparisons {
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  return new OfficialComparisons({ rollups, store, stations: () => stationStore.stations(), dayOffsetMs, clock });
}

function exposeMetrics(metrics: Metrics, keeper: RollupKeeper): void {
  metrics.gauge('rollup_stations', 'Stations whose means are to be made anew', () => keeper.stats().dirtyStations);
  metrics.total('rollup_rows_written_total', 'Hourly and daily means written', () => keeper.stats().rowsWritten);
  const closedUntil = () => keeper.stats().closedUntil / 1000;
  metrics.gauge('rollup_closed_until_seconds', 'Until when hours are closed, Unix time', closedUntil);
}

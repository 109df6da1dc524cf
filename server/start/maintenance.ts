import { type Config, offsetMs } from '../config.ts';
import { HOUR_MS } from '../domain/durations.ts';
import { REFUSED_KEPT_MS } from '../domain/operator/stationRefusal.ts';
import type { Station } from '../domain/station.ts';
import type { Logger } from '../log.ts';
import type { Joins } from '../mirror/joins.ts';
import { PruneRefusal, prune } from '../retention/prune.ts';
import { type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';
import type { StationStore } from '../store/registry/stationStore.ts';

/** What is tidied up. */
export interface MaintenanceParts {
  config: Pick<Config, 'RETENTION' | 'DAY_OFFSET'>;
  stationStore: StationStore;
  store: ReadingStore;
  /** Removes everything stored of a station but its registry entry. */
  erase: (stationId: string) => Promise<unknown>;
  /** Ends joins of stations that were cut short. */
  joins: Pick<Joins, 'finish'>;
  /** Monthly mails, stations silent for a year, what nobody confirmed. */
  notices: { tidyUp(): Promise<void> };
  /** Mails letters that have come out. */
  letters: { mailDue(): Promise<number> };
  /** Takes places out of citations that their owners do not show any more. */
  citations: { withholdAllPlaces(): Promise<void> };
  log: Logger;
  clock: () => number;
}

/**
 * Every hour and at the start: finishes joins and erasures that were cut short, ends bindings never used, and prunes readings
 * older than `RETENTION`, takes cited places out that owners no longer show; then what the calendar asks of notices and letters. At the start also erases what came back with a
 * store restored on its own. Returns how to stop, which waits for what is under way.
 */
export function startMaintenance(parts: MaintenanceParts): () => Promise<void> {
  const run = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const level = error instanceof StoreUnavailableError ? 'warn' : 'error';
      parts.log[level]({ err: error }, 'tidying up failed; it is tried again in an hour');
    }
  };
  // Each by itself: a join that cannot be ended keeps no deletion waiting.
  const everything = async () => {
    await run(() => parts.joins.finish());
    await run(() => tidyUp(parts));
  };
  let running: Promise<void> | undefined;
  // What takes longer than an hour is not begun anew beside itself.
  const begin = (work: () => Promise<void>) => {
    running ??= work().finally(() => {
      running = undefined;
    });
  };
  begin(() => run(() => eraseReturned(parts)).then(everything));
  const timer = setInterval(() => begin(everything), HOUR_MS).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function eraseReturned({ stationStore, store, erase, log }: MaintenanceParts): Promise<void> {
  for (const stationId of stationStore.erasedStations()) {
    if ((await store.seriesOf(stationId)).length === 0) continue;
    log.warn({ stationId }, 'readings of a deleted station had come back and are erased again');
    await erase(stationId);
  }
}

/** Readings older than `RETENTION` go; not before all that is made of them is there. */
async function pruneOld({ config, log, clock, ...parts }: MaintenanceParts): Promise<void> {
  if (config.RETENTION === undefined) return;
  const dayOffsetMs = offsetMs(config.DAY_OFFSET);
  const request = { before: clock() - config.RETENTION, isDryRun: false, leastKeptMs: config.RETENTION };
  try {
    const { readings } = await prune({ ...parts, dayOffsetMs, clock }, request);
    if (readings > 0)
      log.info({ readings }, 'readings older than RETENTION are gone; their hourly and daily means stay');
  } catch (error) {
    if (!(error instanceof PruneRefusal)) throw error;
    log.info({ reason: error.message }, 'readings older than RETENTION wait');
  }
}

/** Stations the operator did not let through have had their time to be mended. */
async function deleteRefused({ stationStore, erase, log, clock }: MaintenanceParts): Promise<void> {
  const isOver = ({ status, refusal }: Station) =>
    status === 'pending' && refusal !== undefined && clock() - refusal.at >= REFUSED_KEPT_MS;
  for (const { id } of stationStore.stations().filter(isOver)) {
    await stationStore.removeStation(id);
    await erase(id);
    await stationStore.completeErasure(id);
    log.info({ stationId: id }, 'a station that was refused 30 days ago is deleted');
  }
}

async function tidyUp(parts: MaintenanceParts): Promise<void> {
  const { stationStore, erase, notices, citations, letters, log, clock } = parts;
  for (const stationId of stationStore.pendingErasures()) {
    await erase(stationId);
    await stationStore.completeErasure(stationId);
  }
  await deleteRefused(parts);
  const expired = await stationStore.expireUnusedBindings(clock());
  if (expired.length > 0) log.info({ devices: expired.length }, 'bindings never used have ended');
  await pruneOld(parts);
  await citations.withholdAllPlaces();
  await notices.tidyUp();
  const mails = await letters.mailDue();
  if (mails > 0) log.info({ mails }, 'letters of areas are on their way');
}

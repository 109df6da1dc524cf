import { DAY_MS } from '../domain/durations.ts';
import { stationKind } from '../domain/station.ts';
import { dayStart } from '../rollups/dayStart.ts';
import { rollupRules } from '../rollups/rollupRules.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';

/** Devices are judged by 30 days of readings, and rows by the two weeks around: younger ones are needed every day. */
export const LEAST_KEPT_MS = 45 * DAY_MS;

/** What pruning works with. */
export interface PruneParts {
  store: ReadingStore;
  stationStore: Pick<Registry, 'stations'>;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  clock: () => number;
}

/** What is to be pruned. */
export interface PruneRequest {
  /** Epoch ms; rounded down to the beginning of a day. */
  before: number;
  /** Only says what would go. */
  isDryRun: boolean;
  /** How much must stay at least; less for an operator who set `RETENTION` to less. */
  leastKeptMs?: number;
}

/** Why nothing is pruned: a word for programs and a sentence for the operator. */
export class PruneRefusal extends Error {
  override name = 'PruneRefusal';
  readonly code: 'too-young' | 'means-missing';

  constructor(code: PruneRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What is pruned, or would be. */
export interface PruneReport {
  /** Readings measured before it go: the beginning of a day, epoch ms. */
  before: number;
  readings: number;
  stations: number;
  /** Official stations, whose hourly means are no raw data and stay. */
  officialStations: number;
  /** Readings before it were pruned earlier, epoch ms. */
  prunedUntil?: number;
  isDone: boolean;
}

/**
 * Removes raw readings measured before a day, for good. Refuses what would make figures wrong: hours and days that are
 * not rows yet, or that are to be made anew, need their readings. Rows stay as they are from then on.
 * @throws PruneRefusal
 */
export async function prune(
  { store, stationStore, dayOffsetMs, clock }: PruneParts,
  { before: asked, isDryRun, leastKeptMs = LEAST_KEPT_MS }: PruneRequest,
): Promise<PruneReport> {
  const before = dayStart(asked, dayOffsetMs);
  if (before > clock() - leastKeptMs) {
    throw new PruneRefusal(
      'too-young',
      `At least the last ${LEAST_KEPT_MS / DAY_MS} days stay: they are needed every day.`,
    );
  }
  // What an official network published are means already: reports compare with them for years.
  const except = stationStore.stations().flatMap((each) => (stationKind(each) === 'reference' ? each.id : []));
  const found = await store.prunable(before, except);
  if (found.readings > 0) await refuseMissingMeans(store, before, dayOffsetMs);
  const prunedUntil = await store.prunedUntil();
  if (!isDryRun && found.readings > 0) await store.prune(before, except);
  return {
    ...{ before, ...found, officialStations: except.length, isDone: !isDryRun },
    ...(prunedUntil !== undefined && { prunedUntil }),
  };
}

/** Every hour before must be a row, made by today's rules, that nothing asks to be made anew. */
async function refuseMissingMeans(store: ReadingStore, before: number, dayOffsetMs: number): Promise<void> {
  const basis = await store.rollups.basis();
  const isMade = basis !== undefined && basis.rules === rollupRules(dayOffsetMs) && basis.closedUntil >= before;
  const isMarked = isMade && (await store.rollups.marks()).some(({ from }) => from < before);
  if (isMade && !isMarked) return;
  throw new PruneRefusal(
    'means-missing',
    'Hourly and daily means of that time are not all made yet, and need these readings: let the server run until they are.',
  );
}

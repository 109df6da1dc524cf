import { BROKEN_FOR_MS } from '../domain/assessment/humidityHistory.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { DirtyRange } from '../store/rollupStore.ts';
import { dayStart } from './dayStart.ts';
import type { Stretch } from './dirtyStations.ts';
import type { HumidityProofs } from './humidityProofs.ts';
import type { MadeRows, RollupWork } from './rollupWork.ts';
import { NARROW_MS, WIDE_MS } from './rowContext.ts';
import type { RowMaker } from './rowMaker.ts';

/** What closing hours takes. */
export interface HourClosingParts {
  store: Pick<ReadingStore, 'rollups'>;
  maker: RowMaker;
  proofs: HumidityProofs;
  annotationsOf: (stationId: string) => readonly Stretch[];
  dayOffsetMs: number;
}

/** Makes the rows of the hours `[from, until)`, epoch ms, that have just ended, of some stations. */
export async function closeHoursOf(
  stationIds: readonly string[],
  { from, until }: { from: number; until: number },
  { store, maker, proofs, annotationsOf, dayOffsetMs }: HourClosingParts,
): Promise<void> {
  const day = dayStart(from, dayOffsetMs);
  // When a day ends, all of it is looked at once more: the cadence of a new instrument is only known by then.
  const hoursFrom = day + DAY_MS <= until ? day : from;
  const work: RollupWork = {
    stationIds,
    from: day,
    to: dayStart(until - 1, dayOffsetMs) + DAY_MS,
    now: until,
    newFrom: from,
    dayOffsetMs,
    annotationsOf,
    contextBeforeMs: proofs.areKnown(stationIds) ? NARROW_MS : WIDE_MS,
    contextAfterMs: 0,
    recentFrom: hoursFrom - DAY_MS,
    provedAt: (stationId, sensor) => proofs.provedAt(stationId, sensor),
  };
  const revised: DirtyRange[] = [];
  await maker.make(maker.prepare(work, hoursFrom), (made) => {
    const since = earliestRevised(made, { from, until });
    if (since < hoursFrom) revised.push({ stationId: made.stationId, from: since, to: until });
  });
  if (revised.length > 0) await store.rollups.markDirty(revised);
}

/** Since when what came in these hours tells something else of those before; `until` for never. */
function earliestRevised({ humidity, stuckSince }: MadeRows, { from, until }: { from: number; until: number }): number {
  const breaks = humidity.flatMap((sensor) => sensor.breaks).filter((at) => at >= from);
  return Math.min(stuckSince ?? until, ...breaks.map((at) => at - BROKEN_FOR_MS));
}

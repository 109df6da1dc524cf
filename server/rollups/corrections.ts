import { MIN_COVERAGE } from '../domain/aggregate.ts';
import {
  type CorrectionId,
  correctByFormula,
  correctionById,
  correctionsFor,
} from '../domain/correction/correction.ts';
import { OFFICIAL_SENSORS } from '../domain/correction/referenceMeans.ts';
import { applyFactor, referenceFactor } from '../domain/correction/referenceRatio.ts';
import { meanOfMeans, withoutNoise } from '../domain/decimal.ts';
import type { RollupRow } from '../domain/means/rollup.ts';
import type { Quantity } from '../domain/quantity.ts';
import { type Station, stationKind } from '../domain/station.ts';
import { stationAt, wasMovedIn } from '../domain/stationHistory.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import { groupHours } from './referenceGroup.ts';
import { type FindReferences, nearReferences, type ReferenceMonth, referencesByMonth } from './referenceMonths.ts';
import type { Rollups, UncertainRow } from './rollups.ts';

/** An hour, or a window made of hours, after a correction. */
export interface CorrectedRow extends UncertainRow {
  /** Mean as measured, of the same hours; null where there is none. */
  raw?: number | null;
  /** Share of the corrected mean that stems from others, 0 to 1. */
  shareFromOthers?: number;
}

/** What turns the hours of a series into others. Hours without a corrected value lose their mean. */
export type CorrectHours = (hours: readonly RollupRow[]) => Promise<CorrectedRow[]>;

/** What corrections are made from. */
export interface CorrectionSources {
  store: Pick<ReadingStore, 'raw'>;
  rollups: Pick<Rollups, 'rows'>;
  stations: () => readonly Station[];
  /** Where days, and with them months, begin, ms east of UTC. */
  dayOffsetMs: number;
}

/** No factor in fog (RIVM): from this mean humidity on, %. Our choice of number. */
export const FOG_FROM = 97;

/** True when a correction was made for this instrument and quantity; those for research are offered when named. */
export function fits(id: CorrectionId, sensor: string, quantity: Quantity): boolean {
  const found = correctionsFor(sensor, { isResearch: true }).find((correction) => correction.id === id);
  return id === 'raw' || (found?.quantities.some((each) => each === quantity) ?? false);
}

/** The correction of one station's hours; undefined for `raw`. Checked by `fits` before. */
export function correctionOf(id: CorrectionId, station: Station, sources: CorrectionSources): CorrectHours | undefined {
  if (id === 'raw' || correctionById(id) === undefined) return undefined;
  if (id === 'reference-ratio') return (hours) => byReference(hours, station, sources);
  return async (hours) => {
    const humidity = await humidityOf(hours, sources);
    return hours.map((hour) => {
      const { sensor, quantity, mean: raw, start } = hour;
      const percent = humidity.get(start);
      if (raw === null || percent === undefined || (quantity !== 'pm25' && quantity !== 'pm10')) return corrected(hour);
      return corrected(hour, correctByFormula(id, { sensor, quantity, raw, humidity: percent }));
    });
  };
}

/**
 * A window put together from corrected parts: raw and share of the same parts. The share is weighted by the larger of
 * the two values, as `shareFromOthers` sums it.
 */
export function withParts(row: RollupRow, parts: readonly CorrectedRow[]): CorrectedRow {
  const used = parts.filter(({ mean, raw }) => mean !== null && typeof raw === 'number');
  const weights = used.map(({ mean, raw }) => Math.max(mean!, raw!));
  const weight = weights.reduce((sum, each) => sum + each, 0);
  const moved = used.reduce((sum, { shareFromOthers = 0 }, at) => sum + shareFromOthers * weights[at]!, 0);
  const hasShares = used.some(({ shareFromOthers }) => shareFromOthers !== undefined);
  const raw = row.mean === null ? null : (meanOfMeans(used.map((part) => part.raw!)) ?? null);
  // Enough was measured: what lacks is the correction of some.
  const measured = parts.filter(({ mean, flags }) => mean !== null || flags.includes('not-corrected'));
  const isMeasured = measured.length > 0 && measured.length >= MIN_COVERAGE * parts.length;
  const flags = isMeasured ? row.flags.map((flag) => (flag === 'below-coverage' ? 'not-corrected' : flag)) : row.flags;
  return { ...row, flags, raw, ...(hasShares && weight > 0 && { shareFromOthers: moved / weight }) };
}

/** Hours place by place: the reference of each hour is the one of its month near where the station stood at the time. */
async function byReference(
  hours: readonly RollupRow[],
  station: Station,
  sources: CorrectionSources,
): Promise<CorrectedRow[]> {
  const quantity = hours[0]?.quantity;
  // Official stations are what others are adjusted to: a factor of themselves would say nothing.
  if (quantity === undefined || stationKind(station) === 'reference') return hours.map((hour) => corrected(hour));
  const find = referencesByMonth(sources.store, { quantity, dayOffsetMs: sources.dayOffsetMs });
  const made: CorrectedRow[] = [];
  for (const ofPlace of splitAtMoves(hours, station)) {
    // An hour within which it was moved is of two places.
    const isMixed = wasMovedIn(station, ofPlace[0]!);
    made.push(
      ...(isMixed
        ? ofPlace.map((hour) => corrected(hour))
        : await byReferenceOfPlace(ofPlace, { station, sources, find })),
    );
  }
  return made;
}

/** Hours in runs of one place each; an hour within which the station was moved is a run of its own. */
function splitAtMoves(hours: readonly RollupRow[], station: Station): RollupRow[][] {
  const runs: RollupRow[][] = [];
  let run: RollupRow[] = [];
  for (const hour of hours) {
    const before = run[0];
    if (before === undefined || wasMovedIn(station, { start: before.start, end: hour.end })) {
      run = [];
      runs.push(run);
    }
    run.push(hour);
  }
  return runs;
}

async function byReferenceOfPlace(
  hours: readonly RollupRow[],
  { station, sources, find }: { station: Station; sources: CorrectionSources; find: FindReferences },
): Promise<CorrectedRow[]> {
  const [first, last] = [hours[0]!, hours.at(-1)!];
  const near = nearReferences(stationAt(station, first.start), sources.stations());
  const made: CorrectedRow[] = [];
  for (const month of await find(near, { start: first.start, end: last.end })) {
    const within = hours.filter(({ start }) => start >= month.start && start < month.end);
    made.push(...(await byReferenceOfMonth(within, month, { station, sources })));
  }
  return made;
}

async function byReferenceOfMonth(
  hours: readonly RollupRow[],
  { reference }: ReferenceMonth,
  { station, sources }: { station: Station; sources: CorrectionSources },
): Promise<CorrectedRow[]> {
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined || reference === undefined) return hours.map((hour) => corrected(hour));
  const { quantity, sensor } = first;
  const window = { quantity, from: first.start, to: last.end };
  const official = await sources.store.raw({ stationId: reference.id, sensor: OFFICIAL_SENSORS['1h'], ...window });
  const officialByStart = new Map(official.map(({ measuredAt, value }) => [measuredAt, value]));
  const groupByStart = await groupHours(sources, sensor, {
    reference,
    except: station.id,
    query: { ...window, window: 'hour' },
  });
  const humidity = await humidityOf(hours, sources);
  return hours.map((hour) => {
    const value = officialByStart.get(hour.start);
    if (hour.mean === null || value === undefined) return corrected(hour);
    const isFog = (humidity.get(hour.start) ?? 0) >= FOG_FROM;
    const factor = referenceFactor({ reference: value, group: groupByStart.get(hour.start) ?? [], isFog });
    if (factor === undefined) return corrected(hour);
    const made = applyFactor(hour.mean, factor);
    return { ...corrected(hour, made.value), shareFromOthers: made.shareFromOthers };
  });
}

/** The hour with its corrected mean; extremes and median are those of readings, which nobody corrected. */
function corrected(hour: RollupRow, value?: number): CorrectedRow {
  // To the digits of means as measured, in every answer, file and citation.
  const mean = hour.mean === null || value === undefined ? null : withoutNoise(value);
  const flags = mean === null && hour.mean !== null ? [...hour.flags, 'not-corrected' as const] : [...hour.flags];
  // The comparison, and with it the uncertainty, is of raw values.
  const { uncertainty: _, uncertaintyFrom: __, ...row }: UncertainRow = hour;
  const unknown = { min: null, max: null, median: null, comparison: undefined };
  return { ...row, ...unknown, mean, flags, raw: hour.mean };
}

/** Mean humidity of the hours, %, where the station has a humidity sensor that works. */
async function humidityOf(
  hours: readonly RollupRow[],
  { rollups }: CorrectionSources,
): Promise<ReadonlyMap<number, number>> {
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await rollups.rows({
    stationIds: [first.stationId],
    quantity: 'humidity',
    window: 'hour',
    from: first.start,
    to: last.end,
  });
  const sound = rows.filter(({ shares }) => shares['humidity-broken'] === undefined);
  return new Map(sound.flatMap(({ start, mean }) => (mean === null ? [] : [[start, mean] as const])));
}

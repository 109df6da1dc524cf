import type { AreaDirectory } from '../../../areas/areaDirectory.ts';
import type { Aggregate, Average } from '../../../domain/aggregate.ts';
import type { Area } from '../../../domain/area.ts';
import type { LatestValue } from '../../../domain/contract.ts';
import { type OfficialSpan, officialSpansOf } from '../../../domain/correction/referenceMeans.ts';
import { distanceMetres } from '../../../domain/distance.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import type { Format } from '../../../domain/format.ts';
import type { LimitChoice } from '../../../domain/limits/limitChoice.ts';
import type { RollupRow } from '../../../domain/means/rollup.ts';
import type { Quantity } from '../../../domain/quantity.ts';
import {
  isPublic,
  type Position,
  publicPosition,
  publishes,
  type Station,
  stationKind,
} from '../../../domain/station.ts';
import { isOfThisPlace } from '../../../domain/stationHistory.ts';
import type { Aggregator } from '../../../live/aggregator.ts';
import type { Agreement } from '../../../live/agreements.ts';
import { VALUE_SCALE, valuesOf } from '../../../live/mapRow.ts';
import { aggregateOf } from '../../../live/officialAggregate.ts';
import { correctionOf, fits } from '../../../rollups/corrections.ts';
import { forOneAnswer, type ReadRollups } from '../../../rollups/oneAnswer.ts';
import type { ReadingStore } from '../../../store/readingStore.ts';
import { type Neighbour, neighboursOf } from '../../stations/neighbours.ts';
import { type CorrectedHour, medianOfStations, NEIGHBOUR_RADIUS_M, type Usual, usualAtThisHour } from './figures.ts';
import { type StationDays, viewDays } from './stationDays.ts';
import { type StationIndices, viewIndices } from './stationIndices.ts';
import { type ValueState, valueStateOf } from './valueState.ts';
import { whileThere } from './whileThere.ts';

/** Where a station's page gets its numbers. */
export interface StationSources {
  aggregator: Pick<Aggregator, 'aggregate' | 'latest' | 'facts'>;
  readings: Pick<ReadingStore, 'raw' | 'seriesOf'>;
  rollups: ReadRollups;
  stations: () => readonly Station[];
  /** How the station agrees with those around it, by quantity; without it nothing is said of that. */
  agreementOf?: (station: Station) => Promise<Partial<Record<Quantity, Agreement>>>;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  /** True where the operator turned on indices of other countries. */
  areFurtherIndicesOn?: boolean;
  areas: AreaDirectory;
  clock: () => number;
}

/** A closed hour that has readings; `mean` is null where they do not bear one out. */
export type StationHour = Pick<RollupRow, 'start' | 'mean' | 'min' | 'max' | 'count'>;

/** What a station's page says, in numbers. */
export interface StationView {
  station: Station;
  position: Position;
  /** Where the public position lies. */
  area: Area | undefined;
  quantity: Quantity;
  average: Average;
  now: number;
  aggregate: Aggregate | undefined;
  state: ValueState;
  latest: Partial<Record<Quantity, LatestValue>>;
  /** Share of the expected readings of the last 24 h, 0 to 1. */
  coverage24h: number;
  neighbours: { count: number; median: number } | undefined;
  near: readonly Neighbour[];
  usual: Usual | undefined;
  /** Hours of the last 7 days and two more, as the comparison with other days needs them; undefined while the store cannot be asked. */
  hours: StationHour[] | undefined;
  /** Those that could be adjusted to a reference station. */
  corrected: CorrectedHour[];
  agreement: Agreement | undefined;
  /** undefined while the store is away, and for official stations, whose network has its own. */
  indices: StationIndices | undefined;
  /** Of an official station: over what its values are means. */
  officialSpans: OfficialSpan[];
  /** False while hourly and daily means of the station are missing or out of date. */
  isUpToDate: boolean;
  /** Daily means of the last 30 days with the value the reader compares them with. */
  days: StationDays;
}

/** Gathers everything for the page of a public station. */
export async function viewStation(
  given: StationSources,
  station: Station,
  layer: {
    quantity: 'pm25' | 'pm10';
    average: Average;
    limit: LimitChoice | undefined;
    format: Pick<Format, 'time'>;
  },
): Promise<StationView> {
  const sources = { ...given, rollups: forOneAnswer(given.rollups) };
  const { aggregator } = sources;
  const { quantity, average } = layer;
  const now = sources.clock();
  const aggregate = aggregateOf(aggregator, station, layer, now);
  const isUpToDate = await sources.rollups.upToDate({ stationIds: [station.id], to: now });
  const week = aggregate && (await weekOfHours(sources, aggregate, now));
  // An official hour is no snapshot.
  const snapshots = station.reference ? {} : aggregator.latest(station.id, now);
  const latest = Object.entries(snapshots).filter(([name]) => publishes(station, name as Quantity));
  return {
    station,
    position: publicPosition(station),
    area: sources.areas.areaOf(publicPosition(station)),
    quantity,
    average,
    now,
    aggregate,
    state: stateOf(station, aggregate, { now, average }),
    latest: Object.fromEntries(latest),
    coverage24h: aggregator.facts(station.id, now).coverage24h,
    neighbours: neighboursFigure(sources, station, layer, now),
    near: neighboursOf(station, sources.stations()),
    usual: week && usualAtThisHour(meansHere(station, week), { now, clockTime: layer.format.time }),
    hours: aggregate ? week : [],
    corrected: aggregate === undefined ? [] : await correctedHours(sources, station, aggregate, now),
    agreement: (await sources.agreementOf?.(station))?.[quantity],
    indices: station.reference ? undefined : await viewIndices(sources, station, { quantity, now }),
    officialSpans: station.reference ? await spansOf(sources, station) : [],
    days: await viewDays(sources, station, { quantity, limit: layer.limit, now }),
    isUpToDate,
  };
}

async function spansOf({ readings }: StationSources, station: Station): Promise<OfficialSpan[]> {
  return officialSpansOf((await whileThere(() => readings.seriesOf(station.id))) ?? []);
}

/** How a station's value stands on a layer at `now`, epoch ms: as its marker on the map shows it. */
export function stateOf(
  station: Station,
  aggregate: Aggregate | undefined,
  { now, average }: { now: number; average: Average },
): ValueState {
  const values = valuesOf(station, aggregate);
  const lastSeenAt = values.lastSeen === null ? null : values.lastSeen * 1000;
  const standing = { ...values, lastSeenAt, isDoubtful: values.doubtful === 1, kind: stationKind(station) };
  return valueStateOf(standing, now, average);
}

/** Closed hours of a week; undefined while the store is away: the page then goes without its course. */
async function weekOfHours(
  { rollups }: StationSources,
  { stationId, sensor, quantity }: Aggregate,
  now: number,
): Promise<StationHour[] | undefined> {
  const from = weekBefore(now) - 2 * HOUR_MS;
  const query = { stationIds: [stationId], quantity, sensor, window: 'hour', from, to: now, isBare: true } as const;
  const rows = await whileThere(() => rollups.rows(query));
  return rows?.filter(({ count }) => count > 0);
}

/** Hours of the week adjusted to the reference station near; none where there is none or the store is away. */
async function correctedHours(
  sources: StationSources,
  station: Station,
  { sensor, quantity }: Aggregate,
  now: number,
): Promise<CorrectedHour[]> {
  const correct = correctionOf('reference-ratio', station, { ...sources, store: sources.readings });
  if (correct === undefined || station.reference || !fits('reference-ratio', sensor, quantity)) return [];
  const query = { stationIds: [station.id], quantity, sensor, window: 'hour', from: weekBefore(now), to: now } as const;
  const hours = await whileThere(async () => correct(await sources.rollups.rows(query)));
  return (hours ?? []).flatMap(({ start, mean, raw }) =>
    mean === null || typeof raw !== 'number' ? [] : [{ start, mean, raw }],
  );
}

function weekBefore(now: number): number {
  return Math.floor(now / HOUR_MS) * HOUR_MS - 168 * HOUR_MS;
}

/** Valid means, without those from before a move: what was usual there is not what is usual here. */
function meansHere(station: Station, hours: readonly StationHour[]): { start: number; mean: number }[] {
  return hours.flatMap(({ start, mean }) => (mean === null || !isOfThisPlace(station, start) ? [] : [{ start, mean }]));
}

/** Count and median of the valid outdoor stations around this one; undefined with fewer than three. */
function neighboursFigure(
  { aggregator, stations }: StationSources,
  station: Station,
  { quantity, average }: { quantity: Quantity; average: Average },
  now: number,
): { count: number; median: number } | undefined {
  const here = publicPosition(station);
  const values: number[] = [];
  for (const other of stations()) {
    if (other.id === station.id || !isPublic(other) || other.isIndoor || other.reference) continue;
    if (distanceMetres(here, publicPosition(other)) > NEIGHBOUR_RADIUS_M) continue;
    const aggregate = aggregator.aggregate(other.id, quantity, average, now);
    const { value } = valuesOf(other, aggregate);
    if (value !== null && stateOf(other, aggregate, { now, average }) === 'ok') values.push(value / VALUE_SCALE);
  }
  const median = medianOfStations(values);
  return median === undefined ? undefined : { count: values.length, median };
}

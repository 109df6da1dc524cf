import type { AreaDirectory } from '../../areas/areaDirectory.ts';
import type { Aggregate, Average } from '../../domain/aggregate.ts';
import type { Area } from '../../domain/area.ts';
import type { LatestValue } from '../../domain/contract.ts';
import { distanceMetres } from '../../domain/distance.ts';
import type { Quantity } from '../../domain/quantity.ts';
import { isPublic, type Position, publicPosition, publishes, type Station, stationKind } from '../../domain/station.ts';
import { isOfThisPlace } from '../../domain/stationHistory.ts';
import type { Aggregator } from '../../live/aggregator.ts';
import { type MapRowValues, VALUE_SCALE, valuesOf } from '../../live/mapRow.ts';
import { aggregateOf } from '../../live/officialAggregate.ts';
import type { Bucket, ReadingStore } from '../../store/readingStore.ts';
import { StoreUnavailableError } from '../../store/readingStore.ts';
import { medianOfStations, NEIGHBOUR_RADIUS_M, type Usual, usualAtThisHour } from './figures.ts';
import { type ValueState, valueStateOf } from './valueState.ts';

const HOUR_MS = 3_600_000;

/** Where a station's page gets its numbers. */
export interface StationSources {
  aggregator: Pick<Aggregator, 'aggregate' | 'latest' | 'facts'>;
  readings: Pick<ReadingStore, 'buckets' | 'raw'>;
  stations: () => Iterable<Station>;
  areas: AreaDirectory;
  clock: () => number;
}

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
  usual: Usual | undefined;
  /** Hourly means of the last 7 days; undefined while the store cannot be asked. */
  hours: Bucket[] | undefined;
}

/** Gathers everything for the page of a public station. */
export async function viewStation(
  sources: StationSources,
  station: Station,
  layer: { quantity: Quantity; average: Average },
): Promise<StationView> {
  const { aggregator } = sources;
  const { quantity, average } = layer;
  const now = sources.clock();
  const aggregate = aggregateOf(aggregator, station, layer, now);
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
    state: stateOf(station, valuesOf(station, aggregate), { now, average }),
    latest: Object.fromEntries(latest),
    coverage24h: aggregator.facts(station.id, now).coverage24h,
    neighbours: neighboursOf(sources, station, layer, now),
    usual: week && usualAtThisHour(hoursHere(station, week), now),
    hours: aggregate ? week : [],
  };
}

function stateOf(
  station: Station,
  values: MapRowValues,
  { now, average }: { now: number; average: Average },
): ValueState {
  const lastSeenAt = values.lastSeen === null ? null : values.lastSeen * 1000;
  const standing = { ...values, lastSeenAt, isDoubtful: values.doubtful === 1, kind: stationKind(station) };
  return valueStateOf(standing, now, average);
}

/** Hourly means of a week; undefined while the store is away: the page then goes without its course. */
async function weekOfHours(
  { readings }: StationSources,
  aggregate: Aggregate,
  now: number,
): Promise<Bucket[] | undefined> {
  const { stationId, sensor, quantity } = aggregate;
  const from = Math.floor(now / HOUR_MS) * HOUR_MS - 168 * HOUR_MS;
  try {
    return await readings.buckets({ stationId, sensor, quantity, from, to: now, bucketMs: HOUR_MS });
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}

/** Without the hours from before a move: what was usual there is not what is usual here. */
function hoursHere(station: Station, hours: readonly Bucket[]): Bucket[] {
  return hours.filter(({ start }) => isOfThisPlace(station, start));
}

/** Count and median of the valid outdoor stations around this one; undefined with fewer than three. */
function neighboursOf(
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
    const shown = valuesOf(other, aggregator.aggregate(other.id, quantity, average, now));
    if (shown.value !== null && stateOf(other, shown, { now, average }) === 'ok')
      values.push(shown.value / VALUE_SCALE);
  }
  const median = medianOfStations(values);
  return median === undefined ? undefined : { count: values.length, median };
}

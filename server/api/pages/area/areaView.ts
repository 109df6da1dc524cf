import type { AreaDirectory } from '../../../areas/areaDirectory.ts';
import { type AreaFigure, areaRows, figuresOf } from '../../../areas/areaFigures.ts';
import { AREA_PERIODS, type AreaPeriod, periodBefore } from '../../../areas/areaWindows.ts';
import { type OfficialNeighbour, officialNeighbours } from '../../../areas/officialComparison.ts';
import { rowsWhileThere } from '../../../areas/rowsWhileThere.ts';
import type { Area } from '../../../domain/area.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import type { LimitChoice } from '../../../domain/limits/limitChoice.ts';
import { isoDate } from '../../../domain/limits/limits.ts';
import type { IsoDate } from '../../../domain/limits/limitTable.ts';
import type { Station } from '../../../domain/station.ts';
import { forOneAnswer, type ReadRollups } from '../../../rollups/oneAnswer.ts';
import type { UncertainRow } from '../../../rollups/rollups.ts';
import { type ReadingStore, StoreUnavailableError } from '../../../store/readingStore.ts';

/** Where an area's page gets its numbers. */
export interface AreaSources {
  areas: AreaDirectory;
  rollups: ReadRollups;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  readings: Pick<ReadingStore, 'raw'>;
  clock: () => number;
}

/** Particulates an area's page shows. */
export type AreaQuantity = 'pm25' | 'pm10';

/** What a link to an area's page asks for. */
export interface AreaAsked {
  quantity: AreaQuantity;
  period: AreaPeriod;
  /** Text whose values the course is held against. */
  limit?: LimitChoice | undefined;
}

/** What an area's page says, in numbers. */
export interface AreaView extends AreaAsked {
  area: Area;
  /** Epoch ms. */
  now: number;
  /** Citizen stations, by name; `whole.members` in the same order. */
  stations: Station[];
  /** Figure of the whole period; undefined while the store cannot be asked. */
  whole: AreaFigure | undefined;
  course: AreaFigure[];
  /** False while means of its stations are missing or out of date. */
  isUpToDate: boolean;
  /** The days the period touches that are over, both inclusive: what its report is about. */
  closedDays: { from: IsoDate; to: IsoDate };
  stepMs: number;
  /** Official stations nearby, the nearest first. */
  officials: OfficialNeighbour[];
}

/** The period a link names; unknown ones are the default. */
export function periodOf(text: string | undefined): AreaPeriod {
  return AREA_PERIODS.find((period) => period === text) ?? '24h';
}

/** Gathers everything for an area's page. */
export async function viewArea(sources: AreaSources, area: Area, asked: AreaAsked): Promise<AreaView> {
  const { quantity, period } = asked;
  const now = sources.clock();
  const { whole, unit, course } = periodBefore(period, now, sources.dayOffsetMs);
  const stations = sources.areas
    .citizensOf(area.id, quantity, whole)
    .sort((a, b) => a.name.localeCompare(b.name, 'de', { numeric: true }));
  const kept = forOneAnswer(sources.rollups);
  const isUpToDate = await kept.upToDate({ stationIds: stations.map(({ id }) => id), to: whole.end });
  const rollups = rowsWhileThere(kept, sources.areas, { areaId: area.id, stations });
  const rows = await rowsOrNone(() => areaRows(rollups, stations, { quantity, unit, ...whole }));
  const figures = (windows: typeof course) => figuresOf(stations, rows ?? [], { quantity, unit, windows, now });
  const [figure] = figures([whole]);
  const medians = rows ? figures(course) : [];
  const all = sources.areas.stations();
  const query = { quantity, stations, all, course: medians };
  const officials = await officialNeighbours(sources.readings, query).catch(noneWhileAway);
  return {
    ...{ area, now, ...asked, stations },
    whole: rows && figure,
    course: medians,
    isUpToDate,
    officials,
    closedDays: { from: isoDate(whole.start, sources.dayOffsetMs), to: isoDate(now - DAY_MS, sources.dayOffsetMs) },
    stepMs: course[0]!.end - course[0]!.start,
  };
}

function noneWhileAway(error: unknown): [] {
  if (error instanceof StoreUnavailableError) return [];
  throw error;
}

/** undefined while the store is away: the page then says so and keeps its list of stations. */
async function rowsOrNone(ask: () => Promise<UncertainRow[]>): Promise<UncertainRow[] | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}

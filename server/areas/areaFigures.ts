import { type AreaStatistics, areaStatistics, type StationMean, windowMean } from '../domain/areaStatistics.ts';
import type { TimeWindow } from '../domain/calendarWindows.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Station } from '../domain/station.ts';

const HOUR_MS = 3_600_000;

/** What an area's window is made of: a day and less of hours, anything longer of days. */
export type PartUnit = 'hour' | 'day';
const PART_MS: Readonly<Record<PartUnit, number>> = { hour: HOUR_MS, day: 24 * HOUR_MS };

/** A closed hour or day of one station; null where its readings do not bear out a mean. */
export interface PartRow {
  stationId: string;
  sensor: string;
  start: number;
  mean: number | null;
}

/** Where the rows come from. */
export interface RowSource {
  rows(query: {
    stationIds: readonly string[];
    quantity: Quantity;
    window: PartUnit;
    from: number;
    to: number;
  }): Promise<PartRow[]>;
}

/** An area's figure of one window. */
export interface AreaFigure extends TimeWindow, AreaStatistics {
  /** Each station's own mean, those left out among them. */
  stations: readonly StationMean[];
}

/** Windows asked for: in order, without overlap, each a whole number of parts. */
export interface AreaQuery {
  quantity: Quantity;
  unit: PartUnit;
  windows: readonly TimeWindow[];
  now: number;
}

/**
 * Figures of an area's citizen stations: for each window each station's own mean over the whole of it, then the median
 * of these. Never a mean or median of shorter area figures. A window that has not ended has no figure yet.
 */
export async function areaFigures(
  source: RowSource,
  stations: readonly Station[],
  query: AreaQuery,
): Promise<AreaFigure[]> {
  const { quantity, unit, windows } = query;
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const stationIds = stations.map(({ id }) => id);
  const range = { from: first.start, to: last.end };
  const rows = stationIds.length === 0 ? [] : await source.rows({ stationIds, quantity, window: unit, ...range });
  const rowsByStation = groupByStation(rows);
  const means = stations.map((station) => ownMeans(station, rowsByStation.get(station.id) ?? [], query));
  return windows.map((window, at) => {
    const members = means.map((ofStation) => ofStation[at]!);
    return { ...window, ...areaStatistics(members), stations: members };
  });
}

/** One station's own mean of each window; its rows are in order of time. */
function ownMeans(station: Station, rows: readonly PartRow[], { unit, windows, now }: AreaQuery): StationMean[] {
  const { id: stationId, isIndoor, siting } = station;
  let next = 0;
  return windows.map(({ start, end }) => {
    const valid: number[] = [];
    let sensor: string | undefined;
    while (next < rows.length && rows[next]!.start < start) next++;
    for (; next < rows.length && rows[next]!.start < end; next++) {
      const row = rows[next]!;
      if (row.mean === null) continue;
      valid.push(row.mean);
      sensor = row.sensor;
    }
    const mean = end > now ? undefined : windowMean(valid, Math.round((end - start) / PART_MS[unit]));
    const sensorModel = modelOf(sensor ?? station.sensorModels[0] ?? 'unknown');
    return { stationId, mean, isIndoor, isExcluded: station.status === 'excluded', sensorModel, siting };
  });
}

/** `sds011` for `sds011-2`. */
function modelOf(sensor: string): string {
  return sensor.split('-')[0]!;
}

function groupByStation(rows: readonly PartRow[]): Map<string, PartRow[]> {
  const found = new Map<string, PartRow[]>();
  for (const row of rows) {
    const list = found.get(row.stationId);
    if (list === undefined) found.set(row.stationId, [row]);
    else list.push(row);
  }
  return found;
}

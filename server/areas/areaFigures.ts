import { type AreaStatistics, areaStatistics, type StationMean, windowMean } from '../domain/areaStatistics.ts';
import { lastingUncertainty } from '../domain/correction/monthComparison.ts';
import type { UncertaintyOrigin } from '../domain/correction/uncertainty.ts';
import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import type { Quantity } from '../domain/quantity.ts';
import { modelOf } from '../domain/sensorModel.ts';
import { type Siting, type Station, stationKind } from '../domain/station.ts';
import type { Rollups, UncertainRow } from '../rollups/rollups.ts';
import { comparisonOfParts, uncertaintyOf as rowUncertaintyOf } from '../rollups/rowUncertainty.ts';

const PART_MS = { hour: HOUR_MS, day: DAY_MS } as const;
/** Shortest year: from here on the uncertainty of a year applies. */
const YEAR_MS = 365 * DAY_MS;

/** One station's part in a figure. */
export interface AreaMember extends StationMean {
  siting: Siting | undefined;
  /** Valid hours or days of the window, of how many. */
  parts: { valid: number; of: number };
  /** Share of humid readings in the valid parts, 0 to 1. */
  humidShare: number;
  /** How sensors of its kind stood to the official station near them; absent where none could be compared. */
  comparison?: UncertainRow['comparison'];
}

/** An area's figure of one window. */
export interface AreaFigure extends TimeWindow, AreaStatistics {
  /**
   * Expanded uncertainty (95 %) of the median, µg/m³: that of a single sensor with this mean. Not divided by the number
   * of stations, because sensors of one kind err alike. Absent without a median, and for what it is not defined for.
   */
  uncertainty?: number;
  /** What made it, and the official stations of the comparison where that did. */
  uncertaintyFrom?: UncertaintyOrigin;
  comparedWith?: string;
  /** True while the window has not ended: nothing is valid in it yet. */
  isOpen: boolean;
  /** All citizen stations of the area, those left out among them. */
  members: readonly AreaMember[];
}

/** Windows asked for: in order, without overlap, each a whole number of hours or days. */
export interface AreaQuery {
  quantity: Quantity;
  /** What the windows are made of: hours up to a day, days (at `DAY_OFFSET`) for a day and longer. */
  unit: 'hour' | 'day';
  windows: readonly TimeWindow[];
  now: number;
}

/**
 * Figures of citizen stations: for each window each station's own mean over the whole of it, then the median of these.
 * Never a mean or median of shorter area figures. Official stations among `stations` do not count.
 */
export async function areaFigures(
  rollups: Pick<Rollups, 'rows'>,
  stations: readonly Station[],
  query: AreaQuery,
): Promise<AreaFigure[]> {
  const [first, last] = [query.windows[0], query.windows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rows = await areaRows(rollups, stations, { ...query, start: first.start, end: last.end });
  return figuresOf(stations, rows, query);
}

/** The stations' rows that figures of windows in `[start, end)` are made from. */
export async function areaRows(
  rollups: Pick<Rollups, 'rows'>,
  stations: readonly Station[],
  { quantity, unit, start, end }: Pick<AreaQuery, 'quantity' | 'unit'> & TimeWindow,
): Promise<UncertainRow[]> {
  const stationIds = stations.filter(isCitizens).map(({ id }) => id);
  if (stationIds.length === 0 || end <= start) return [];
  return rollups.rows({ stationIds, quantity, window: unit, from: start, to: end });
}

/** `areaFigures` from rows that are there already: a station's in order of time. */
export function figuresOf(stations: readonly Station[], rows: readonly UncertainRow[], query: AreaQuery): AreaFigure[] {
  const rowsByStation = groupByStation(rows);
  const means = stations
    .filter(isCitizens)
    .map((station) => membersOf(station, rowsByStation.get(station.id) ?? [], query));
  return query.windows.map((window, at) => {
    const members = means.map((ofStation) => ofStation[at]!);
    return figureOf(window, members, query);
  });
}

/** True when a station's mean is one of those the median is of. */
export function isCounted({ mean, isIndoor, isExcluded }: StationMean): boolean {
  return mean !== undefined && isIndoor === false && isExcluded !== true;
}

function isCitizens(station: Station): boolean {
  return stationKind(station) === 'citizen';
}

function figureOf(window: TimeWindow, members: readonly AreaMember[], { quantity, now }: AreaQuery): AreaFigure {
  const statistics = areaStatistics(members);
  const uncertainty = uncertaintyOf(statistics.median, members.filter(isCounted), { ...window, quantity });
  const isOpen = window.end > now;
  return { ...window, ...statistics, ...uncertainty, isOpen, members };
}

/** That of a single sensor with this mean; of what the stations' comparisons show, the largest. */
function uncertaintyOf(
  median: number | undefined,
  counted: readonly AreaMember[],
  { quantity, start, end }: TimeWindow & { quantity: Quantity },
): Pick<AreaFigure, 'uncertainty' | 'uncertaintyFrom' | 'comparedWith'> {
  if (median === undefined || (quantity !== 'pm25' && quantity !== 'pm10')) return {};
  const humidShare = counted.reduce((sum, member) => sum + member.humidShare, 0) / counted.length;
  const comparison = largest(counted, end - start > DAY_MS);
  const made = rowUncertaintyOf({
    ...{ quantity, mean: median, isYear: end - start >= YEAR_MS, humidShare },
    ...(comparison && { comparisonU: comparison.u }),
  });
  const isCompared = made.uncertaintyFrom?.startsWith('comparison') === true;
  return { ...made, ...(isCompared && { comparedWith: comparison!.official }) };
}

/** Over more than a day only the lasting difference counts. */
function largest(members: readonly AreaMember[], isLong: boolean): { u: number; official: string } | undefined {
  const known = members.flatMap(({ comparison }) => {
    if (comparison === undefined) return [];
    const { u, bias, official } = comparison;
    return [{ u: isLong ? lastingUncertainty([bias])! : u, official }];
  });
  return known.reduce<(typeof known)[number] | undefined>(
    (top, each) => (top && top.u >= each.u ? top : each),
    undefined,
  );
}

/** One station's own mean of each window; its rows are in order of time. */
function membersOf(
  station: Station,
  rows: readonly UncertainRow[],
  { quantity, unit, windows, now }: AreaQuery,
): AreaMember[] {
  let next = 0;
  return windows.map((window) => {
    while (next < rows.length && rows[next]!.start < window.start) next++;
    const first = next;
    while (next < rows.length && rows[next]!.start < window.end) next++;
    const valid = rows.slice(first, next).filter(({ mean }) => mean !== null);
    return memberOf(station, valid, {
      of: Math.round((window.end - window.start) / PART_MS[unit]),
      isClosed: window.end <= now,
      quantity,
    });
  });
}

function memberOf(
  { id: stationId, isIndoor, siting, status, sensorModels }: Station,
  valid: readonly UncertainRow[],
  { of, isClosed, quantity }: { of: number; isClosed: boolean; quantity: Quantity },
): AreaMember {
  const means = valid.map(({ mean }) => mean!);
  const comparison = comparisonOfParts(valid);
  const declared = sensorModels.find((model) => modelOf(model)?.ranges[quantity] !== undefined);
  const sensor = valid.at(-1)?.sensor ?? declared ?? 'unknown';
  const humid = valid.reduce((sum, { shares }) => sum + (shares.humid ?? 0), 0);
  return {
    stationId,
    mean: isClosed ? windowMean(means, of) : undefined,
    isIndoor,
    isExcluded: status === 'excluded',
    // `sds011` for `sds011-2`.
    sensorModel: sensor.split('-')[0]!,
    siting,
    parts: { valid: valid.length, of },
    humidShare: valid.length === 0 ? 0 : humid / valid.length,
    ...(comparison && { comparison }),
  };
}

function groupByStation(rows: readonly UncertainRow[]): Map<string, UncertainRow[]> {
  const found = new Map<string, UncertainRow[]>();
  for (const row of rows) {
    const list = found.get(row.stationId);
    if (list === undefined) found.set(row.stationId, [row]);
    else list.push(row);
  }
  return found;
}

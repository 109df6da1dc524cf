import { HOUR_MS } from '../domain/durations.ts';
import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import { type HourColumns, hoursOnly } from '../domain/means/hourColumns.ts';
import type { Station } from '../domain/station.ts';
import { indoorPeriods } from '../domain/stationHistory.ts';

/** Of a station, what tells when it measured indoors; undefined for one that is not known. */
export type IndoorFacts = (stationId: string) => Pick<Station, 'isIndoor' | 'formerPlaces'> | undefined;

/** Rows without those a station outdoors measured indoors, even in part: nobody else's air, and no outdoor air. */
export function outdoorRows<Row extends TimeWindow & { stationId: string }>(
  rows: readonly Row[],
  facts: IndoorFacts,
): readonly Row[] {
  const wasOutdoors = outdoorsBy(facts, new Set(rows.map(({ stationId }) => stationId)));
  return wasOutdoors === undefined ? rows : rows.filter((row) => wasOutdoors(row.stationId, row));
}

/** The same of hours as columns. */
export function outdoorHours(all: readonly HourColumns[], facts: IndoorFacts): HourColumns[] {
  const wasOutdoors = outdoorsBy(facts, new Set(all.map(({ stationId }) => stationId)));
  if (wasOutdoors === undefined) return [...all];
  return all.map((columns) =>
    hoursOnly(columns, (start) => wasOutdoors(columns.stationId, { start, end: start + HOUR_MS })),
  );
}

/** True for a window a station measured outdoors; undefined when each of them always did. */
function outdoorsBy(
  facts: IndoorFacts,
  stationIds: ReadonlySet<string>,
): ((stationId: string, window: TimeWindow) => boolean) | undefined {
  const indoors = new Map<string, ReturnType<typeof indoorPeriods>>();
  for (const id of stationIds) {
    const periods = indoorPeriods(facts(id) ?? { isIndoor: false });
    if (periods.length > 0) indoors.set(id, periods);
  }
  if (indoors.size === 0) return undefined;
  return (stationId, { start, end }) => !indoors.get(stationId)?.some(({ from, to }) => from < end && to > start);
}

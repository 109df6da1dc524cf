import { cadencesAt } from '../domain/cadence.ts';
import type { TimeWindow } from '../domain/calendarWindows.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { Reading } from '../domain/reading.ts';
import { dayRow, type FlaggedValue, flaggedHour, hourRow, type RollupRow } from '../domain/rollup.ts';
import { assessStation } from '../domain/stationAssessment.ts';
import type { ReadingStore } from '../store/readingStore.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Readings before and after that flags may rest on: the memory of a broken humidity sensor, and its proof. */
const CONTEXT_MS = 16 * DAY_MS;

/** Rows of one station. */
export interface StationRows {
  hours: RollupRow[];
  days: RollupRow[];
}

/** What is made. */
export interface StationRange extends TimeWindow {
  stationId: string;
  /** Where days begin, ms east of UTC. */
  dayOffsetMs: number;
  now: number;
}

/** Makes the rows of the days that overlap the range from the readings, revision 1 each: closed windows only. */
export async function stationRows(store: ReadingStore, range: StationRange): Promise<StationRows> {
  const { stationId, start, end, dayOffsetMs } = range;
  const from = dayOf(start, dayOffsetMs);
  const to = dayOf(end - 1, dayOffsetMs) + DAY_MS;
  const readings: Reading[] = [];
  const scanned = { stationId, from: from - CONTEXT_MS, to: to + CONTEXT_MS };
  for await (const page of store.scan(scanned)) readings.push(...page);
  const intervals = await store.intervals({ stationId, from: from - DAY_MS, to });
  const rows: StationRows = { hours: [], days: [] };
  for (const [sensor, bySeries] of valuesBySensor(readings)) {
    const gaps = await store.gaps({ stationId, sensor, from: from - CONTEXT_MS, to, offsetMs: dayOffsetMs });
    for (const [quantity, values] of bySeries) {
      const series = { stationId, sensor, quantity };
      for (const [day, dayValues] of byWindow(values, { from, to, width: DAY_MS, offsetMs: dayOffsetMs })) {
        const starts = Array.from({ length: 24 }, (_, hour) => day + hour * HOUR_MS);
        const cadences = cadencesAt(starts, { intervals, gaps });
        const valuesByHour = byWindow(dayValues, { from, to, width: HOUR_MS, offsetMs: dayOffsetMs });
        const hours = starts.map((at, hour) => {
          const context = { start: at, end: at + HOUR_MS, cadenceMs: cadences[hour]!, now: range.now };
          return hourRow(series, flaggedHour(valuesByHour.get(at) ?? [], quantity), context);
        });
        rows.hours.push(...hours.filter((hour) => hour.end <= range.now));
        if (day + DAY_MS <= range.now)
          rows.days.push(dayRow(series, hours, { start: day, end: day + DAY_MS, now: range.now }));
      }
    }
  }
  return rows;
}

function dayOf(at: number, dayOffsetMs: number): number {
  return Math.floor((at + dayOffsetMs) / DAY_MS) * DAY_MS - dayOffsetMs;
}

function valuesBySensor(readings: readonly Reading[]): Map<string, Map<Quantity, FlaggedValue[]>> {
  const flags = assessStation(readings);
  const found = new Map<string, Map<Quantity, FlaggedValue[]>>();
  for (const [at, reading] of readings.entries()) {
    const bySeries = found.get(reading.sensor) ?? new Map<Quantity, FlaggedValue[]>();
    found.set(reading.sensor, bySeries);
    for (const [name, value] of Object.entries(reading.values)) {
      const quantity = name as Quantity;
      const list = bySeries.get(quantity) ?? [];
      bySeries.set(quantity, list);
      const { measuredAt, flags: mask } = reading;
      list.push({ measuredAt, value, flags: mask, derived: flags[at]![quantity] ?? [] });
    }
  }
  return found;
}

interface Cut {
  from: number;
  to: number;
  width: number;
  offsetMs: number;
}

function byWindow(values: readonly FlaggedValue[], { from, to, width, offsetMs }: Cut): Map<number, FlaggedValue[]> {
  const found = new Map<number, FlaggedValue[]>();
  for (const value of values) {
    if (value.measuredAt < from || value.measuredAt >= to) continue;
    const start = Math.floor((value.measuredAt + offsetMs) / width) * width - offsetMs;
    const list = found.get(start);
    if (list === undefined) found.set(start, [value]);
    else list.push(value);
  }
  return found;
}

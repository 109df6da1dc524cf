import { DAY_MS } from '../domain/durations.ts';
import { composedRow, type RollupRow } from '../domain/means/rollup.ts';
import { primarySensor } from '../domain/primarySensor.ts';
import type { Quantity } from '../domain/quantity.ts';
import type { RollupsQuery, UncertainRow } from './rollups.ts';
import { withUncertainty } from './rowUncertainty.ts';

/** Of one station's rows those a query asks for, one a window, in order of time, each with its uncertainty unless bare. */
export function spokenRows(
  rows: readonly RollupRow[],
  { quantity, from, to, sensor, isBare }: RollupsQuery,
  declared: readonly string[] = [],
): UncertainRow[] {
  const wanted = rows.filter(
    (row) =>
      row.quantity === quantity &&
      row.start >= from &&
      row.start < to &&
      (sensor === undefined || row.sensor === sensor),
  );
  const spoken = speakingRows(wanted, quantity, declared);
  return isBare ? spoken : spoken.map((row) => withUncertainty(row));
}

/**
 * Of several instruments' rows of one station, in any order, one a window: that of the instrument that speaks for the
 * station among those that measured in it. In order of time.
 */
function speakingRows(rows: readonly RollupRow[], quantity: Quantity, declared: readonly string[]): RollupRow[] {
  if (rows.length < 2) return [...rows];
  const rowsByStart = new Map<number, RollupRow[]>();
  for (const row of rows) {
    const found = rowsByStart.get(row.start);
    if (found === undefined) rowsByStart.set(row.start, [row]);
    else found.push(row);
  }
  const starts = [...rowsByStart.keys()].sort((a, b) => a - b);
  return starts.map((start) => speaking(rowsByStart.get(start)!, quantity, declared));
}

function speaking(rows: readonly RollupRow[], quantity: Quantity, declared: readonly string[]): RollupRow {
  if (rows.length === 1) return rows[0]!;
  const [{ end }] = rows as [RollupRow];
  // All that measured in the window were heard equally late: the rank decides.
  const candidates = rows.map((row) => ({ row, sensor: row.sensor, lastMeasuredAt: row.readings > 0 ? end : 0 }));
  return primarySensor(candidates, { quantity, declared, now: end })!.row;
}

/**
 * Of a station's days those that several instruments measured and the one that speaks did not measure whole: on the day of
 * a swap neither has a mean, and the station has one all the same. `rows`: of all its instruments.
 */
export function sharedDays(rows: readonly RollupRow[], spoken: readonly RollupRow[]): RollupRow[] {
  const measuring = new Map<number, number>();
  for (const { start, readings } of rows) {
    if (readings > 0) measuring.set(start, (measuring.get(start) ?? 0) + 1);
  }
  return spoken.filter(
    ({ start, parts }) => (measuring.get(start) ?? 0) > 1 && parts !== undefined && parts.valid < parts.of,
  );
}

/** Such days of the hours of whoever spoke in each, as reports and ledgers count them; named after who spoke in most. */
export function daysOfSpeakers(days: readonly RollupRow[], hours: readonly RollupRow[]): RollupRow[] {
  return days.flatMap(({ stationId, quantity, start, end }) => {
    const ofDay = hours.filter((hour) => hour.start >= start && hour.start < end);
    // Deleted since the days were read.
    if (ofDay.length === 0) return [];
    const spokenBy = new Map<string, number>();
    for (const { sensor, mean } of ofDay) spokenBy.set(sensor, (spokenBy.get(sensor) ?? 0) + (mean === null ? 0 : 1));
    const [sensor] = [...spokenBy].reduce((most, each) => (each[1] > most[1] ? each : most));
    return composedRow({ stationId, quantity, sensor }, ofDay, { start, end, now: end });
  });
}

/** Stretches of days that follow each other, epoch ms: what is read at once. */
export function stretchesOf(days: readonly RollupRow[]): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = [];
  for (const { start } of days) {
    const last = stretches.at(-1);
    if (last?.to === start) last.to = start + DAY_MS;
    else stretches.push({ from: start, to: start + DAY_MS });
  }
  return stretches;
}

import { Point } from '@influxdata/influxdb-client';
import { clockFlagsOf, clockMask } from '../../domain/means/clockMask.ts';
import type { RollupRow } from '../../domain/means/rollup.ts';
import { isQuantity } from '../../domain/quantity.ts';
import { type DirtyMark, flaggedText, type RollupBasis, type RollupWindow, sharesOfText } from '../rollupStore.ts';
import type { InfluxRow } from './influxRows.ts';
import { checkedSensor } from './influxText.ts';

/**
 * Rollup rows as points. Each writes every field, since a field cannot be unset: where there is no number 0 stands, and
 * the count, the clock flags and the kind of window tell which those are.
 */
const NUMBERS = [
  'mean',
  'min',
  'max',
  'median',
  'count',
  'expected',
  'cadence',
  'readings',
  'valid_parts',
  'parts',
  'clock_flags',
  'humid',
  'revision',
] as const;

/** Columns of whole rows, for `rollupOf`. */
export const ROLLUP_COLUMNS = ['station', 'sensor', 'quantity', ...NUMBERS, 'flagged', 'method'].join(', ');

/** The measurement of each kind of row. */
export const ROLLUP_MEASUREMENTS = { hour: 'rollup_hour', day: 'rollup_day' } as const;

/** A row's line. */
export function lineOfRollup(window: RollupWindow, row: RollupRow): string {
  const point = new Point(ROLLUP_MEASUREMENTS[window])
    .tag('station', row.stationId)
    .tag('sensor', checkedSensor(row.sensor))
    .tag('quantity', row.quantity)
    .timestamp(row.start);
  const numbers = [
    ...[row.mean, row.min, row.max, row.median, row.count, row.expected, row.cadenceMs, row.readings],
    ...[row.parts?.valid, row.parts?.of, clockMask(row.flags), Number(row.isHumid ?? false), row.revision],
  ];
  for (const [index, name] of NUMBERS.entries()) point.floatField(name, numbers[index] ?? 0);
  return lineOf(point.stringField('flagged', flaggedText(row.shares, row.readings)).stringField('method', row.method));
}

/** A row of `ROLLUP_COLUMNS` as the row it was. */
export function rollupOf([start, ...columns]: InfluxRow, window: RollupWindow, widthMs: number): RollupRow {
  const [stationId, sensor, quantity, ...rest] = columns as [string, string, string, ...number[]];
  const [mean, min, max, median, count, expected, cadenceMs, readings, valid, of, clock, humid, revision] =
    rest as unknown as [number, number, number, number, number, number, number, number, ...number[]];
  const [flagged, method] = columns.slice(-2).map(String) as [string, string];
  if (!isQuantity(quantity)) throw new Error(`a rollup row of ${quantity}, which is no quantity`);
  const flags = clockFlagsOf(clock!);
  const hasMean = flags.length === 0 && count > 0;
  const row: RollupRow = {
    stationId,
    sensor,
    quantity,
    start,
    end: start + widthMs,
    mean: hasMean ? mean : null,
    min: count > 0 ? min : null,
    max: count > 0 ? max : null,
    median: (window === 'hour' ? count > 0 : hasMean) ? median : null,
    count,
    expected,
    coverage: expected === 0 ? 0 : Math.min(1, count / expected),
    flags,
    cadenceMs,
    readings,
    shares: sharesOfText(flagged, readings),
    method,
    revision: revision!,
  };
  if (window === 'day') {
    row.parts = { valid: valid!, of: of! };
    row.isHumid = humid === 1;
  }
  return row;
}

/** A mark's line; its number is its time, so that no two are one point. */
export function lineOfMark({ mark, stationId, from, to }: DirtyMark): string {
  const point = new Point('rollup_mark').tag('station', stationId).timestamp(mark);
  return lineOf(point.floatField('from', from).floatField('to', to));
}

/** What the rows rest on, as a line of this time. */
export function lineOfBasis({ rules, closedUntil }: RollupBasis, at: number): string {
  const point = new Point('rollup_basis').timestamp(at);
  return lineOf(point.stringField('rules', rules).floatField('closed_until', closedUntil));
}

function lineOf(point: Point): string {
  return point.toLineProtocol({ convertTime: (time) => String(time) }) ?? '';
}

import { MIN_COVERAGE } from '../aggregate.ts';
import { flagsOf, isValid } from '../assessment/flag.ts';
import { DRY_END, WET_END } from '../assessment/humidityHistory.ts';
import { median, quantile } from '../assessment/robust.ts';
import { isPm25AbovePm10, type ReadingFlags } from '../assessment/stationAssessor.ts';
import { DAY_MS } from '../durations.ts';
import { isParticulate, type Quantity } from '../quantity.ts';
import type { Reading } from '../reading.ts';
import type { FindingOf, HealthEvidence } from './deviceHealth.ts';

/** Readings with what the assessment says of each. */
export interface AssessedEvidence extends HealthEvidence {
  /** Those of the last 24 hours. */
  dayReadings: readonly Reading[];
  /** Derived flags of `readings`, in their order. */
  flags: readonly ReadingFlags[];
  cadenceMs: number;
}

/** A blocked inlet or a fan at rest shows 0.1 to 0.2 µg/m³ all day (airRohr firmware issue 557). */
const BLOCKED_BELOW = 0.3;
/** Readings of so long prove it, as a share of a day. */
const BLOCKED_SHARE = 0.5;
/** Neighbours at or above this say that the air is not that clean, µg/m³. Our choice. */
const NOT_CLEAN = 2;
/** PM2.5 above PM10 in more of the readings than this is a fault, not noise. Our choice. */
const INVERTED_SHARE = 0.05;
/** A jump between two readings that no air makes, percentage points. */
const FLIP = 30;

/** Almost nothing measured all day: blocked inlet or fan at rest, unless the neighbours measure as little. */
export function findFan({ dayReadings, cadenceMs, hours, now }: AssessedEvidence): FindingOf<'fan'> {
  const found = bySensor(dayReadings, 'pm25').sort((a, b) => b.values.length - a.values.length)[0];
  const readings = found?.values.length ?? 0;
  const needed = (BLOCKED_SHARE * DAY_MS) / cadenceMs;
  if (found === undefined || readings < needed) return { id: 'fan', state: 'unknown', readings };
  const highest = quantile(found.values, 0.95)!;
  const others = hours.filter(({ start }) => start >= now - DAY_MS).flatMap(({ others: values }) => values);
  const neighbours = median(others);
  const base = {
    id: 'fan' as const,
    sensor: found.sensor,
    highest,
    readings,
    ...(neighbours !== undefined && { neighbours }),
  };
  if (highest > BLOCKED_BELOW) return { ...base, state: 'good' };
  if (neighbours === undefined) return { ...base, state: 'notice' };
  return { ...base, state: neighbours >= NOT_CLEAN ? 'problem' : 'good' };
}

/** The same value for hours, until now. */
export function findStuck({ readings, flags, dayReadings }: AssessedEvidence): FindingOf<'stuck'> {
  if (!dayReadings.some(({ values }) => Object.keys(values).some((name) => isParticulate(name as Quantity)))) {
    return { id: 'stuck', state: 'unknown' };
  }
  for (let at = readings.length - 1; at >= 0; at--) {
    const quantity = Object.keys(flags[at]!).find((name) => flags[at]![name as Quantity]?.includes('stuck'));
    if (quantity === undefined) continue;
    const { sensor, values } = readings[at]!;
    const value = values[quantity as Quantity]!;
    const series = readings.slice(0, at + 1).filter((reading) => reading.sensor === sensor);
    const run = runOf(series, quantity as Quantity, value);
    const isOver = readings
      .slice(at + 1)
      .some((later) => later.sensor === sensor && later.values[quantity as Quantity] !== undefined);
    return { id: 'stuck', state: isOver ? 'notice' : 'problem', sensor, quantity, value, ...run };
  }
  return { id: 'stuck', state: 'good' };
}

function runOf(series: readonly Reading[], quantity: Quantity, value: number): { since: number; readings: number } {
  const lastOther = series.findLastIndex(({ values }) => values[quantity] !== undefined && values[quantity] !== value);
  const run = series.slice(lastOther + 1).filter(({ values }) => values[quantity] !== undefined);
  return { since: run[0]!.measuredAt, readings: run.length };
}

/** Full scale in the last day: dirt, an insect or weak power. */
export function findSaturation({ dayReadings }: AssessedEvidence): FindingOf<'saturated'> {
  const hits = dayReadings.flatMap(({ sensor, measuredAt, values, flags }) =>
    (Object.keys(values) as Quantity[])
      .filter((quantity) => isParticulate(quantity) && flagsOf(flags, quantity).includes('saturated'))
      .map((quantity) => ({ sensor, measuredAt, value: values[quantity]! })),
  );
  const last = hits.at(-1);
  const count = new Set(hits.map(({ measuredAt }) => measuredAt)).size;
  if (last === undefined) return { id: 'saturated', state: dayReadings.length === 0 ? 'unknown' : 'good', count: 0 };
  const state = count > 2 ? 'problem' : 'notice';
  return { id: 'saturated', state, sensor: last.sensor, count, lastAt: last.measuredAt, value: last.value };
}

/** PM2.5 is a part of PM10 and cannot be above it. */
export function findInversion({ dayReadings }: AssessedEvidence): FindingOf<'inverted'> {
  const both = dayReadings.filter(({ values, flags }) => {
    return values.pm25 !== undefined && values.pm10 !== undefined && isValid(flags, 'pm25') && isValid(flags, 'pm10');
  });
  if (both.length === 0) return { id: 'inverted', state: 'unknown', share: 0, readings: 0 };
  const share = both.filter(({ values }) => isPm25AbovePm10(values.pm25, values.pm10)).length / both.length;
  return { id: 'inverted', state: share > INVERTED_SHARE ? 'notice' : 'good', share, readings: both.length };
}

/** Proved broken by the assessment, with what proves it. */
export function findHumidity({ readings, flags, now }: AssessedEvidence): FindingOf<'humidity'> {
  const found = bySensor(readings, 'humidity');
  const [first] = found;
  if (
    first === undefined ||
    !readings.some(({ measuredAt, values }) => measuredAt > now - DAY_MS && values.humidity !== undefined)
  ) {
    return { id: 'humidity', state: 'unknown', readings: 0 };
  }
  const broken = readings.findLast((_, at) => flags[at]!.humidity?.includes('humidity-broken'));
  const shown = found.find(({ sensor }) => sensor === broken?.sensor) ?? first;
  const base = {
    id: 'humidity' as const,
    sensor: shown.sensor,
    lowest: Math.min(...shown.values),
    highest: Math.max(...shown.values),
    flips: flipsOf(shown.values),
    readings: shown.values.length,
  };
  if (broken !== undefined) return { ...base, state: 'problem' };
  const atEnd = shown.values.filter((value) => value >= WET_END || value <= DRY_END).length / shown.values.length;
  return { ...base, state: atEnd >= MIN_COVERAGE ? 'notice' : 'good' };
}

function flipsOf(values: readonly number[]): number {
  return values.filter((value, index) => index > 0 && Math.abs(value - values[index - 1]!) > FLIP).length;
}

/** Valid values of a quantity by instrument, in order of time. */
function bySensor(readings: readonly Reading[], quantity: Quantity): { sensor: string; values: number[] }[] {
  const valuesBySensor = new Map<string, number[]>();
  for (const { sensor, values, flags } of readings) {
    const value = values[quantity];
    if (value === undefined || !isValid(flags, quantity)) continue;
    const known = valuesBySensor.get(sensor) ?? [];
    known.push(value);
    valuesBySensor.set(sensor, known);
  }
  return [...valuesBySensor].map(([sensor, values]) => ({ sensor, values }));
}

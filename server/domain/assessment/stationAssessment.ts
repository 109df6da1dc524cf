import { QUANTITIES, type Quantity } from '../quantity.ts';
import type { Reading } from '../reading.ts';
import type { DerivedFlag } from './assessment.ts';
import { isValid } from './flag.ts';
import { BROKEN_FOR_MS, HumidityHistory } from './humidityHistory.ts';
import { type BreaksLater, type ReadingFlags, StationAssessor } from './stationAssessor.ts';

/**
 * Derived flags of a station's whole history (or a stretch of it), in the order of `readings`, which are in order of
 * time. What the live assessor says, and what nobody can know while it begins: a stuck run is marked from its first
 * reading, and a humidity sensor is not believed in the two weeks before it proved broken.
 */
export function assessStation(readings: readonly Reading[], cadenceMs?: number): ReadingFlags[] {
  const assessor = new StationAssessor(foresight(readings));
  const flags: ReadingFlags[] = [];
  for (let from = 0; from < readings.length; ) {
    let to = from + 1;
    while (readings[to]?.measuredAt === readings[from]!.measuredAt) to += 1;
    flags.push(...assessor.assess(readings.slice(from, to), cadenceMs));
    from = to;
  }
  markRunsFromTheirStart(readings, flags);
  return flags;
}

/** Times at which each humidity sensor begins to be proved broken, as a question. */
function foresight(readings: readonly Reading[]): BreaksLater {
  const breaksBySensor = new Map<string, number[]>();
  const historyBySensor = new Map<string, HumidityHistory>();
  for (const { sensor, measuredAt, values, flags } of readings) {
    if (values.humidity === undefined || !isValid(flags, 'humidity')) continue;
    const history = historyBySensor.get(sensor) ?? new HumidityHistory();
    historyBySensor.set(sensor, history);
    const wasBroken = history.isBroken;
    history.add(measuredAt, values.humidity);
    if (wasBroken || !history.isBroken) continue;
    breaksBySensor.set(sensor, [...(breaksBySensor.get(sensor) ?? []), measuredAt]);
  }
  return (sensor, at) =>
    breaksBySensor.get(sensor)?.some((brokeAt) => at <= brokeAt && brokeAt - at <= BROKEN_FOR_MS) === true;
}

function markRunsFromTheirStart(readings: readonly Reading[], flags: ReadingFlags[]): void {
  const stuckValueBySeries = new Map<string, number>();
  for (let at = readings.length - 1; at >= 0; at--) {
    const { sensor, values } = readings[at]!;
    for (const name in values) {
      const quantity = name as Quantity;
      const words = flags[at]![quantity] ?? [];
      if (stuckValueBySeries.size === 0 && !words.includes('stuck')) continue;
      const series = `${sensor} ${quantity}`;
      if (words.includes('stuck')) stuckValueBySeries.set(series, values[quantity]!);
      else if (stuckValueBySeries.get(series) === values[quantity]) flags[at] = withStuck(flags[at]!, quantity, words);
      else stuckValueBySeries.delete(series);
    }
    if (isRestart(flags[at]!)) for (const name of QUANTITIES) stuckValueBySeries.delete(`${sensor} ${name}`);
  }
}

/** A pause ends the runs of all quantities, also of those that its first reading lacks. */
function isRestart(flags: ReadingFlags): boolean {
  return Object.values(flags).some((words) => words.includes('restart'));
}

function withStuck(flags: ReadingFlags, quantity: Quantity, words: readonly DerivedFlag[]): ReadingFlags {
  return { ...flags, [quantity]: ['stuck', ...words] };
}

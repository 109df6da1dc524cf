import type { SensorCourse } from '../../server/domain/means/course.ts';
import type { Quantity } from '../../server/domain/quantity.ts';
import type { Reading } from '../../server/domain/reading.ts';

/** The same readings as columns, one course an instrument. `readings` are in order of time, merged. */
export function coursesOf(readings: readonly Reading[]): SensorCourse[] {
  const readingsBySensor = new Map<string, Reading[]>();
  for (const reading of readings) {
    const key = `${reading.stationId}/${reading.sensor}`;
    const known = readingsBySensor.get(key);
    if (known === undefined) readingsBySensor.set(key, [reading]);
    else known.push(reading);
  }
  return [...readingsBySensor.values()].map(courseOf);
}

function courseOf(readings: readonly Reading[]): SensorCourse {
  const [{ stationId, sensor }] = readings as [Reading];
  const names = new Set(readings.flatMap(({ values }) => Object.keys(values) as Quantity[]));
  const values = [...names].map((name) => [name, Float64Array.from(readings, (one) => one.values[name] ?? Number.NaN)]);
  return {
    stationId,
    sensor,
    times: Float64Array.from(readings, ({ measuredAt }) => measuredAt),
    flags: Float64Array.from(readings, ({ flags }) => flags),
    values: Object.fromEntries(values) as SensorCourse['values'],
  };
}

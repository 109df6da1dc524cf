import { STALE_AFTER_MS } from '../aggregate.ts';
import type { SensorCourse } from '../means/course.ts';
import { THRESHOLDS } from './assessment.ts';
import { isValid } from './flag.ts';
import { BROKEN_FOR_MS, HumidityHistory } from './humidityHistory.ts';

/** What one humidity sensor said, and when it was known, or would become known, to be broken. Asked in order of time. */
export class HumidityCourse {
  readonly sensor: string;
  /** Valid readings, and whether the sensor was broken as of each. */
  readonly times: number[] = [];
  readonly #values: number[] = [];
  readonly #isBroken: boolean[] = [];
  /** When it began to be proved broken, each time. */
  readonly breaks: number[] = [];
  /** When it was proved broken last; minus infinity for never. */
  readonly provedAt: number;
  #place = -1;
  #break = 0;

  /** `provedAt`: when it was proved broken last before the course begins; epoch ms. */
  constructor({ sensor, times, flags, values }: SensorCourse, provedAt?: number) {
    this.sensor = sensor;
    const history = new HumidityHistory(provedAt);
    const humidity = values.humidity ?? new Float64Array(0);
    for (let at = 0; at < humidity.length; at++) {
      const value = humidity[at]!;
      if (Number.isNaN(value) || !isValid(flags[at]!, 'humidity')) continue;
      const wasBroken = history.isBroken;
      history.add(times[at]!, value);
      this.times.push(times[at]!);
      this.#values.push(value);
      this.#isBroken.push(history.isBroken);
      if (!wasBroken && history.isBroken) this.breaks.push(times[at]!);
    }
    this.provedAt = history.provedAt;
  }

  /** Goes on to `time`; the questions below are about it. */
  moveTo(time: number): void {
    while (this.times[this.#place + 1]! <= time) this.#place++;
    while (this.breaks[this.#break]! < time) this.#break++;
  }

  /** Back to the beginning. */
  rewind(): void {
    this.#place = -1;
    this.#break = 0;
  }

  /** True when it is broken at `time`, or proves so within the time a broken sensor is not believed. */
  isBrokenAt(time: number): boolean {
    return this.#isBroken[this.#place] === true || this.breaks[this.#break]! - time <= BROKEN_FOR_MS;
  }

  /** Time of the last reading; minus infinity before the first. */
  get measuredAt(): number {
    return this.times[this.#place] ?? Number.NEGATIVE_INFINITY;
  }

  /** Its value, %. */
  get value(): number {
    return this.#values[this.#place] ?? Number.NaN;
  }
}

/** True when the sound sensor heard last, at most ten minutes ago, says that the air is humid. All moved to `time`. */
export function isHumidAt(time: number, sensors: readonly HumidityCourse[]): boolean {
  let newest = time - STALE_AFTER_MS;
  let value = Number.NaN;
  for (const sensor of sensors) {
    const { measuredAt } = sensor;
    if (measuredAt < newest || sensor.isBrokenAt(time)) continue;
    newest = measuredAt;
    value = sensor.value;
  }
  return value >= THRESHOLDS.humidFrom;
}

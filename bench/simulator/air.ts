import { DAY_MS } from '../../server/domain/durations.ts';

/** What the air around a simulated device is like. */
export interface Air {
  /** µg/m³. */
  pm1: number;
  pm25: number;
  pm4: number;
  pm10: number;
  /** °C. */
  temperature: number;
  /** %. */
  humidity: number;
  /** Pa, as the firmware sends it. */
  pressure: number;
}

/** A plausible course: cleaner at noon, a place of its own for each `place` (0 to 1), a little noise. */
export function airAt(now: number, place: number, random: () => number): Air {
  const phase = ((now % DAY_MS) / DAY_MS) * 2 * Math.PI;
  const level = 7 + 3 * Math.cos(phase) + 6 * place;
  const pm25 = Math.max(0.3, level + 2 * (random() - 0.5));
  return {
    pm1: pm25 * 0.7,
    pm25,
    pm4: pm25 * 1.25,
    pm10: pm25 * 1.6 + 2 * random(),
    temperature: 9 - 4 * Math.cos(phase) + 2 * place + random() / 4,
    humidity: 68 + 12 * Math.cos(phase) + 2 * random(),
    pressure: 99_600 + 400 * place + 20 * random(),
  };
}

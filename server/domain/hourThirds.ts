const THIRD_MS = 20 * 60_000;

/** How many 20-minute thirds of their hour (0 to 3) hold one of `times`, epoch ms or ms into the hour. A valid hour has all three (FILTER). */
export function thirdsCovered(times: readonly number[]): number {
  return new Set(times.map((time) => Math.floor(time / THIRD_MS) % 3)).size;
}

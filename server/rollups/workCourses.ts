import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import { cadencesAt } from '../domain/means/cadence.ts';
import { coursesJoined, type SensorCourse } from '../domain/means/course.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Intervals } from './courseCadences.ts';
import { dayStart } from './dayStart.ts';

/** Readings to be looked at. */
export interface WorkWindow {
  stationIds: readonly string[];
  /** With everything that flags and cadences rest on, epoch ms. */
  from: number;
  to: number;
  /**
   * What is older is looked at for humidity alone: whether its sensor was proved broken. A run of equal values shows
   * within a day, and what else goes further back, the gaps between readings, a device that says its interval makes needless.
   */
  recentFrom?: number | undefined;
  dayOffsetMs: number;
}

/** Readings of some stations. */
export interface WorkCourses {
  courses: SensorCourse[];
  /** Valid humidity before them. */
  humidityBefore: SensorCourse[];
}

/** Reads what is needed of a stretch, and no more. */
export async function workCourses(
  store: Pick<ReadingStore, 'courses'>,
  window: WorkWindow,
  intervals: ReadonlyMap<string, Intervals>,
): Promise<WorkCourses> {
  const { stationIds, from, to, recentFrom = from } = window;
  if (recentFrom <= from) return { courses: await store.courses({ stationIds, from, to }), humidityBefore: [] };
  const saying = stationIds.filter((stationId) => saysInterval(intervals.get(stationId) ?? [], window));
  const silent = stationIds.filter((stationId) => !saying.includes(stationId));
  // One after the other: the store answers two questions at once, and the second place is for whoever waits for a page.
  const humidityBefore = await store.courses({ stationIds: saying, from, to: recentFrom, only: 'humidity' });
  const recent = await store.courses({ stationIds: saying, from: recentFrom, to });
  return { courses: [...recent, ...(await store.courses({ stationIds: silent, from, to }))], humidityBefore };
}

/** The humidity of one station's instruments, all of it. */
export function humidityOf(own: readonly SensorCourse[], before: readonly SensorCourse[]): SensorCourse[] {
  const recent = own.filter(({ values }) => values.humidity !== undefined);
  const silent = before.filter(({ sensor }) => recent.every((course) => course.sensor !== sensor));
  const joined = recent.map((course) => {
    const earlier = before.find(({ sensor }) => sensor === course.sensor);
    return earlier === undefined ? course : coursesJoined(earlier, course, 'humidity');
  });
  return [...joined, ...silent];
}

/** True when the cadence of every hour that is looked at follows from what the device said. */
function saysInterval(intervals: Intervals, { recentFrom, to, dayOffsetMs }: WorkWindow): boolean {
  const hours: number[] = [];
  for (let hour = dayStart(recentFrom ?? to, dayOffsetMs); hour < to; hour += HOUR_MS) hours.push(hour);
  // Whatever the gaps may say: another answer for other gaps means that they count.
  const [one, other] = [60_000, 600_000].map((medianMs) => {
    const gaps = hours.map((start) => ({ start: start - DAY_MS, medianMs }));
    return cadencesAt(hours, { intervals, gaps });
  });
  return hours.every((_, at) => one![at] === other![at]);
}

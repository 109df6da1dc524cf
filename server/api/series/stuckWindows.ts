import { assessCourses } from '../../domain/assessment/courseAssessment.ts';
import { isOfficialSensor } from '../../domain/correction/referenceMeans.ts';
import { DAY_MS } from '../../domain/durations.ts';
import type { TimeWindow } from '../../domain/means/calendarWindows.ts';
import type { ClockMean } from '../../domain/means/clockMean.ts';
import { flaggedWindows } from '../../domain/means/courseHours.ts';
import type { FlaggedHour } from '../../domain/means/rollup.ts';
import { isParticulate } from '../../domain/quantity.ts';
import type { ReadingStore } from '../../store/readingStore.ts';
import type { MeansRequest } from './meansRequest.ts';
import type { SeriesMean } from './seriesViews.ts';

/** Readings before and after that tell a stuck instrument: twice the longest run that must be equal. */
const CONTEXT_MS = DAY_MS;

/** A window with readings of a stuck instrument, by its start, epoch ms. */
export interface StuckWindow extends FlaggedHour {
  start: number;
}

/**
 * The windows of the range in which the instrument was stuck, summed up without those readings, as hours are in the rows:
 * whatever window is asked for, an instrument that repeats itself for hours does not measure.
 */
export async function stuckWindows(
  store: Pick<ReadingStore, 'courses'>,
  { stationId, sensor, quantity, now }: MeansRequest,
  { start: from, end: to, widthMs }: TimeWindow & { widthMs: number },
): Promise<StuckWindow[]> {
  // Nothing else is judged so: not worth reading.
  if (!isParticulate(quantity) || isOfficialSensor(sensor)) return [];
  const stretch = { from: from - CONTEXT_MS, to: Math.min(to + CONTEXT_MS, now + 1) };
  const courses = await store.courses({ stationIds: [stationId], ...stretch });
  const course = courses.find((each) => each.sensor === sensor);
  const derived = course && assessCourses([course])[0]![quantity];
  if (course === undefined || derived === undefined) return [];
  return flaggedWindows(course, { quantity, derived, from, to, widthMs }).flatMap((window, at) =>
    window.flagged.stuck === undefined ? [] : [{ ...window, start: from + at * widthMs }],
  );
}

/** A mean of such a window with the word for it. */
export function asStuck(mean: ClockMean, { readings }: StuckWindow): SeriesMean {
  return { ...mean, readings, words: ['stuck'] };
}

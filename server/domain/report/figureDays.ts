import { meanOfMeans } from '../decimal.ts';
import type { IsoDate } from '../limits/limitTable.ts';
import type { CoursedStation } from './countedStations.ts';
import { bandOf, middleOf, uncertaintyOf } from './figureNumbers.ts';
import type { ReportDay } from './figureTypes.ts';
import { datesOf, type Question } from './question.ts';

/** The days of a place, of the stations that may count. */
export function daysOf(
  question: Question,
  stations: readonly CoursedStation[],
  { least, hasBands, isCompared }: { least: number; hasBands: boolean; isCompared: boolean },
): ReportDay[] {
  const { quantity, choices } = question;
  const mayCompare = isCompared && choices.values === 'raw';
  return datesOf(question).map((date, at) => {
    const ofDay = stations.filter(({ course }) => course.means[at] !== null);
    const valid = ofDay.map(({ course }) => course);
    const means = valid.map((course) => course.means[at]!);
    const isMarked = (mark: 'humid' | 'flagged' | 'annotated') =>
      valid.length > 0 && 2 * valid.reduce((sum, course) => sum + (course[mark][at] ? 1 : 0), 0) >= valid.length;
    const value = valid.length >= least ? middleOf(means, question.choices) : null;
    const humidShare = meanOfMeans(valid.map((course) => course.humidShares[at]!)) ?? 0;
    const { lower, upper } = bandOf(means, hasBands && value !== null);
    const comparisonU = mayCompare ? comparisonOfDay(ofDay, date) : undefined;
    const uncertain = { quantity, humidShare, ...(comparisonU !== undefined && { comparisonU }) };
    return {
      date,
      value,
      ...uncertaintyOf(value, uncertain, isCompared),
      lower,
      upper,
      n: valid.length,
      isHumid: isMarked('humid'),
      isFlagged: isMarked('flagged'),
      isAnnotated: isMarked('annotated'),
    };
  });
}

/** The largest that the stations' comparisons of the day's month show; undefined without any. */
function comparisonOfDay(stations: readonly CoursedStation[], date: IsoDate): number | undefined {
  const month = date.slice(0, 7);
  const found = stations.flatMap(({ facts }) => facts.comparisons?.find((each) => each.month === month)?.u ?? []);
  return found.length === 0 ? undefined : Math.max(...found);
}

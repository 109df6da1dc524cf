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
    const day = new PlaceDay(stations, at);
    const { means, valid } = day;
    const value = valid.length >= least ? middleOf(means, choices) : null;
    const { lower, upper } = bandOf(means, hasBands && value !== null);
    const comparisonU = mayCompare ? comparisonOfDay(valid, date) : undefined;
    const humidShare = meanOfMeans(day.humidShares) ?? 0;
    const uncertain = { quantity, humidShare, ...(comparisonU !== undefined && { comparisonU }) };
    return {
      date,
      value,
      ...uncertaintyOf(value, uncertain, isCompared),
      lower,
      upper,
      n: valid.length,
      isHumid: day.isMostly(day.humid),
      isFlagged: day.isMostly(day.flagged),
      isAnnotated: day.isMostly(day.annotated),
    };
  });
}

/** What the stations with a valid mean say of one day. Gathered in one go: a Gegenprobe asks again for every choice. */
class PlaceDay {
  readonly valid: CoursedStation[] = [];
  readonly means: number[] = [];
  readonly humidShares: number[] = [];
  /** How many of them have the mark. */
  humid = 0;
  flagged = 0;
  annotated = 0;

  constructor(stations: readonly CoursedStation[], day: number) {
    for (const station of stations) {
      const { course } = station;
      const mean = course.means[day] ?? null;
      if (mean === null) continue;
      this.valid.push(station);
      this.means.push(mean);
      this.humidShares.push(course.humidShares[day]!);
      if (course.humid[day]) this.humid++;
      if (course.flagged[day]) this.flagged++;
      if (course.annotated[day]) this.annotated++;
    }
  }

  /** True for so many that at least half of them are. */
  isMostly(marked: number): boolean {
    return this.valid.length > 0 && 2 * marked >= this.valid.length;
  }
}

/** The largest that the stations' comparisons of the day's month show; undefined without any. */
function comparisonOfDay(stations: readonly CoursedStation[], date: IsoDate): number | undefined {
  const month = date.slice(0, 7);
  const found = stations.flatMap(({ facts }) => facts.comparisons?.find((each) => each.month === month)?.u ?? []);
  return found.length === 0 ? undefined : Math.max(...found);
}

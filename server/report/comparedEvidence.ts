import type { MonthComparison } from '../domain/correction/monthComparison.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { StationEvidence } from '../domain/report/evidence.ts';
import { datesOf, type Question, questionWindow } from '../domain/report/question.ts';
import type { Station } from '../domain/station.ts';
import type { OfficialComparisons } from '../rollups/officialComparisons.ts';
import type { WaitedSoFar } from '../rollups/rollups.ts';

interface ComparedAsked {
  question: Pick<Question, 'quantity' | 'from' | 'to' | 'dayOffset'>;
  stations: readonly Station[];
  /** By the other steps of the answer. */
  waited?: WaitedSoFar;
}

/** The evidence with the months in which sensors of each station's kind were compared with an official one. */
export async function withComparisons(
  comparisons: Pick<OfficialComparisons, 'finder'> | undefined,
  evidence: readonly StationEvidence[],
  { question, stations, waited }: ComparedAsked,
): Promise<StationEvidence[]> {
  if (comparisons === undefined) return [...evidence];
  const { start, end } = questionWindow(question);
  const find = await comparisons.finder(stations, { quantity: question.quantity, from: start, to: end, waited });
  return evidence.map((station) => {
    const sensor = station.hours.at(-1)?.[1];
    if (sensor === undefined) return station;
    const months = new Map<string, MonthComparison>();
    datesOf(question).forEach((date, day) => {
      const month = date.slice(0, 7);
      const found = months.has(month) ? undefined : find(station.place.stationId, sensor, start + day * DAY_MS);
      if (found !== undefined) months.set(month, found);
    });
    if (months.size === 0) return station;
    return { ...station, facts: { ...station.facts, comparisons: [...months.values()] } };
  });
}

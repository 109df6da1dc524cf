import type { OfficialNeighbour, OfficialQuery } from '../areas/officialComparison.ts';
import type { OfficialComparison } from '../citation/bundle.ts';
import { meanOfMeans } from '../domain/decimal.ts';
import type { ReportDay } from '../domain/report/figure.ts';
import { type Question, questionWindow } from '../domain/report/question.ts';
import type { Station } from '../domain/station.ts';

const DAY_MS = 86_400_000;

/** Looks up official stations near others with their values in the windows asked for. */
export type OfficialLookup = (query: Omit<OfficialQuery, 'all'>) => Promise<OfficialNeighbour[]>;

/**
 * The nearest official station with values, over the days that both have. Undefined unless the report is of raw values: a
 * correction could rest on that very station, and would then agree with it by construction.
 */
export async function officialBeside(
  lookup: OfficialLookup,
  { question, stations, days }: { question: Question; stations: readonly Station[]; days: readonly ReportDay[] },
): Promise<OfficialComparison | null> {
  if (question.choices.values !== 'raw' || stations.length === 0) return null;
  const { start } = questionWindow(question);
  const course = days.map(({ value }, day) => ({
    ...{ start: start + day * DAY_MS, end: start + (day + 1) * DAY_MS },
    ...(value !== null && { median: value }),
  }));
  const near = await lookup({ quantity: question.quantity, stations, course });
  const found = near.find(({ means }) => means.length > 0);
  return found === undefined ? null : comparisonWith(found, course);
}

function comparisonWith(
  { station, distance, means }: OfficialNeighbour,
  course: readonly { start: number; median?: number }[],
): OfficialComparison {
  const official = new Map(means.map(({ start, value }) => [start, value]));
  const valid = course.filter(({ median }) => median !== undefined);
  const common = valid.filter(({ start }) => official.has(start));
  const { network, type } = station.reference;
  return {
    name: station.name,
    operator: network,
    kind: type,
    distanceMetres: distance.nearest,
    licence: station.licence,
    days: { place: valid.length, official: means.length, common: common.length },
    placeMean: meanOfMeans(common.map(({ median }) => median!)) ?? null,
    officialMean: meanOfMeans(common.map(({ start }) => official.get(start)!)) ?? null,
  };
}

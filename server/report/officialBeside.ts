import type { OfficialNeighbour, OfficialQuery } from '../areas/officialComparison.ts';
import type { OfficialComparison } from '../citation/bundle.ts';
import { MIN_FOR_NUMBER } from '../domain/areaStatistics.ts';
import { median } from '../domain/assessment/robust.ts';
import { nearestMeasuring } from '../domain/correction/referenceMeans.ts';
import { meanOfMeans, withoutNoise } from '../domain/decimal.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { StationEvidence } from '../domain/report/evidence.ts';
import type { ReportDay } from '../domain/report/figureTypes.ts';
import { isSingleStation, type Question, questionWindow } from '../domain/report/question.ts';
import { isLeftOut } from '../domain/report/stationCourse.ts';
import type { Station } from '../domain/station.ts';
import type { OfficialSources } from './officialHours.ts';

/** Looks up official stations near others with their values in the windows asked for. */
export type OfficialLookup = (query: Omit<OfficialQuery, 'all'>) => Promise<OfficialNeighbour[]>;

/** What official values are put beside. */
export interface OfficialGround {
  question: Question;
  stations: readonly Station[];
  evidence: readonly StationEvidence[];
  days: readonly ReportDay[];
}

/**
 * The nearest official station with at least half as many days as any other near, over the hours that both have; over days
 * where it publishes no hours.
 * Undefined unless the report is of raw values: a correction could rest on that very station, and would then agree with it
 * by construction.
 */
export async function officialBeside(
  lookup: OfficialLookup,
  hours: OfficialSources['hours'],
  { question, stations, evidence, days }: OfficialGround,
): Promise<OfficialComparison | null> {
  if (question.choices.values !== 'raw' || stations.length === 0) return null;
  const { start, end } = questionWindow(question);
  const course = days.map(({ value }, day) => ({
    ...{ start: start + day * DAY_MS, end: start + (day + 1) * DAY_MS },
    ...(value !== null && { median: value }),
  }));
  const near = await lookup({ quantity: question.quantity, stations, course });
  const nearest = nearestMeasuring(near.map(({ means }) => means.length));
  if (nearest === undefined) return null;
  const found = near[nearest]!;
  const byDay = comparisonWith(found, course);
  const query = { stationId: found.station.id, quantity: question.quantity, from: start, to: end };
  const official = await hours(query);
  return official.size === 0 ? byDay : { ...byDay, ...comparedByHour(official, placeHours(question, evidence)) };
}

function comparisonWith(
  { station, distance, means }: OfficialNeighbour,
  course: readonly { start: number; median?: number }[],
): OfficialComparison {
  const official = new Map(means.map(({ start, value }) => [start, value]));
  const valid = course.filter(({ median: value }) => value !== undefined);
  const common = valid.filter(({ start }) => official.has(start));
  const { network, type } = station.reference;
  return {
    name: station.name,
    operator: network,
    kind: type,
    distanceMetres: distance.nearest,
    licence: station.licence,
    days: { place: valid.length, official: means.length, common: common.length },
    placeMean: meanOfMeans(common.map(({ median: value }) => value!)) ?? null,
    officialMean: meanOfMeans(common.map(({ start }) => official.get(start)!)) ?? null,
  };
}

function comparedByHour(
  official: ReadonlyMap<number, number>,
  place: ReadonlyMap<number, number>,
): Pick<OfficialComparison, 'hours' | 'placeMean' | 'officialMean'> {
  const common = [...place.keys()].filter((start) => official.has(start));
  return {
    hours: { place: place.size, official: official.size, common: common.length },
    placeMean: meanOfMeans(common.map((start) => place.get(start)!)) ?? null,
    officialMean: meanOfMeans(common.map((start) => official.get(start)!)) ?? null,
  };
}

/** Median (mean) of the stations valid in each hour, from three on; one station's own. */
function placeHours(question: Question, evidence: readonly StationEvidence[]): Map<number, number> {
  const isSingle = isSingleStation(question);
  const means = new Map<number, number[]>();
  for (const { facts, hours } of evidence) {
    if (!isSingle && (facts.isIndoor || facts.excludedFor !== null)) continue;
    for (const hour of hours) {
      const [start, , mean] = hour;
      if (mean === null || isLeftOut(hour, question.choices)) continue;
      const known = means.get(start);
      if (known === undefined) means.set(start, [mean]);
      else known.push(mean);
    }
  }
  const least = isSingle ? 1 : MIN_FOR_NUMBER;
  const middle = (values: number[]) =>
    question.choices.statistic === 'median' ? withoutNoise(median(values)!) : meanOfMeans(values)!;
  return new Map(
    [...means].flatMap(([start, values]) => (values.length < least ? [] : [[start, middle(values)] as const])),
  );
}

import { canonicalJson } from '../../../citation/canonicalJson.ts';
import type { Citation } from '../../../citation/citations.ts';
import { firstDifference } from '../../../citation/firstDifference.ts';
import { UNCERTAINTY_VERSION } from '../../../domain/correction/uncertainty.ts';
import { EVALUATOR_VERSION, type StationNumbers } from '../../../domain/report/evaluators.ts';
import type { StationFacts } from '../../../domain/report/evidence.ts';
import type { ReportFigure } from '../../../domain/report/figureTypes.ts';
import type { Report } from '../../../report/reports.ts';
import type { CiteTexts } from './citeTexts.ts';

/** True when the question has the answer today that was cited: figure, days and counts alike. */
export function isSameAnswer({ head }: Citation, { answer }: Report): boolean {
  const figure = head.evaluator === 'report-1' ? withoutOrigins(answer.figure) : answer.figure;
  return firstDifference(head.answer.figure, figure, '') === undefined;
}

/** As `report-1` had it: it did not say what made an uncertainty. */
function withoutOrigins({ uncertaintyFrom: _from, comparedWith: _with, days, ...figure }: ReportFigure): ReportFigure {
  return { ...figure, days: days.map(({ uncertaintyFrom: _, ...day }) => day) };
}

/**
 * What the operator or the owner says of a station: comparisons with official ones are reckoned, not said, and whether it
 * is left out of figures is told by itself.
 */
function saidOf({
  comparisons: _,
  excludedFor: _left,
  ...facts
}: StationFacts): Omit<StationFacts, 'comparisons' | 'excludedFor'> {
  return facts;
}

/** Another choice of the official station, or other values of the same. */
function comparisonReason(cited: string | undefined, words: CiteTexts['reasons']): string {
  const isNew = cited !== undefined && cited !== UNCERTAINTY_VERSION;
  return isNew ? words.method({ cited, now: UNCERTAINTY_VERSION }) : words.comparisons;
}

/** True where the operator leaves the station out of figures. */
const isLeftOut = ({ facts }: { facts: StationFacts }) => facts.excludedFor !== null;

/** Why today's answer differs from the cited one, in words; empty when nothing that we know of changed. */
export function reasonsOf(
  { head, stations, stationIds, withdrawn }: Citation,
  report: Report,
  words: CiteTexts['reasons'],
): string[] {
  const then = new Map(
    stationIds.flatMap((id, at) => {
      const station = stations[at];
      return id === null || !station ? [] : [[id, station] as const];
    }),
  );
  const now = new Map(
    report.stations.map((each, at) => [each.place.stationId, { ...each, numbers: report.answer.stations[at]! }]),
  );
  const both = [...then.keys()].filter((id) => now.has(id));
  type Part = (station: { numbers: StationNumbers; facts: StationFacts }) => unknown;
  const differ = (part: Part) =>
    both.filter((id) => canonicalJson(part(then.get(id)!)) !== canonicalJson(part(now.get(id)!))).length;
  const counts = {
    withdrawn,
    gone: then.size - both.length,
    added: now.size - both.length,
    changed: differ(({ numbers }) => numbers),
    excluded: both.filter((id) => !isLeftOut(then.get(id)!) && isLeftOut(now.get(id)!)).length,
    included: both.filter((id) => isLeftOut(then.get(id)!) && !isLeftOut(now.get(id)!)).length,
    facts: differ(({ facts }) => saidOf(facts)),
  };
  const reasons = (Object.keys(counts) as (keyof typeof counts)[]).flatMap((name) =>
    counts[name] > 0 ? [words[name](counts[name])] : [],
  );
  if (head.evaluator !== EVALUATOR_VERSION)
    reasons.push(words.method({ cited: head.evaluator, now: EVALUATOR_VERSION }));
  // `report-1` rests on none.
  if (head.evaluator !== 'report-1' && differ(({ facts }) => facts.comparisons ?? []) > 0)
    reasons.push(comparisonReason(head.methods.uncertainty, words));
  if (canonicalJson(head.limit) !== canonicalJson(report.limit)) reasons.push(words.limit);
  return reasons;
}

import { canonicalJson } from '../../../citation/canonicalJson.ts';
import type { Citation } from '../../../citation/citations.ts';
import { firstDifference } from '../../../citation/firstDifference.ts';
import { EVALUATOR_VERSION } from '../../../domain/report/evaluators.ts';
import type { Report } from '../../../report/reports.ts';
import type { CiteTexts } from './citeTexts.ts';

/** True when the question has the answer today that was cited: figure, days and counts alike. */
export function isSameAnswer({ head }: Citation, { answer }: Report): boolean {
  return firstDifference(head.answer.figure, answer.figure, '') === undefined;
}

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
  const differ = (part: 'numbers' | 'facts') =>
    both.filter((id) => canonicalJson(then.get(id)![part]) !== canonicalJson(now.get(id)![part])).length;
  const counts = {
    withdrawn,
    gone: then.size - both.length,
    added: now.size - both.length,
    changed: differ('numbers'),
    facts: differ('facts'),
  };
  const reasons = (Object.keys(counts) as (keyof typeof counts)[]).flatMap((name) =>
    counts[name] > 0 ? [words[name](counts[name])] : [],
  );
  if (head.evaluator !== EVALUATOR_VERSION)
    reasons.push(words.method({ cited: head.evaluator, now: EVALUATOR_VERSION }));
  if (canonicalJson(head.limit) !== canonicalJson(report.limit)) reasons.push(words.limit);
  return reasons;
}

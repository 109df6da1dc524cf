import { canonicalJson } from '../server/citation/canonicalJson.ts';
import { verifyBundle } from '../server/citation/verifyBundle.ts';
import { EVALUATOR_VERSION, EVALUATORS } from '../server/domain/report/evaluators.ts';
import { areaQuestion, bundleOf, someEvidence } from '../tests/support/citedBundle.ts';

/** What checking a large citation takes. */
export interface CitationFigure {
  rows: number;
  bundleMegabytes: number;
  sealMs: number;
  verifyMs: number;
  /** Processor time of the check, which other work on the machine bends less. */
  verifyCpuMs: number;
  evaluateMs: number;
  residentMegabytes: number;
}

/** Seals and verifies a year of `stations` stations, an hour a row, with its Gegenprobe. */
export async function benchCitation(stations: number): Promise<CitationFigure> {
  const question = areaQuestion({ from: '2025-01-01', to: '2025-12-31' });
  const evidence = someEvidence(question, stations);
  const begun = performance.now();
  const bundle = await bundleOf(question, evidence);
  const sealed = performance.now();
  const text = canonicalJson(bundle);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const verdict = verifyBundle(text);
  const verifyMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const evaluating = performance.now();
  EVALUATORS[EVALUATOR_VERSION]!(question, evidence, bundle.head.value.limit);
  const evaluateMs = performance.now() - evaluating;
  if (verdict.outcome !== 'holds') throw new Error('the bundle does not hold');
  const megabyte = 1_000_000;
  return {
    rows: verdict.rows,
    bundleMegabytes: Buffer.byteLength(text) / megabyte,
    sealMs: sealed - begun,
    verifyMs,
    verifyCpuMs: (user + system) / 1000,
    evaluateMs,
    residentMegabytes: process.memoryUsage().rss / megabyte,
  };
}

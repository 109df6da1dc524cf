import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { reasonsOf } from '../../../server/api/pages/report/citationNow.ts';
import { CITE_TEXTS } from '../../../server/api/pages/report/citeTexts.ts';
import type { BundleStation, CitationHead } from '../../../server/citation/bundle.ts';
import type { Citation } from '../../../server/citation/citations.ts';
import { UNCERTAINTY_VERSION } from '../../../server/domain/correction/uncertainty.ts';
import { EVALUATOR_VERSION } from '../../../server/domain/report/evaluators.ts';
import { packageRoot } from '../../../server/process/packageRoot.ts';
import type { Report } from '../../../server/report/reports.ts';

/** A citation of before, made with other methods. */
function cited({ uncertainty, evaluator = EVALUATOR_VERSION }: { uncertainty: string; evaluator?: string }): {
  citation: Citation;
  stations: { place: object; facts: object; numbers: object }[];
} {
  const path = join(packageRoot(), 'tests/fixtures/citations/report-2.json');
  const bundle = JSON.parse(readFileSync(path, 'utf8')) as {
    head: { value: CitationHead };
    stations: BundleStation[];
  };
  const stations = bundle.stations.map(({ place, facts, numbers }) => ({
    ...{ place: 'value' in place ? place.value : {}, facts: facts.value, numbers: numbers.value },
  }));
  const head = { ...bundle.head.value, evaluator, methods: { ...bundle.head.value.methods, uncertainty } };
  const stationIds = stations.map(({ place }) => (place as { stationId: string }).stationId);
  return { citation: { head, stations, stationIds, withdrawn: 0 } as never, stations };
}

it('a comparison that comes out otherwise is due to the newer method where the citation was made with another', () => {
  const words = CITE_TEXTS.en.reasons;
  const reasonsWith = (uncertainty: string, evaluator?: string) => {
    const { citation, stations } = cited({ uncertainty, ...(evaluator && { evaluator }) });
    const today = stations.map(({ place, facts }) => ({ place, facts: { ...facts, comparisons: [] } }));
    const numbers = stations.map((station) => station.numbers);
    const report = { stations: today, answer: { stations: numbers }, limit: citation.head.limit };
    return reasonsOf(citation, report as unknown as Report, words);
  };
  expect(reasonsWith('uncertainty-2')).toEqual([words.method({ cited: 'uncertainty-2', now: UNCERTAINTY_VERSION })]);
  expect(reasonsWith(UNCERTAINTY_VERSION)).toEqual([words.comparisons]);
  const older = words.method({ cited: 'report-2', now: EVALUATOR_VERSION });
  expect(reasonsWith(UNCERTAINTY_VERSION, 'report-2')).toEqual([older, words.comparisons]);
});

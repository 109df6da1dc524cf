import type { ReferenceFacts } from '../../../domain/station.ts';
import type { PageTexts } from '../texts/pageTexts.ts';

/** What an official station is, and who measures there. */
export function officialFacts({ network, code, type }: ReferenceFacts, texts: PageTexts): [string, string][] {
  return [
    [texts.fact.kind, `${texts.kind.reference}, ${texts.referenceType[type]}`],
    [texts.fact.network, code === undefined ? network : `${network} (${code})`],
  ];
}

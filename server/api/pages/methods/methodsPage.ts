import { CORRECTIONS } from '../../../domain/correction/correction.ts';
import { QUALITY_OBJECTIVES, SENSOR_CLASSES } from '../../../domain/correction/uncertainty.ts';
import { offeredIndices } from '../../../domain/indices/indices.ts';
import { isoDate, LAW_STATE, type LawState } from '../../../domain/limits/limits.ts';
import { CAPTURE_RULES, COMPARING_RULES, LIMITS } from '../../../domain/limits/limitTables.ts';
import { METHODS } from '../../../domain/methods.ts';
import type { SourceKey } from '../../../domain/sourceTable.ts';
import type { Sourced } from '../../../domain/verification.ts';
import { type Html, html } from '../html.ts';
import type { Asked } from '../pageWriter.ts';
import { METHODS_TEXTS } from '../texts/methodsTexts.ts';
import { checkSection } from './checkSection.ts';
import type { Checks } from './checks.ts';
import { indexSection } from './indexSections.ts';
import { limitSection } from './limitSections.ts';
import { correctionSection, figureSection, flagSection, uncertaintySection } from './methodSections.ts';
import { isNamedSource, type MethodsSpeech, renderSources, type Section } from './methodsSpeech.ts';

/** What the page needs besides the tables. */
export interface MethodsPageDeps {
  /** Epoch ms. */
  now: number;
  checks: Checks;
  areFurtherIndicesOn?: boolean;
  /** State of the law; that of this release when absent. */
  law?: LawState;
}

/** `/methods`: first for everybody, in short; then every table and formula with its sources. */
export function renderMethods(
  { language, format }: Pick<Asked, 'language' | 'format'>,
  { now, checks, areFurtherIndicesOn = false, law = LAW_STATE }: MethodsPageDeps,
): Html {
  const words = METHODS_TEXTS[language];
  const speech: MethodsSpeech = { language, format, words };
  const sections = [
    limitSection(isoDate(now), law, speech),
    indexSection(areFurtherIndicesOn, speech),
    figureSection(speech),
    uncertaintySection(speech),
    correctionSection(speech),
    flagSection(speech),
    checkSection(checks, speech),
    { id: 'sources', heading: words.sources, body: html`<p>${words.sourcesIntro}</p>${renderSources(namedSources())}` },
  ];
  return html`<article class="text methods"><h1>${words.heading}</h1>
<section id="short" aria-labelledby="short-heading"><h2 id="short-heading">${words.short.heading}</h2>
<dl class="in-short">${words.short.entries.map(({ term, text }) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl></section>
<nav aria-label="${words.contents}"><p>${words.contents}:</p><ul>${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
${sections.map(renderSection)}
<p class="note">${words.api} <a href="/api/v1/limits">/api/v1/limits</a>, <a href="/api/v1/indices">/api/v1/indices</a>, <a href="/api/v1/methods">/api/v1/methods</a></p></article>`;
}

function renderSection({ id, heading, body }: Section): Html {
  return html`<section id="${id}"><h2 id="${id}-heading">${heading}</h2>
${body}</section>
`;
}

/** Keys of everything the page shows; all that are no words of ours. */
function namedSources(): SourceKey[] {
  const indices = offeredIndices(true);
  const shown: readonly Sourced[] = [
    ...[...LIMITS, ...CAPTURE_RULES, ...COMPARING_RULES, ...METHODS, ...CORRECTIONS, ...QUALITY_OBJECTIVES],
    ...[...SENSOR_CLASSES, ...indices, ...indices.flatMap(({ colours, translation }) => [colours, translation])],
  ];
  return shown.flatMap(({ sources }) => sources).filter(isNamedSource);
}

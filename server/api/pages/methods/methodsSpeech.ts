import type { Format } from '../../../domain/format.ts';
import type { Language, Names } from '../../../domain/names.ts';
import { SOURCES, type SourceKey } from '../../../domain/sourceTable.ts';
import { type Sourced, unconfirmedMark, verificationText } from '../../../domain/verification.ts';
import { type Html, html } from '../html.ts';
import type { MethodsTexts } from '../texts/methodsTexts.ts';

/** How the page of methods speaks. */
export interface MethodsSpeech {
  language: Language;
  format: Format;
  words: MethodsTexts;
}

/** A section of the page with its place in the list of contents. */
export interface Section {
  id: string;
  heading: string;
  body: Html;
}

/** "unbestätigt" as a chip, for every entry nobody has confirmed; nothing for the others. */
export function renderMark(
  entry: Pick<Sourced, 'isUnconfirmed'>,
  { language }: Pick<MethodsSpeech, 'language'>,
): Html | undefined {
  const mark = unconfirmedMark(entry);
  return mark && html` <span class="unconfirmed">${mark[language]}</span>`;
}

/** How an entry is founded, with links to its sources, and the mark. */
export function renderFounding(entry: Sourced, speech: MethodsSpeech): Html {
  const sources = entry.sources.filter(isNamedSource);
  const links = sources.map((key, at) => html`${at > 0 && ', '}<a href="#source-${key}">${key}</a>`);
  return html`${verificationText(entry.verification)[speech.language]}${links.length > 0 && html` (${links})`}${renderMark(entry, speech)}`;
}

/** False for those that only say that there is no source: the founding has words for that. */
export function isNamedSource(key: SourceKey): boolean {
  return key !== 'memory' && key !== 'project';
}

/** The sources named on the page, each with a place to jump to. */
export function renderSources(keys: Iterable<SourceKey>): Html {
  const named = [...new Set(keys)].sort();
  return html`<dl class="sources">${named.map((key) => html`<dt id="source-${key}">${key}</dt><dd lang="en">${SOURCES[key]}</dd>`)}</dl>`;
}

/** A text in the language of the page. */
export function inLanguage(names: Names, { language }: Pick<MethodsSpeech, 'language'>): string {
  return names[language];
}

/** A table whose first column names its row; `numbers` are the columns set to the right. */
export function renderTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
  numbers: readonly number[] = [],
): Html {
  const cell = (at: number) => numbers.includes(at) && html` class="number"`;
  return html`<div class="table-frame" role="region" aria-label="${caption}" tabindex="0"><table${heads.length > 3 && html` class="is-wide"`}><caption>${caption}</caption>
<thead><tr>${heads.map((head, at) => html`<th scope="col"${cell(at)}>${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([
      first,
      ...rest
    ]) => html`<tr><th scope="row">${first}</th>${rest.map((text, at) => html`<td${cell(at + 1)}>${text}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

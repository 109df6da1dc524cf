import type { Citation } from '../../../citation/citations.ts';
import type { ReportSpeech } from './answerView.ts';
import { viewOfCitation } from './citationPage.ts';
import { figureSentence, headingText } from './sentences.ts';

interface ReferenceParts {
  speech: ReportSpeech;
  address: string;
}

/** A citation for LaTeX, as BibTeX's `misc` with the fields of BibLaTeX that everybody reads. */
export function bibtexOf(citation: Citation, { speech, address }: ReferenceParts): string {
  const { head, id } = citation;
  const view = viewOfCitation(citation);
  const fields = {
    title: `{${escapeTex(headingText(view, speech))}}`,
    author: `{{${escapeTex(head.instance.name)}}}`,
    year: head.citedAt.slice(0, 4),
    month: String(Number(head.citedAt.slice(5, 7))),
    howpublished: `\\url{${address}}`,
    url: `{${address}}`,
    note: `{${escapeTex(`${figureSentence(view, speech)} ${speech.words.indicative}.`)}}`,
  };
  const lines = Object.entries(fields).map(
    ([name, value]) => `  ${name} = ${/^[{\d]/.test(value) ? value : `{${value}}`}`,
  );
  return `@misc{buergerluft-${id.slice(0, 12)},\n${lines.join(',\n')}\n}\n`;
}

/** A citation as CSL-JSON, which Zotero and word processors read. */
export function cslOf(citation: Citation, { speech, address }: ReferenceParts): object[] {
  const { head, id } = citation;
  const view = viewOfCitation(citation);
  const [year, month, day] = head.citedAt.slice(0, 10).split('-').map(Number);
  return [
    {
      id: `buergerluft-${id.slice(0, 12)}`,
      type: 'dataset',
      title: headingText(view, speech),
      author: [{ literal: head.instance.name }],
      issued: { 'date-parts': [[year, month, day]] },
      URL: address,
      version: head.evaluator,
      language: speech.language,
      note: `${figureSentence(view, speech)} ${speech.words.indicative}.`,
    },
  ];
}

function escapeTex(text: string): string {
  return text
    .replace(/\u202f/g, '~')
    .replace(/[\\{}%$#&_^]/g, (sign) => (sign === '\\' ? '\\textbackslash{}' : `\\${sign}`));
}

import type { Request, Response } from 'express';
import {
  closedPeriodFrom,
  closedPeriods,
  comesOutAt,
  LETTER_KINDS,
  type LetterKind,
  type LetterPeriod,
  lettersOut,
} from '../../../domain/alerts/letterPeriods.ts';
import { AREA_ID } from '../../../domain/area.ts';
import type { Letters } from '../../../letters/letters.ts';
import type { LetterDesk } from '../../letters.ts';
import { type Html, html, raw } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import { unbroken } from '../unbroken.ts';
import type { AnswerView, ReportSpeech } from './answerView.ts';
import { letterCaveats, letterHeading, letterSentences, letterUrl, letterViews } from './letterContent.ts';
import { renderLetterForm } from './letterForm.ts';
import { LETTER_TEXTS } from './letterTexts.ts';
import { type ReportPageDeps, reportUrl, speechOf } from './reportPages.ts';
import { renderChart } from './reportParts.ts';
import { figureSentence } from './sentences.ts';

/** What letters are made from. */
export interface LetterDeps extends Omit<ReportPageDeps, 'areas'> {
  areas: { area(id: string): { id: string; name: string } | undefined };
  /** Letters the operator holds back. */
  letters: Pick<Letters, 'isStopped'>;
  /** Takes subscriptions. */
  desk: LetterDesk;
}

/** `/area/<id>/letter`: the last week that is over, or with `kind` and `from` any other. */
export async function sendLetter(deps: LetterDeps, request: Request, response: Response): Promise<void> {
  const asked = deps.writer.asked(request);
  const speech = speechOf(asked);
  const letter = LETTER_TEXTS[asked.language];
  const id = String(request.params.id);
  const area = AREA_ID.test(id) ? deps.areas.area(id) : undefined;
  const period = area && periodOf(deps, request.query);
  if (area === undefined || period === undefined) {
    return deps.writer.sendMissing(response, asked, { title: letter.notFoundTitle, text: letter.notFoundText });
  }
  const isStopped = deps.letters.isStopped({ areaId: area.id, ...period });
  const views = isStopped ? undefined : await letterViews(deps, area.id, period);
  const heading = letterHeading(area, period, speech);
  const { kind, from } = period;
  deps.writer.send(
    views === 'storeAway' || views === 'behind' ? response.status(503) : response,
    { ...asked, query: { kind, from } },
    {
      kind: 'report',
      title: `${heading} – ${deps.writer.instance.name}`,
      description: letter.generated,
      head: feedLink(area, speech),
      isIndexed: !isStopped,
      main: html`<article class="report"><div class="report-top"><h1>${unbroken(heading)}</h1><p class="report-badge">${speech.words.indicative}</p></div>
${
  views === undefined
    ? html`<p class="notice">${letter.stopped}</p>`
    : html`<p class="report-intro">${letter.generated}</p>
${typeof views === 'string' ? html`<p class="notice" role="alert">${speech.words[views]}</p>` : renderViews(views, speech)}`
}
<section>${!isStopped && html`<p class="report-intro">${letter.later}</p>`}${renderLinks(deps, { area: area.id, period }, speech)}</section>
${deps.desk.isOpen && renderLetterForm({ ...asked, area, privacy: asked.texts.footer.privacy })}</article>`,
    },
  );
}

/** For the head of pages: where a feed reader finds the letters. */
export function feedLink(
  { id, name }: { id: string; name: string },
  speech: Pick<ReportSpeech, 'language' | 'chosenLanguage'>,
): Html {
  const { heading } = LETTER_TEXTS[speech.language];
  return html`<link rel="alternate" type="application/atom+xml" title="${heading.week(name)}" href="${pageUrl(`/area/${id}/feed.xml`, speech.chosenLanguage)}">
`;
}

function periodOf(
  { clock, dayOffsetMs: offsetMs }: LetterDeps,
  { kind: asked, from }: Request['query'],
): LetterPeriod | undefined {
  const kind = asked === undefined ? 'week' : LETTER_KINDS.find((each) => each === asked);
  if (kind === undefined) return undefined;
  const now = clock();
  if (from === undefined) return lettersOut(kind, { now, offsetMs, count: 1 })[0];
  if (typeof from !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(from)) return undefined;
  const period = closedPeriodFrom(kind, from, { now, offsetMs });
  return period && comesOutAt(period) <= now ? period : undefined;
}

function renderViews(views: readonly AnswerView[], speech: ReportSpeech): Html {
  // The chart is of PM2.5, or of PM10 where only that was measured.
  const first = views.find(({ figure }) => figure.state !== 'no-data') ?? views[0];
  return html`${views.map(
    (
      view,
    ) => html`<div class="report-lead"><p class="report-figure">${unbroken(figureSentence(view, speech))}</p><p class="report-comparison">${letterSentences(view, speech).slice(1).join(' ')}</p><p class="note"><a href="${reportUrl(view.question, speech)}">${LETTER_TEXTS[speech.language].report}</a></p></div>
`,
  )}${letterCaveats(views, speech).map((text) => html`<p>${text}</p>`)}
${first !== undefined && renderChart(first, speech)}`;
}

function renderLinks(
  { dayOffsetMs: offsetMs }: LetterDeps,
  { area, period }: { area: string; period: LetterPeriod },
  { language, chosenLanguage }: ReportSpeech,
): Html {
  const words = LETTER_TEXTS[language];
  const begin = period.end - 1 - (Date.parse(period.to) - Date.parse(period.from));
  const [before] = closedPeriods(period.kind, { now: begin, offsetMs, count: 1 });
  const link = (url: string, text: string, isCurrent = false) =>
    html`<a class="button" href="${url}"${isCurrent && raw(' aria-current="true"')}>${text}</a>`;
  const latest = (kind: LetterKind) => pageUrl(`/area/${area}/letter`, chosenLanguage, { kind });
  return html`<nav class="report-actions not-printed" aria-label="${words.latest}">${LETTER_KINDS.map((kind) => link(latest(kind), words.kinds[kind], kind === period.kind))}
${before !== undefined && link(letterUrl(area, before, chosenLanguage), words.earlier)}${link(pageUrl(`/area/${area}`, chosenLanguage), words.area)}${link(pageUrl(`/area/${area}/feed.xml`, chosenLanguage), words.feed)}</nav>`;
}

import type { Request, Response } from 'express';
import { comesOutAt, type LetterPeriod, lettersOut } from '../../../domain/alerts/letterPeriods.ts';
import { AREA_ID } from '../../../domain/area.ts';
import { baseUrl } from '../../http/baseUrl.ts';
import { type Html, html, raw } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import type { ReportSpeech } from './answerView.ts';
import { hasData, letterCaveats, letterHeading, letterSentences, letterUrl, letterViews } from './letterContent.ts';
import type { LetterDeps } from './letterPage.ts';
import { LETTER_TEXTS } from './letterTexts.ts';
import { speechOf } from './reportPages.ts';

/** Letters in a feed. */
const WEEKS = 4;
const MONTHS = 3;

/** `/area/<id>/feed.xml`: the last letters as an Atom feed (RFC 4287); periods without any data and letters held back have no entry. */
export async function sendLetterFeed(deps: LetterDeps, request: Request, response: Response): Promise<void> {
  const { writer, publicUrl, clock, dayOffsetMs: offsetMs } = deps;
  const asked = writer.asked(request);
  const speech = speechOf(asked);
  const letter = LETTER_TEXTS[asked.language];
  const id = String(request.params.id);
  const area = AREA_ID.test(id) ? deps.areas.area(id) : undefined;
  if (area === undefined) {
    return writer.sendMissing(response, asked, { title: letter.notFoundTitle, text: letter.notFoundText });
  }
  const base = baseUrl(request, publicUrl);
  const now = clock();
  const periods = [
    ...lettersOut('week', { now, offsetMs, count: WEEKS }),
    ...lettersOut('month', { now, offsetMs, count: MONTHS }),
  ]
    .filter((period) => !deps.letters.isStopped({ areaId: area.id, ...period }))
    .sort((one, other) => other.end - one.end);
  const entries: Html[] = [];
  for (const period of periods) {
    const entry = await entryOf(deps, { area, period, base }, speech);
    if (entry !== undefined) entries.push(entry);
  }
  const self = base + pageUrl(`/area/${id}/feed.xml`, asked.language);
  const updated = new Date(periods[0] === undefined ? now : comesOutAt(periods[0])).toISOString();
  response
    .set({ 'Cache-Control': 'public, max-age=3600', 'Content-Language': asked.language })
    .vary('Accept-Language')
    .type('application/atom+xml; charset=utf-8')
    .send(`<?xml version="1.0" encoding="utf-8"?>
${
  html`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${asked.language}"><id>${self}</id><title>${letter.feedTitle(area.name, writer.instance.name)}</title><subtitle>${letter.generated} ${speech.words.indicative}</subtitle><updated>${updated}</updated><author><name>${writer.instance.name}</name></author>
<link rel="self" type="application/atom+xml" href="${self}"/><link rel="alternate" type="text/html" href="${base + pageUrl(`/area/${id}/letter`, asked.language)}"/>
${entries}</feed>`.html
}
`);
}

async function entryOf(
  deps: LetterDeps,
  { area, period, base }: { area: { id: string; name: string }; period: LetterPeriod; base: string },
  speech: ReportSpeech,
): Promise<Html | undefined> {
  const views = await letterViews(deps, area.id, period);
  if (!hasData(views)) return undefined;
  const words = LETTER_TEXTS[speech.language];
  const url = base + letterUrl(area.id, period, speech.language);
  const paragraphs = views.map((view) => html`<p>${letterSentences(view, speech).join(' ')}</p>`);
  const caveats = letterCaveats(views, speech).map((text) => html`<p>${text}</p>`);
  const content = html`${paragraphs}${caveats}<p>${words.generated} ${speech.words.indicative}</p>`.html;
  return html`<entry><id>${url}</id><title>${letterHeading(area, period, speech)}</title><updated>${new Date(comesOutAt(period)).toISOString()}</updated><link rel="alternate" type="text/html" href="${url}"/><content type="html">${raw(escapedXml(content))}</content></entry>
`;
}

/** HTML within XML is escaped once more. */
function escapedXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

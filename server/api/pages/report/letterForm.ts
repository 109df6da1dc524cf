import type { Request, Response } from 'express';
import { LETTER_KINDS } from '../../../domain/alerts/letterPeriods.ts';
import type { Language } from '../../../domain/names.ts';
import { isProblem, parseInput } from '../../http/problem.ts';
import { type LetterDesk, letterRequestSchema } from '../../letters.ts';
import { type Html, html } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import type { PageWriter } from '../pageWriter.ts';
import { sendPrivateText } from '../sendPrivateText.ts';
import { LETTER_FORM_TEXTS } from './letterFormTexts.ts';

/** What the form is written for. */
export interface LetterFormParts {
  area: { id: string; name: string };
  language: Language;
  chosenLanguage: Language | undefined;
  /** Path of the privacy page's name in the footer. */
  privacy: string;
  /** What was wrong with what was sent before, and with which field. */
  problem?: { text: string; field?: 'address' | 'kinds' } | undefined;
  address?: string;
  /** Letters that were ticked; all when nothing was sent yet. */
  kinds?: readonly unknown[];
}

/** "Letters by mail": address, which letters, button; works without scripts. */
export function renderLetterForm({ area, language, chosenLanguage, privacy, ...sent }: LetterFormParts): Html {
  const words = LETTER_FORM_TEXTS[language];
  const { problem, kinds = LETTER_KINDS } = sent;
  const wrong = (field: 'address' | 'kinds') => problem?.field === field;
  const error = html`<p class="field-error" id="letter-wrong" role="alert">${problem?.text}</p>`;
  // Alone on its page, the form has that page's title.
  const heading = problem === undefined && html`<h2 class="section-heading">${words.title}</h2>`;
  return html`<section class="letter-form not-printed" aria-label="${words.title}">${heading}
<form class="form" method="post" action="${pageUrl(`/area/${area.id}/letter`, chosenLanguage)}">
${problem !== undefined && problem.field === undefined && html`<p class="notice" role="alert">${problem.text}</p>`}
<fieldset class="form-choices"><legend>${words.which(area.name)}</legend>${LETTER_KINDS.map(
    (kind, at) =>
      html`<label class="check"><input type="checkbox" name="kinds" value="${kind}"${kinds.includes(kind) && html` checked`}${wrong('kinds') && at === 0 && html` autofocus aria-describedby="letter-wrong"`}> ${words.kinds[kind]}</label> `,
  )}</fieldset>${wrong('kinds') && error}
<p><label class="field-label" for="letter-address">${words.address}</label><input class="form-input" id="letter-address" name="address" type="email" autocomplete="email" required value="${sent.address ?? ''}"${wrong('address') && html` aria-invalid="true" aria-describedby="letter-wrong" autofocus`}></p>${wrong('address') && error}
<p><button class="button" type="submit">${words.send}</button></p>
<p class="note">${words.privacy} <a href="${pageUrl('/privacy', chosenLanguage)}">${privacy}</a></p></form></section>`;
}

/** What taking a form needs. */
export interface LetterFormDeps {
  writer: PageWriter;
  desk: LetterDesk;
  areas: { area(id: string): { id: string; name: string } | undefined };
}

/** `POST /area/<id>/letter`: asks the address, or says what is missing. */
export async function takeLetterForm(deps: LetterFormDeps, request: Request, response: Response): Promise<void> {
  const asked = deps.writer.asked(request);
  const words = LETTER_FORM_TEXTS[asked.language];
  const areaId = String(request.params.id);
  const { address = '', kinds = [] } = (request.body ?? {}) as Record<string, unknown>;
  const given = { address: String(address).trim(), kinds: [kinds].flat(), language: asked.language };
  const body = parseInput(letterRequestSchema, given);
  const refuse = (status: number, problem: LetterFormParts['problem']) => {
    response.status(status);
    const area = deps.areas.area(areaId) ?? { id: areaId, name: areaId };
    const { language, chosenLanguage, texts } = asked;
    const { kinds: chosen } = given;
    const shown = {
      area,
      language,
      chosenLanguage,
      privacy: texts.footer.privacy,
      problem,
      address: given.address,
      kinds: chosen,
    };
    return sendPrivateText(deps.writer, { asked, response }, { title: words.title, main: renderLetterForm(shown) });
  };
  if (isProblem(body)) {
    const field = body.errors?.some(({ field }) => field === 'address') ? 'address' : 'kinds';
    return refuse(400, { text: words.wrong[field], field });
  }
  const refused = await deps.desk.take(areaId, body, request.ip);
  if (refused !== undefined) {
    return refuse(refused.status, { text: words.wrong[refused.code === 'too-often' ? 'too-often' : 'unavailable'] });
  }
  const { title, text } = words.sent;
  const back = html`<p><a href="${pageUrl(`/area/${areaId}/letter`, asked.chosenLanguage)}">${words.back}</a></p>`;
  return sendPrivateText(deps.writer, { asked, response }, { title, main: html`<p>${text(given.address)}</p>${back}` });
}

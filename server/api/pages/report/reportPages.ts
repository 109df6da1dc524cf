import type { Request, Response } from 'express';
import { DAY_MS } from '../../../domain/durations.ts';
import { createFormat } from '../../../domain/format.ts';
import { isoDate } from '../../../domain/limits/limits.ts';
import type { Language } from '../../../domain/names.ts';
import { isCitable, type Question, questionWindow } from '../../../domain/report/question.ts';
import { quickPeriod, quickPeriodOf } from '../../../domain/report/quickPeriods.ts';
import type { Station } from '../../../domain/station.ts';
import { questionParameters, type ReadQuestion, readQuestion } from '../../../report/questionUrl.ts';
import { NoReferenceError, type Report, type Reports, TooManyHoursError } from '../../../report/reports.ts';
import { StoreUnavailableError } from '../../../store/readingStore.ts';
import { baseUrl } from '../../http/baseUrl.ts';
import { renderDayNotices } from '../dayNotices.ts';
import { type Html, html } from '../html.ts';
import { isSouthern } from '../instance.ts';
import { renderNoStations } from '../noStations.ts';
import { renderOpenGraph } from '../openGraph.ts';
import { pageUrl } from '../pageUrls.ts';
import type { Asked, PageWriter } from '../pageWriter.ts';
import { de as pageDe } from '../texts/de.ts';
import { en as pageEn } from '../texts/en.ts';
import { type AnswerView, type ReportSpeech, viewOfReport } from './answerView.ts';
import { CITE_TEXTS } from './citeTexts.ts';
import { renderComparable } from './comparableView.ts';
import { de } from './reportDe.ts';
import { en } from './reportEn.ts';
import { renderForm } from './reportForm.ts';
import {
  renderChart,
  renderDays,
  renderGegenprobe,
  renderGround,
  renderLead,
  renderQuality,
  renderRules,
  renderTop,
} from './reportParts.ts';
import { caveatsText, comparisonSentences, figureSentence, headingText } from './sentences.ts';

/** What report pages are made from. */
export interface ReportPageDeps {
  writer: PageWriter;
  reports: Reports;
  areas: { areas(): { id: string; name: string }[] };
  config: { DAY_OFFSET: string };
  /** Where people reach this instance; undefined when the operator did not say. */
  publicUrl?: string | undefined;
  dayOffsetMs: number;
  clock: () => number;
}

/** What `/report` itself is made from. */
export interface ReportFormDeps extends ReportPageDeps {
  stations: () => readonly Station[];
}

/** The question of a request's parameters, as of today. */
export function questionOf(
  { config, dayOffsetMs, clock }: Pick<ReportPageDeps, 'config' | 'dayOffsetMs' | 'clock'>,
  parameters: Readonly<Record<string, unknown>>,
): ReadQuestion {
  const lastClosed = isoDate(clock() - DAY_MS, dayOffsetMs);
  return readQuestion(parameters, { lastClosed, dayOffset: config.DAY_OFFSET });
}

function placesToAsk({ areas, writer, stations }: ReportFormDeps) {
  return { areas: areas.areas(), isSouthern: isSouthern(writer.instance, stations()) };
}

/** How a request is answered in words. */
export function speechOf(asked: Asked): ReportSpeech {
  return { ...asked, words: { de, en }[asked.language] };
}

/** The same for what is written without a request: mails. */
export function speechIn(language: Language, timeZone: string): ReportSpeech {
  const texts = { de: pageDe, en: pageEn }[language];
  return {
    texts,
    words: { de, en }[language],
    format: createFormat(language, timeZone),
    language,
    chosenLanguage: language,
  };
}

/** Why a clear question has no report. */
export type NoReport = 'unknownArea' | 'unknownStation' | 'tooMuch' | 'storeAway' | 'noReference';

/** The report to a question, or why there is none. */
export async function makeReport(reports: Reports, asked: Question): Promise<Report | NoReport> {
  const question = reports.present(asked);
  const place = reports.place(question);
  if (place === undefined) return 'unknownArea';
  if ('stationIds' in question.place && place.stations.length === 0) return 'unknownStation';
  try {
    return await reports.report(question, place);
  } catch (error) {
    if (error instanceof TooManyHoursError) return 'tooMuch';
    if (error instanceof NoReferenceError) return 'noReference';
    if (error instanceof StoreUnavailableError) return 'storeAway';
    throw error;
  }
}

/** HTTP status of a page that says so. */
export const STATUS_OF: Readonly<Record<NoReport, number>> = {
  unknownArea: 404,
  unknownStation: 404,
  tooMuch: 400,
  storeAway: 503,
  noReference: 404,
};

/** `/report`: the form, and the answer to whatever the address asks. */
export async function sendReport(deps: ReportFormDeps, request: Request, response: Response): Promise<void> {
  const asked = deps.writer.asked(request);
  const speech = speechOf(asked);
  const read = questionOf(deps, request.query);
  const quick = quickPeriodOf(request.query.period);
  if (quick !== undefined)
    return response.redirect(
      withPeriod(request, quickPeriod(quick, read.lastClosed, isSouthern(deps.writer.instance, deps.stations()))),
    );
  const made = read.question && (await makeReport(deps.reports, read.question));
  if (made === undefined) {
    const isFirstVisit = request.query.from === undefined && read.faults.join() === 'no-place';
    const faults = isFirstVisit ? [] : read.faults.map((fault) => speech.words.faults[fault]);
    return sendWithout(deps, { asked, speech, read, faults }, response.status(isFirstVisit ? 200 : 400));
  }
  if (typeof made === 'string') {
    return sendWithout(deps, { asked, speech, read, faults: [speech.words[made]] }, response.status(STATUS_OF[made]));
  }
  sendAnswer(deps, { asked, speech, read, report: made, base: baseUrl(request, deps.publicUrl) }, response);
}

/** The same question of other days: what is named relative to today has an address that stays the same tomorrow. */
function withPeriod(request: Request, { from, to }: Pick<Question, 'from' | 'to'>): string {
  const parameters = new URL(request.url, 'http://localhost').searchParams;
  parameters.delete('period');
  parameters.set('from', from);
  parameters.set('to', to);
  return `/report?${parameters}`;
}

interface Scene {
  asked: Asked;
  speech: ReportSpeech;
  read: ReadQuestion;
}

function sendWithout(
  deps: ReportFormDeps,
  { asked, speech, read, faults }: Scene & { faults: string[] },
  response: Response,
): void {
  const { writer } = deps;
  const { words } = speech;
  writer.send(response, keepQuery(asked, {}), {
    kind: 'report',
    title: `${words.title} – ${writer.instance.name}`,
    description: words.intro,
    main: html`<article class="report"><div class="report-top"><h1>${words.title}</h1></div><p class="report-intro">${words.intro}</p>
${faults.map((fault) => html`<p class="notice" role="alert">${fault}</p>`)}
${renderNoStations(deps.stations(), asked)}
${renderForm(read, placesToAsk(deps), speech)}</article>`,
  });
}

function sendAnswer(
  deps: ReportFormDeps,
  { asked, speech, read, report, base }: Scene & { report: Report; base: string },
  response: Response,
): void {
  const { writer } = deps;
  const view = viewOfReport(report);
  const { words, format } = speech;
  const more = [
    ...(report.place.missing.length > 0 ? [words.missing(report.place.missing.join(', '))] : []),
    ...(report.revised > 0 ? [words.revised(format.number(report.revised, 0))] : []),
  ];
  writer.send(response, keepQuery(asked, questionParameters(report.question)), {
    kind: 'report',
    title: `${headingText(view, speech)} – ${writer.instance.name}`,
    description: figureSentence(view, speech),
    head: reportPreview({ view, speech, base, site: writer.instance.name }),
    main: html`<article class="report">${renderTop(view, speech)}
${read.notes.map((note) => html`<p class="notice">${words.notes[note]}</p>`)}
${renderDayNotices(writer.noticesIn(questionWindow(report.question)), speech)}
${!report.isUpToDate && html`<p class="notice">${words.behind}</p>`}
${renderLead(view, speech)}
${report.isUpToDate && renderTakeAway(view, speech)}
${renderChart(view, speech)}
${renderComparable(view, speech)}
${renderRules(view, speech)}
${renderDays(view, speech)}
${renderGegenprobe(view, speech)}
${renderQuality(view, speech, more)}
${renderGround(view, speech)}
${renderSays(view, speech)}
<p class="printed-note">${words.printed(format.date(deps.clock()), addressOf('', { view, speech, base }))}</p>
<section class="report-ask" aria-labelledby="ask-heading"><h2 class="section-heading" id="ask-heading">${words.form}</h2>${renderForm(read, placesToAsk(deps), speech)}</section></article>`,
  });
}

/** The paragraph that is ready to be copied. */
export function renderSays(view: AnswerView, speech: ReportSpeech): Html {
  return html`<section class="report-says" aria-labelledby="says-heading"><h2 class="section-heading" id="says-heading">${speech.words.says}</h2>
<p id="says-text"><span class="not-printed">${[figureSentence(view, speech), ...comparisonSentences(view, speech)].join(' ')} </span>${caveatsText(view, speech)}</p><p class="report-copy" data-copy="says-text" data-label="${speech.words.copy}" data-done="${speech.words.copied}"></p></section>`;
}

/** Why an answer cannot be cited; undefined for one that can. */
function whyNotCitable({ question, figure }: AnswerView, { words, language }: ReportSpeech): string | undefined {
  if (!isCitable(question)) return words.notCitable;
  return figure.state === 'no-data' ? CITE_TEXTS[language].noData : undefined;
}

function renderTakeAway(view: AnswerView, speech: ReportSpeech): Html {
  const { words, chosenLanguage } = speech;
  const { question } = view;
  const whyNot = whyNotCitable(view, speech);
  const parameters = { ...(chosenLanguage && { lang: chosenLanguage }), ...questionParameters(question) };
  const file = (name: string) => `/report/${name}?${new URLSearchParams(parameters)}`;
  return html`<section class="report-take" aria-labelledby="take-heading"><h2 class="section-heading" id="take-heading">${words.takeAway}</h2>
<div class="report-actions">${whyNot === undefined && html`<form method="post" action="/cite">${Object.entries(parameters).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button class="button is-primary" type="submit" aria-describedby="cite-note">${words.cite}</button></form>`}
<span data-print="${words.print}"></span>
<a class="button" href="${file('chart.svg')}" download>${words.files.svg}</a><a class="button" href="${file('chart.png')}" download>${words.files.png}</a>
<a class="button" href="${file('days.csv')}" download>${words.files.csv}</a><a class="button" href="${file('days-excel.csv')}" download>${words.files.excel}</a>
<a class="button" href="${file('report.json')}" download>${words.files.json}</a></div>
<p class="note" id="cite-note">${whyNot ?? words.citeText}</p></section>`;
}

function reportPreview(parts: { view: AnswerView; speech: ReportSpeech; base: string; site: string }): Html {
  const { view, speech, site } = parts;
  const { language } = speech;
  return renderOpenGraph({
    title: headingText(view, speech),
    description: `${figureSentence(view, speech)} ${speech.words.indicative}.`,
    url: addressOf('', parts),
    image: addressOf('/preview.png', parts),
    ...{ site, language },
  });
}

/** Where the report to a question is, or a file of it, with its language. */
function addressOf(
  file: string,
  { view, speech, base }: { view: AnswerView; speech: ReportSpeech; base: string },
): string {
  const query = new URLSearchParams({ lang: speech.language, ...questionParameters(view.question) });
  return `${base}/report${file}?${query}`;
}

/** Links of the frame (language) lead to the same question. */
function keepQuery(asked: Asked, query: Record<string, string>): Asked {
  return { ...asked, query };
}

/** The address of a question's report. */
export function reportUrl(question: Question, { chosenLanguage }: Pick<ReportSpeech, 'chosenLanguage'>): string {
  return pageUrl('/report', chosenLanguage, questionParameters(question));
}

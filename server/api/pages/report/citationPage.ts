import type { Citation } from '../../../citation/citations.ts';
import { questionWindow } from '../../../domain/report/question.ts';
import type { Report } from '../../../report/reports.ts';
import { type Html, html } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import { unbroken } from '../unbroken.ts';
import { type AnswerView, type ReportSpeech, viewOfReport } from './answerView.ts';
import { isSameAnswer, reasonsOf } from './citationNow.ts';
import type { CiteTexts } from './citeTexts.ts';
import { renderComparable } from './comparableView.ts';
import { type NoReport, renderSays, reportUrl } from './reportPages.ts';
import { renderChart, renderDays, renderGegenprobe, renderGround, renderLead, renderQuality } from './reportParts.ts';
import { comparisonSentences, dateText, figureSentence, headingText } from './sentences.ts';

/** How a citation's page speaks. */
export interface CiteSpeech extends ReportSpeech {
  cite: CiteTexts;
  /** Readings before it were pruned, epoch ms. */
  prunedUntil?: number | undefined;
  /** Address of the citation, with host. */
  address: string;
  /** Of the address, as SVG without a size of its own. */
  qr: Html;
}

/** The same question as of now: not computed yet, without an answer, or answered. */
export type Now = 'computing' | NoReport | Report;

/** A frozen figure as a view. */
export function viewOfCitation({ head, stations }: Citation): AnswerView {
  const single = stations.length === 1 ? stations[0] : undefined;
  return {
    question: head.question,
    name: head.areaName ?? single?.place?.name ?? '',
    limit: head.limit,
    figure: head.answer.figure,
    gegenprobe: head.answer.gegenprobe,
    stations,
    official: head.official,
    comparable: head.comparable ?? [],
    reference: head.reference ?? null,
    methods: head.methods,
    limitsCheckedOn: head.limitsCheckedOn,
    licences: head.licences,
  };
}

/** The main part of a citation's page: what was frozen, and beside it what the question gives now. */
export function renderCitation(citation: Citation, now: Now, speech: CiteSpeech): Html {
  const { cite } = speech;
  const view = viewOfCitation(citation);
  const { withdrawn, withheldPlaces, stations } = citation;
  return html`<article class="report citation"><div class="report-top"><h1>${unbroken(headingText(view, speech))}</h1><p class="report-badge">${cite.badge}</p></div>
<p class="report-frozen">${cite.frozen(dateText(citation.head.citedAt.slice(0, 10), speech))}</p>
${withdrawn > 0 && html`<p class="notice">${cite.withdrawn({ withdrawn, of: stations.length })}</p>`}
${withheldPlaces > 0 && html`<p class="notice">${cite.withheld({ withheld: withheldPlaces, of: stations.length })}</p>`}
${renderLead(view, speech)}
<section class="report-now not-printed" aria-labelledby="now-heading"><h2 class="section-heading" id="now-heading">${cite.today}</h2>${renderNow(citation, now, speech)}${renderPruning(citation, speech)}</section>
${renderChart(view, speech)}
${renderComparable(view, speech)}
${renderGegenprobe(view, speech)}
${renderFiles(citation, speech)}
${renderDays(view, speech)}
${renderQuality(view, speech)}
${renderGround(view, speech)}
${renderSays(view, speech)}
${renderCheck(citation, speech)}</article>`;
}

/**
 * A citation in a frame: figure, comparison, course, and the way to all the rest. `now`: today's answer, or why there is
 * none; undefined when nobody asked for it. Without one the frame shows what was cited, and since when.
 */
export function renderEmbed(citation: Citation, now: NoReport | Report | undefined, speech: CiteSpeech): Html {
  const { cite, words, address } = speech;
  const isLive = typeof now === 'object';
  const view = isLive ? viewOfReport(now) : viewOfCitation(citation);
  const kind = isLive ? cite.embedLive : cite.embedFrozenOn(dateText(citation.head.citedAt.slice(0, 10), speech));
  return html`<article class="report report-embed"><p class="report-badge">${words.indicative}</p>
${typeof now === 'string' && html`<p class="notice">${cite.todayNone} ${words[now]}</p>`}
${isLive && !now.isUpToDate && html`<p class="notice">${words.behind}</p>`}
<p class="report-figure">${unbroken(figureSentence(view, speech))}</p><p class="report-comparison">${comparisonSentences(view, speech).join(' ')}</p>
${renderChart(view, speech)}
<p class="note"><a href="${address}">${cite.embedMore}</a> (${kind}), ${view.licences.join(', ')}</p></article>`;
}

function renderPruning({ head }: Citation, { cite, format, prunedUntil }: CiteSpeech): Html | undefined {
  if (prunedUntil === undefined || questionWindow(head.question).start >= prunedUntil) return undefined;
  return html`<p class="note">${cite.readingsGone(format.date(prunedUntil))}</p>`;
}

/** What the same question gives now, and why that differs. */
function renderNow(citation: Citation, now: Now, speech: CiteSpeech): Html {
  const { cite, words, chosenLanguage } = speech;
  const { question } = citation.head;
  const link = html`<p><a href="${reportUrl(question, speech)}">${cite.todayLink}</a></p>`;
  if (now === 'computing') {
    const here = pageUrl(`/cite/${citation.id}`, chosenLanguage, { wait: '1' });
    return html`<p>${cite.todayComputing} <a href="${here}">${cite.todayLink}</a></p>`;
  }
  if (typeof now === 'string') return html`<p>${cite.todayNone} ${words[now]}</p>`;
  const reasons = reasonsOf(citation, now, cite.reasons);
  const why = reasons.length > 0 && html`<p>${cite.why} ${reasons.join('; ')}.</p>`;
  if (isSameAnswer(citation, now)) return html`<p>${cite.todaySame}</p>${why}${link}`;
  const said = statementOf(viewOfReport(now), speech);
  if (said === statementOf(viewOfCitation(citation), speech)) return html`<p>${cite.todaySaysSame}</p>${why}${link}`;
  return html`<p>${cite.todayOther}</p><blockquote>${said}</blockquote>${why}${link}`;
}

/** What a figure says, in the sentences one quotes. */
function statementOf(view: AnswerView, speech: ReportSpeech): string {
  return [figureSentence(view, speech), ...comparisonSentences(view, speech)].join(' ');
}

function renderFiles({ id }: Citation, { cite, words, chosenLanguage, address, qr }: CiteSpeech): Html {
  const file = (name: string) => pageUrl(`/cite/${id}/${name}`, chosenLanguage);
  const link = (name: string, label: string) => html`<a class="button" href="${file(name)}" download>${label}</a>`;
  const { files } = cite;
  return html`<section class="report-take" aria-labelledby="take-heading"><h2 class="section-heading" id="take-heading">${words.takeAway}</h2>
<div class="report-actions"><a class="button is-primary" href="/api/v1/citations/${id}/bundle.json" download>${files.bundle}</a><span data-print="${words.print}"></span>
${link('chart.svg', files.svg)}${link('chart.png', files.png)}${link('days.csv', files.csv)}${link('days-excel.csv', files.excel)}${link('report.json', files.json)}${link('citation.bib', files.bib)}${link('citation.csl.json', files.csl)}${link('qr.svg', files.qr)}</div>
<details class="report-choices"><summary>${cite.embed}</summary><p class="note">${cite.embedText}</p>
${(['embedFrozen', 'embedLive'] as const).map((kind) => html`<p>${cite[kind]}:</p><pre class="report-code">${embedCode(address, kind === 'embedLive')}</pre>`)}</details></section>
<section class="citation-source"><div class="citation-qr">${qr}</div><p>${cite.address}:<br><a href="${address}">${address}</a></p></section>`;
}

function embedCode(address: string, isLive: boolean): string {
  const source = `${address.replace('/cite/', '/embed/')}${isLive ? '?live=1' : ''}`;
  return `<iframe src="${source}" width="100%" height="600" loading="lazy" title="Bürgermessung"></iframe>`;
}

function renderCheck({ id, publicKey, withdrawn }: Citation, { cite }: CiteSpeech): Html {
  const name = `buergerluft-${id.slice(0, 16)}.json`;
  return html`<section class="not-printed" aria-labelledby="check-heading"><h2 class="section-heading" id="check-heading">${cite.check}</h2><p>${withdrawn > 0 ? cite.checkRest : cite.checkText}</p>
<pre class="report-code" aria-label="${cite.checkCommands}">npx buergerluft verify ${name} --key ${publicKey}
node check-citation.mjs ${name}</pre><p class="note">${cite.signature}: <code>${id}</code></p></section>`;
}

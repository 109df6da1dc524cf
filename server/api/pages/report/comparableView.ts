import type { Format } from '../../../domain/format.ts';
import { type ComparableGroup, hasComparable } from '../../../domain/report/comparable.ts';
import { isSingleStation } from '../../../domain/report/question.ts';
import { type Html, html, raw } from '../html.ts';
import type { AnswerView, ReportSpeech } from './answerView.ts';
import { COMPARABLE_TEXTS } from './comparableTexts.ts';
import { periodText } from './sentences.ts';

/** Drawing area of one group's bars, in its own units. */
const BARS = { width: 420, height: 96, bottom: 4, top: 16 };

/** Where the period lies among comparable ones, a sentence a kind; says so when there is nothing to compare with. */
export function comparableText({ question, figure, comparable }: AnswerView, { language }: ReportSpeech): string[] {
  // Without a figure there is nothing to lie anywhere; its own sentence says why.
  if (comparable.length === 0 || figure.value === null) return [];
  const words = COMPARABLE_TEXTS[language];
  const isSingle = isSingleStation(question);
  const found = comparable.filter(hasComparable);
  if (found.length === 0) return [words.none(isSingle)];
  return found.map(({ unit, periods, lower, higher, same }) =>
    words.sentence({ unit, of: periods.length, comparable: lower + higher + same, lower, higher, same, isSingle }),
  );
}

/** Sentences, bars and table; nothing for answers that do not say it. */
export function renderComparable(view: AnswerView, speech: ReportSpeech): Html | undefined {
  const sentences = comparableText(view, speech);
  if (sentences.length === 0) return undefined;
  const words = COMPARABLE_TEXTS[speech.language];
  const found = view.comparable.filter(hasComparable);
  return html`<section class="report-comparable" aria-labelledby="comparable-heading"><h2 class="section-heading" id="comparable-heading">${words.title}</h2>
<p>${sentences.join(' ')}</p>
${
  found.length > 0 &&
  html`<div class="report-bars">${found.map((group) => renderBars(group, view, speech))}</div><p class="note">${words.note}</p>
<details class="report-days"><summary>${words.table}</summary>${found.map((group) => renderTable(group, speech))}</details>`
}</section>`;
}

/** A bar a period with a value, in order of time, the one asked about last and dark. */
function renderBars({ periods }: ComparableGroup, { figure }: AnswerView, speech: ReportSpeech): Html | undefined {
  const compared = periods.filter(({ value }) => value !== null);
  if (figure.value === null || compared.length === 0) return undefined;
  const { width, height, top, bottom } = BARS;
  const values = [...compared.map(({ value }) => value!), figure.value];
  const most = Math.max(...values);
  const step = width / values.length;
  const bars = values.map((value, at) => {
    const tall = most === 0 ? 0 : (value / most) * (height - top - bottom);
    const isOwn = at === values.length - 1;
    return html`<rect class="${isOwn ? 'bar-own' : 'bar'}" x="${n(at * step + step * 0.12)}" y="${n(height - bottom - tall)}" width="${n(step * 0.76)}" height="${n(Math.max(tall, 1))}" rx="1.5" fill="${isOwn ? '#15212a' : '#8fb3c9'}"/>`;
  });
  const first = periodText(compared[0]!, speech);
  const words = COMPARABLE_TEXTS[speech.language];
  return html`<figure><svg class="comparable-bars" viewBox="0 0 ${width} ${height}" role="img" aria-label="${words.chart}: ${listOf(values, speech.format)}" font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif">${bars}
<text class="chart-text" x="${width - 1}" y="${n(Math.max(11, height - bottom - (figure.value / (most || 1)) * (height - top - bottom) - 4))}" text-anchor="end" font-size="12" fill="#4d5c67">${speech.format.number(figure.value, 1)}</text></svg>
<figcaption class="note"><span>${first}</span><span>${words.own}</span></figcaption></figure>`;
}

function listOf(values: readonly number[], format: Format): string {
  return values.map((value) => format.number(value, 1)).join('; ');
}

function renderTable({ periods }: ComparableGroup, speech: ReportSpeech): Html {
  const { format, language } = speech;
  const words = COMPARABLE_TEXTS[language];
  const number = (value: number | null) => (value === null ? '–' : format.number(value, 1));
  const heads = words.columns.map(
    (column, at) => html`<th scope="col"${at > 0 && raw(' class="number"')}>${column}</th>`,
  );
  const rows = periods
    .filter(({ value }) => value !== null)
    .map(
      (period) =>
        html`<tr><th scope="row">${periodText(period, speech)}</th><td class="number">${number(period.value)}</td><td class="number">${number(period.own)}</td><td class="number">${period.n}</td></tr>
`,
    );
  return html`<div class="table-frame" tabindex="0" role="group" aria-label="${words.table}"><table class="report-table"><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A coordinate to a tenth. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

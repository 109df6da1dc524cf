import type { Request, Response } from 'express';
import { isAbove } from '../../../domain/limits/limits.ts';
import { UNITS } from '../../../domain/quantity.ts';
import type { Question } from '../../../domain/report/question.ts';
import { type CsvForm, csvFile } from '../../http/csvFile.ts';
import { html } from '../html.ts';
import { wrapped } from '../pictures/wrapped.ts';
import { type AnswerView, type ReportSpeech, viewOfReport } from './answerView.ts';
import { chartBody } from './chartSvg.ts';
import { comparableText } from './comparableView.ts';
import { makeReport, questionOf, type ReportPageDeps, STATUS_OF, speechOf } from './reportPages.ts';
import { chartSummary, comparisonSentences, figureSentence, headingText, instrumentText } from './sentences.ts';

/** Files a report can be taken away as. */
export const REPORT_FILES = ['chart.svg', 'days.csv', 'days-excel.csv', 'report.json'] as const;
/** One of `REPORT_FILES`. */
export type ReportFile = (typeof REPORT_FILES)[number];

/** `/report/<file>`: the answer as a file; a question without one is told in one line. */
export async function sendReportFile(
  deps: ReportPageDeps,
  file: ReportFile,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  const asked = deps.writer.asked(request);
  const speech = speechOf(asked);
  const read = questionOf(deps, request.query);
  const made = read.question && (await makeReport(deps.reports, read.question));
  if (made === undefined || typeof made === 'string') {
    const why =
      made === undefined ? read.faults.map((fault) => speech.words.faults[fault]).join(' ') : speech.words[made];
    response
      .status(made === undefined ? 400 : STATUS_OF[made])
      .type('text/plain')
      .send(`${why}\n`);
    return;
  }
  if (!made.isUpToDate) {
    response.status(503).set('Retry-After', '10').type('text/plain').send(`${speech.words.behind}\n`);
    return;
  }
  sendAnswerFile(viewOfReport(made), { file, speech, source: sourceOf(deps) }, response);
}

/** Name and address of the instance, as files name their source. */
export function sourceOf({ writer, publicUrl }: Pick<ReportPageDeps, 'writer' | 'publicUrl'>): string {
  return `${writer.instance.name}${publicUrl === undefined ? '' : `, ${publicUrl}`}`;
}

/** What a file says beside the answer. */
export interface FileParts {
  file: ReportFile;
  speech: ReportSpeech;
  /** Name and address of the instance, and of the citation when it is one. */
  source: string;
}

/** What a file about a question is called where it is kept: by place, quantity and period. */
export function savedName({ place, quantity, from, to }: Question, file: string): string {
  const where = 'areaId' in place ? place.areaId : place.stationIds.slice(0, 3).join('-');
  return `${where}-${quantity}-${from}-${to}-${file}`;
}

/** Sends an answer as a file, whether made just now or frozen. */
export function sendAnswerFile(view: AnswerView, { file, speech, source }: FileParts, response: Response): void {
  response.set('Cache-Control', 'public, max-age=60').attachment(savedName(view.question, file));
  switch (file) {
    case 'chart.svg':
      return void response.type('image/svg+xml').send(chartFile(view, speech, source));
    case 'days.csv':
      return void response.type('text/csv; charset=utf-8').send(daysFile('csv', view, { speech, source }));
    case 'days-excel.csv':
      return void response.type('text/csv; charset=utf-8').send(daysFile('csv-excel', view, { speech, source }));
    case 'report.json':
      return void response.json(answerJson(view, speech, source));
  }
}

/** Smaller where a place has a long name: the period stands at the end of the line, and must not be cut off. */
const headingSize = (heading: string) => Math.min(17, Math.floor((17 * 64) / heading.length));

/** Letters a line below the chart holds in the widest of our fonts: whoever is credited there is credited whole. */
const FOOT = { letters: 115, line: 14, most: Number.POSITIVE_INFINITY };

/** The chart with title, source and what kind of values these are. */
export function chartFile(view: AnswerView, speech: ReportSpeech, source: string): string {
  const { figure, limit, question, licences } = view;
  const picture = {
    days: figure.days,
    quantity: question.quantity,
    limit,
    format: speech.format,
    summary: chartSummary(view, speech),
  };
  const foot = wrapped(`${speech.words.indicative}. ${source}. ${licences.join(', ')}`, FOOT);
  const heading = headingText(view, speech);
  const footTop = foot.length === 1 ? 338 : 329;
  const height = 350 + Math.max(0, foot.length - 2) * FOOT.line;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 ${height}" width="1520" height="${2 * height}" font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif">
<title>${heading}</title><desc>${picture.summary}</desc>
<rect width="760" height="${height}" fill="#ffffff"/>
<text x="14" y="26" font-size="${headingSize(heading)}" font-weight="700" fill="#15212a">${heading}</text>
<text x="14" y="46" font-size="12" fill="#4d5c67">µg/m³, ${speech.words.chartLegend.line}${figure.days.some(({ lower }) => lower !== null) && `; ${speech.words.chartLegend.band}`}</text>
<g transform="translate(0 50)">${chartBody(picture)}</g>
${foot.map((line, at) => html`<text x="14" y="${footTop + at * FOOT.line}" font-size="11" fill="#4d5c67">${line}</text>`)}
</svg>
`.html;
}

function daysFile(form: CsvForm, view: AnswerView, { speech, source }: Pick<FileParts, 'speech' | 'source'>): string {
  const { question, limit, figure, licences, methods } = view;
  const isDaily = limit?.averaging === 'day';
  return csvFile(form, {
    head: [
      'Bürgermessung, kein amtlicher Messwert. / Citizen measurement, not an official value.',
      headingText(view, speech),
      figureSentence(view, speech),
      ...comparisonSentences(view, speech),
      ...comparableText(view, speech),
      `Source: ${source}`,
      `Quantity: ${question.quantity}; unit: ${UNITS[question.quantity]}; daily means; days at UTC${question.dayOffset}; a day needs 18 valid hours, an area 3 stations`,
      `Figure of the period: ${figure.n} of ${figure.of} stations, valid hours: ${figure.validHours} of ${figure.possibleHours}; a day rests on every station valid on it (column stations)`,
      `Methods: ${Object.values(methods).join(', ')}`,
      `Compared with: ${limit === null ? '-' : `${limit.value} ${limit.averaging} ${instrumentText(limit).en} (${limit.id})`}`,
      `Licence: ${licences.join('; ')}`,
    ],
    columns: [
      'date',
      'value',
      'uncertainty',
      'lowerQuartile',
      'upperQuartile',
      'stations',
      'state',
      'flags',
      'uncertaintyFrom',
    ],
    rows: figure.days.map((day) => [
      ...[day.date, day.value, day.uncertainty, day.lower, day.upper, day.n],
      day.value === null ? 'no-coverage' : isDaily ? (isAbove(limit, day.value) ? 'above' : 'not-above') : '',
      [day.isHumid && 'humid', day.isFlagged && 'flagged', day.isAnnotated && 'annotated'].filter(Boolean).join(' '),
      day.uncertaintyFrom ?? '',
    ]),
  });
}

function answerJson(view: AnswerView, speech: ReportSpeech, source: string): object {
  const { stations, ...rest } = view;
  return {
    note: 'Bürgermessung, kein amtlicher Messwert. / Citizen measurement, not an official value.',
    source,
    sentence: figureSentence(view, speech),
    comparison: comparisonSentences(view, speech),
    unit: UNITS[view.question.quantity],
    ...rest,
    stations: stations.filter((station) => station !== null),
  };
}

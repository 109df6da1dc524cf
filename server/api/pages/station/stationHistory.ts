import { bandsOf } from '../../../domain/airQuality.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import { decimalsOf, type Format, spanOfValues } from '../../../domain/format.ts';
import type { Quantity } from '../../../domain/quantity.ts';
import { ANNOTATION_KINDS, annotationsIn, MARKS, marksIn } from '../../../domain/stationHistory.ts';
import { renderCourse } from '../courseSvg.ts';
import { type Html, html } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import { correctionSummary } from './figures.ts';
import { quantityName, type Speech } from './stationSpeech.ts';
import type { StationHour, StationView } from './stationView.ts';

const PERIOD_MS = { '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS } as const;

/** The courses of the last day and week: picture, sentence, what was adjusted, what happened, table. */
export function renderHistory(view: StationView, speech: Speech): Html {
  const { hours = [], now } = view;
  return html`${(['24h', '7d'] as const).map((period) => {
    const from = now - PERIOD_MS[period];
    const shown = hours.filter(({ start }) => start + HOUR_MS > from);
    return html`<section class="history" aria-labelledby="history-${period}-heading"><div class="history-head"><h2 class="section-heading" id="history-${period}-heading">${speech.texts.historyOf[period]}</h2></div>
${shown.some(isValid) ? renderHours({ ...view, hours: shown }, period, speech) : renderNoHours(view, period, speech)}
</section>
`;
  })}`;
}

function renderNoHours(
  { hours, aggregate, now }: StationView,
  period: keyof typeof PERIOD_MS,
  { texts }: Speech,
): Html {
  const hasReadings = (aggregate?.lastMeasuredAt ?? 0) > now - PERIOD_MS[period];
  const words = hasReadings ? texts.noValidHours[period] : texts.noHours[period];
  return html`<div class="chart-frame"><div class="chart-empty"><p>${hours ? words : texts.hoursUnavailable}</p></div></div>`;
}

function isValid(hour: StationHour): hour is StationHour & { mean: number } {
  return hour.mean !== null;
}

/** Picture, sentence and table of hourly means; the table also has the hours whose readings bear out none. */
function renderHours(
  view: StationView & { hours: StationHour[] },
  period: keyof typeof PERIOD_MS,
  speech: Speech,
): Html {
  const { hours, quantity, now } = view;
  // Adjusted are whole hours of the week.
  const corrected = period === '7d' ? view.corrected : [];
  const { texts, format, language, timeZone } = speech;
  const name = quantityName(quantity, language);
  const points = hours.filter(isValid);
  const means = points.map(({ mean }) => mean);
  const summary = texts.chartSummary({
    quantity: name,
    span: spanOfValues(format, quantity, means),
    last: format.value(quantity, means[means.length - 1] ?? 0),
    from: format.dateTime(points[0]?.start ?? now),
    to: format.dateTime(now),
  });
  const adjusted = corrected.length === 0 ? undefined : new Map(corrected.map(({ start, mean }) => [start, mean]));
  const course = {
    points,
    adjusted: corrected,
    from: now - PERIOD_MS[period],
    to: now,
    bands: bandsOf('neutral', quantity),
    format,
    summary,
  };
  return html`<div class="chart-frame">${renderCourse(course)}</div>
<p class="history-sentence">${summary}</p>
${renderCorrection({ corrected, quantity }, speech)}
${renderMarks(view.station, course, speech)}
<details class="history-table"><summary>${texts.historyTable[period]}</summary>
<table><caption>${texts.hoursCaption(name, timeZone)}</caption>
<thead><tr><th scope="col">${texts.hour}</th>${[...(adjusted ? [texts.correction.rawColumn, texts.correction.column] : [texts.mean]), texts.minimum, texts.maximum, texts.readings].map((label) => html`<th scope="col" class="number">${label}</th>`)}</tr></thead>
<tbody>${[...hours].reverse().map((hour) => renderHour(hour, adjusted, { quantity, format }))}</tbody></table></details>`;
}

function renderHour(
  { start, mean, min, max, count }: StationHour,
  adjusted: ReadonlyMap<number, number> | undefined,
  { quantity, format }: { quantity: Quantity; format: Format },
): Html {
  const number = (value: number | null | undefined) =>
    value === undefined || value === null ? '–' : format.number(value, decimalsOf(quantity));
  const cells = [mean, ...(adjusted ? [adjusted.get(start)] : []), min, max].map(number);
  return html`<tr><th scope="row">${format.dateTime(start)}</th>${[...cells, String(count)].map((cell) => html`<td class="number">${cell}</td>`)}</tr>
`;
}

/** Which line is which, both means of the same hours, and what of the adjusted one stems from others. */
function renderCorrection(
  { corrected, quantity }: Pick<StationView, 'corrected' | 'quantity'>,
  { texts, format, chosenLanguage }: Speech,
): Html | undefined {
  const summary = correctionSummary(corrected);
  if (summary === undefined) return undefined;
  const words = texts.correction;
  const value = (mean: number) => format.value(quantity, mean);
  const line = (kind: 'raw' | 'adjusted') =>
    html`<li class="correction-line"><svg class="line-key" viewBox="0 0 34 8" width="34" height="8" aria-hidden="true"><path class="key-${kind}" d="M0 4H34"/></svg>${words[kind]}</li>`;
  return html`<div class="correction-note"><ul>${line('raw')}${line('adjusted')}</ul>
<p>${words.means({ hours: summary.hours, raw: value(summary.raw), mean: value(summary.mean) })} ${words.share(format.percent(summary.share))} <a href="${pageUrl('/methods', chosenLanguage)}#corrections">${words.methods}</a></p></div>`;
}

/** What happened to the station in the period: changes, and what its owner marked. */
function renderMarks(
  { marks, annotations }: StationView['station'],
  { from, to }: { from: number; to: number },
  { texts, format, language }: Speech,
): Html | undefined {
  const window = { start: from, end: to };
  const [changes, periods] = [marksIn(marks, window), annotationsIn(annotations, window)];
  if (changes.length + periods.length === 0) return undefined;
  const words = periods.map((period) =>
    texts.markedPeriod({
      from: format.dateTime(period.from),
      to: format.dateTime(period.to),
      what: ANNOTATION_KINDS[period.kind][language],
    }),
  );
  return html`<div class="history-marks"><ul>${changes.map(({ at, kind }) => html`<li><time datetime="${new Date(at).toISOString()}">${format.dateTime(at)}</time>: ${MARKS[kind][language]}</li>`)}${words.map((each) => html`<li>${each}</li>`)}</ul></div>`;
}

import { periodBefore } from '../../../areas/areaWindows.ts';
import { bandsOf } from '../../../domain/airQuality.ts';
import { officialSpanOf } from '../../../domain/correction/referenceMeans.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import { decimalsOf, spanOfValues } from '../../../domain/format.ts';
import type { LimitChoice } from '../../../domain/limits/limitChoice.ts';
import { isoDate } from '../../../domain/limits/limits.ts';
import { utcText } from '../../../domain/means/dayOffset.ts';
import { type Station, stationKind } from '../../../domain/station.ts';
import type { Rollups, UncertainRow } from '../../../rollups/rollups.ts';
import type { Extent, ReadingStore } from '../../../store/readingStore.ts';
import { renderCourse } from '../courseSvg.ts';
import { type Html, html, raw } from '../html.ts';
import { limitLine, renderLimitLinks, renderLimitNote } from '../limitChoice.ts';
import { pageUrl } from '../pageUrls.ts';
import { STATION_DAYS_TEXTS } from '../texts/stationDaysTexts.ts';
import type { Speech } from './stationSpeech.ts';
import { quantityName } from './stationSpeech.ts';
import { whileThere } from './whileThere.ts';

/** The daily means of a station's last 30 days, and what the reader holds them against. */
export interface StationDays {
  stationId: string;
  /** Reports are about citizens' stations; official ones stand beside them. */
  hasReport: boolean;
  quantity: 'pm25' | 'pm10';
  limit: LimitChoice | undefined;
  from: number;
  to: number;
  now: number;
  /** `DAY_OFFSET`, ms. */
  dayOffsetMs: number;
  /** undefined while the store is away. */
  rows: UncertainRow[] | undefined;
  /** First and last reading ever, epoch ms; only of a station whose last one is older than the 30 days. */
  span?: { first: number; last: number } | undefined;
}

/** Reads them: one row a day, by days at `DAY_OFFSET`. */
export async function viewDays(
  { rollups, readings, dayOffsetMs }: StationDaysSources,
  station: Pick<Station, 'id' | 'reference'>,
  { quantity, limit, now }: Pick<StationDays, 'quantity' | 'limit' | 'now'>,
): Promise<StationDays> {
  const { id: stationId } = station;
  const hasReport = stationKind(station) === 'citizen';
  const { start: from, end: to } = periodBefore('30d', now, dayOffsetMs).whole;
  const query = { stationIds: [stationId], quantity, window: 'day', from, to } as const;
  const rows = await whileThere(() => rollups.rows(query));
  const isEmpty = rows?.every(({ mean }) => mean === null);
  const series = isEmpty ? await whileThere(() => readings.seriesOf(stationId)) : undefined;
  const span = spanOf(series ?? [], quantity);
  const isLongSilent = span !== undefined && span.last < from;
  return { stationId, hasReport, quantity, limit, from, to, now, dayOffsetMs, rows, ...(isLongSilent && { span }) };
}

/** What the section is made from. */
export interface StationDaysSources {
  rollups: Pick<Rollups, 'rows'>;
  readings: Pick<ReadingStore, 'seriesOf'>;
  dayOffsetMs: number;
}

function spanOf(series: Extent[], quantity: string): StationDays['span'] {
  const own = series.filter((each) => each.quantity === quantity);
  if (own.length === 0) return undefined;
  return { first: Math.min(...own.map(({ first }) => first)), last: Math.max(...own.map(({ last }) => last)) };
}

/** The section: choices as links, picture, sentence, table. With scripts the page keeps it as it is. */
export function renderDays(days: StationDays, speech: Speech): Html {
  const { language } = speech;
  const words = STATION_DAYS_TEXTS[language];
  const urlOf = (changed: Partial<StationDays>) => {
    const { stationId, quantity, limit } = { ...days, ...changed };
    const query = { quantity, ...(limit && { limit }) };
    return `${pageUrl(`/station/${stationId}`, speech.chosenLanguage, query)}#days`;
  };
  const link = (quantity: StationDays['quantity']) =>
    html`<li><a href="${urlOf({ quantity })}"${quantity === days.quantity && raw(' aria-current="true"')}>${quantityName(quantity, language)}</a></li>`;
  return html`<section class="history" id="days" aria-labelledby="days-heading"><div class="history-head"><h2 class="section-heading" id="days-heading">${words.heading(quantityName(days.quantity, language))}</h2></div>
<nav class="area-choices" aria-label="${words.choices}"><ul>${(['pm25', 'pm10'] as const).map(link)}</ul>${renderLimitLinks(days.limit, language, (limit) => urlOf({ limit }))}</nav>
${renderMeans(days, speech)}
</section>`;
}

function renderMeans(days: StationDays, speech: Speech): Html {
  const { rows, quantity, limit, now } = days;
  const { texts, format, language } = speech;
  const words = STATION_DAYS_TEXTS[language];
  const valid = (rows ?? []).flatMap((row) => (row.mean === null ? [] : [{ ...row, mean: row.mean }]));
  if (valid.length === 0)
    return html`<div class="chart-frame"><div class="chart-empty"><p>${rows ? words.none : texts.hoursUnavailable}</p></div></div>
${days.span && renderSpan(days.span, days, speech)}`;
  const held = { choice: limit, quantity, isOfDays: true, now };
  const means = valid.map(({ mean }) => mean);
  const name = quantityName(quantity, language);
  const isPublished = valid.every(({ sensor }) => officialSpanOf(sensor) === '24h');
  const summary = words.summary({
    ...{ quantity: name, days: valid.length },
    span: spanOfValues(format, quantity, means),
  });
  const picture = renderCourse({
    ...limitLine(held, speech),
    ...{ points: valid, stepMs: DAY_MS, from: days.from, to: days.to },
    ...{ bands: bandsOf('neutral', quantity), format, summary },
  });
  return html`<div class="chart-frame">${picture}</div>
<p class="history-sentence">${summary}</p>
${renderLimitNote(held, language)}
<details class="history-table"><summary>${words.table}</summary>
<table><caption>${isPublished ? words.captionPublished(name) : words.caption(name, utcText(days.dayOffsetMs))}</caption>
<thead><tr><th scope="col">${words.day}</th>${[texts.mean, words.uncertainty, words.hours].map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
<tbody>${[...(rows ?? [])].reverse().map((row) => renderRow(row, days, speech))}</tbody></table></details>`;
}

/** A station long silent: when it measured, and a report of its last month. */
function renderSpan(
  { first, last }: { first: number; last: number },
  { stationId, hasReport, quantity, dayOffsetMs }: StationDays,
  { format, language, chosenLanguage }: Speech,
): Html {
  const words = STATION_DAYS_TEXTS[language];
  const day = (at: number) => isoDate(at, dayOffsetMs);
  const query = { station: stationId, quantity, from: day(Math.max(first, last - 29 * DAY_MS)), to: day(last) };
  const report = hasReport && html` <a href="${pageUrl('/report', chosenLanguage, query)}">${words.lastReport}</a>`;
  return html`<p class="history-sentence">${words.measured({ from: format.date(first), to: format.date(last) })}${report}</p>`;
}

function renderRow({ start, end, mean, uncertainty, parts }: UncertainRow, { quantity }: StationDays, speech: Speech) {
  const { format } = speech;
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : format.number(value, decimalsOf(quantity));
  const cells = [number(mean), number(uncertainty), parts ? `${parts.valid} / ${parts.of}` : '–'];
  return html`<tr><th scope="row">${format.date((start + end) / 2)}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>
`;
}

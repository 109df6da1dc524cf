import { bandFor } from '../../../domain/airQuality.ts';
import type { Format } from '../../../domain/format.ts';
import { isAbove } from '../../../domain/limits/limits.ts';
import type { FrozenLimit, ReportDay } from '../../../domain/report/figureTypes.ts';
import type { ReportQuantity } from '../../../domain/report/question.ts';
import { type Html, html, raw } from '../html.ts';

/** Drawing areas in their own units; both scale with what they stand in. */
const CHART = { width: 760, height: 270, left: 46, right: 10, top: 14, bottom: 30 };
const LEAST_TOP = 20;
const CELL = 12;
const GAP = 2;

/** What the pictures of a report show. */
export interface ReportPicture {
  days: readonly ReportDay[];
  quantity: ReportQuantity;
  limit: FrozenLimit | null;
  format: Format;
  /** Text alternative. */
  summary: string;
}

/**
 * The daily values over the period: line, middle half of the stations, value compared with, gaps. Everything carries
 * presentation attributes, so that the picture stands on its own as a file; on a page the style sheet goes before them.
 */
export function renderReportChart(picture: ReportPicture): Html {
  const { width, height } = CHART;
  return html`<svg class="report-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${picture.summary}" font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif">${chartBody(picture)}</svg>`;
}

/** The parts of the chart without the frame: for a file that adds title and source. */
export function chartBody({ days, limit, format }: ReportPicture): Html {
  const daily = limit?.averaging === 'day' ? limit : null;
  const top = niceTop(
    Math.max(LEAST_TOP, (daily?.value ?? 0) * 1.1, ...days.map(({ value, upper }) => Math.max(value ?? 0, upper ?? 0))),
  );
  const { left, right, width, height, bottom } = CHART;
  const step = (width - left - right) / Math.max(1, days.length);
  const x = (day: number) => left + (day + 0.5) * step;
  const y = (value: number) => height - bottom - (value / top) * (height - CHART.top - bottom);
  return html`${[0, 0.25, 0.5, 0.75, 1].map((share) => renderGrid(share * top, y(share * top), format))}
${monthMarks(days, format).map(({ at, text }) => html`<line class="chart-tick" x1="${n(left + at * step)}" x2="${n(left + at * step)}" y1="${height - bottom}" y2="${height - bottom + 5}" stroke="#7d8b95"/><text class="chart-text" x="${n(left + at * step + 3)}" y="${height - 10}" font-size="12" fill="#4d5c67">${text}</text>`)}
${days.map((day, at) => day.value === null && html`<rect class="chart-gap" x="${n(left + at * step)}" y="${CHART.top}" width="${n(step)}" height="${height - bottom - CHART.top}" fill="#7d8b95" fill-opacity="0.13"/>`)}
<path class="chart-band" d="${raw(bandPath(days, x, y))}" fill="#0a5a86" fill-opacity="0.18"/>
${daily !== null && html`<line class="chart-limit" x1="${left}" x2="${width - right}" y1="${n(y(daily.value))}" y2="${n(y(daily.value))}" stroke="#9c2f1f" stroke-width="1.5" stroke-dasharray="6 4"/>`}
<path class="chart-line" d="${raw(linePath(days, x, y))}" fill="none" stroke="#15212a" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>
${daily !== null && html`<text class="chart-limit-text" x="${width - right - 2}" y="${n(y(daily.value) - 5)}" text-anchor="end" font-size="12" fill="#9c2f1f" stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${format.number(daily.value, 0)}\u202fµg/m³</text>`}
${daily !== null && days.map(({ value }, at) => value !== null && isAbove(daily, value) === true && renderPoint(x(at), y(value)))}`;
}

function renderGrid(value: number, at: number, format: Format): Html {
  return html`<line class="chart-grid" x1="${CHART.left}" x2="${CHART.width - CHART.right}" y1="${n(at)}" y2="${n(at)}" stroke="#d5dce1"/><text class="chart-text" x="${CHART.left - 8}" y="${n(at + 4)}" text-anchor="end" font-size="12" fill="#4d5c67">${format.number(value, Number.isInteger(value) ? 0 : 1)}</text>
`;
}

/** A triangle above the line: shape, not colour alone, tells a day above. */
function renderPoint(x: number, y: number): Html {
  return html`<path class="chart-above" d="M${n(x - 3.5)} ${n(y - 4)}h7l-3.5 -6z" fill="#9c2f1f"/>`;
}

function linePath(days: readonly ReportDay[], x: (day: number) => number, y: (value: number) => number): string {
  return days
    .map(({ value }, at) => {
      if (value === null) return '';
      const [before, after] = [days[at - 1]?.value ?? null, days[at + 1]?.value ?? null];
      // A day between two gaps would be no line at all: a short stroke shows it.
      if (before === null && after === null) return `M${n(x(at) - 1)} ${n(y(value))}h2`;
      return `${before === null ? 'M' : 'L'}${n(x(at))} ${n(y(value))}`;
    })
    .join('');
}

function bandPath(days: readonly ReportDay[], x: (day: number) => number, y: (value: number) => number): string {
  let path = '';
  for (let from = 0; from < days.length; from++) {
    if (days[from]!.lower === null) continue;
    let to = from;
    while (days[to + 1] !== undefined && days[to + 1]!.lower !== null) to++;
    const run = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const upper = run.map((at) => `${n(x(at))} ${n(y(days[at]!.upper!))}`);
    const lower = run.reverse().map((at) => `${n(x(at))} ${n(y(days[at]!.lower!))}`);
    path += `M${upper.join('L')}L${lower.join('L')}Z`;
    from = to;
  }
  return path;
}

/** Months, or for short periods days. */
function monthMarks(days: readonly ReportDay[], format: Format): { at: number; text: string }[] {
  const isShort = days.length <= 62;
  const every = days.length > 500 ? 3 : 1;
  return days.flatMap(({ date }, at) => {
    if (isShort)
      return at % (days.length <= 10 ? 1 : 7) === 0
        ? [{ at, text: format.ofDate.date(date).replace(/\/?\d{4}$/, '') }]
        : [];
    const isFirst = date.endsWith('-01') && (Number(date.slice(5, 7)) - 1) % every === 0;
    return isFirst ? [{ at, text: format.ofDate.month(date) }] : [];
  });
}

/** A box a day, weeks from left to right, Monday on top; one row of boxes a year. */
export function renderCalendar({ days, quantity, limit, format, summary }: ReportPicture): Html {
  const first = days[0] === undefined ? 0 : weekday(days[0].date);
  const weeks = Math.ceil((first + days.length) / 7);
  const [width, height] = [weeks * (CELL + GAP) + 30, 7 * (CELL + GAP) + 18];
  const daily = limit?.averaging === 'day' ? limit : null;
  const marks = calendarMarks(days, format);
  return html`<svg class="calendar" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${summary}" font-family="system-ui, sans-serif">
${marks.map(({ at, text }) => html`<text class="chart-text" x="${Math.floor((first + at) / 7) * (CELL + GAP)}" y="11" font-size="11" fill="#4d5c67">${text}</text>`)}
${days.map((day, at) => renderCell(day, { column: Math.floor((first + at) / 7), row: (first + at) % 7 }, { quantity, daily }))}
</svg>`;
}

/** The months, each over its first week; one of which there are only the last days is named where it stands alone. */
function calendarMarks(days: readonly ReportDay[], format: Format): { at: number; text: string }[] {
  const isAlone = days.every(({ date }) => !date.endsWith('-01'));
  return days.flatMap(({ date }, at) => {
    const isMarked = date.endsWith('-01') || (at === 0 && (isAlone || Number(date.slice(8)) < 15));
    return isMarked ? [{ at, text: format.ofDate.month(date) }] : [];
  });
}

function renderCell(
  { value, isHumid }: ReportDay,
  { column, row }: { column: number; row: number },
  { quantity, daily }: { quantity: ReportQuantity; daily: FrozenLimit | null },
): Html {
  const [x, y] = [column * (CELL + GAP), 18 + row * (CELL + GAP)];
  const box = html`x="${x + 0.5}" y="${y + 0.5}" width="${CELL - 1}" height="${CELL - 1}" rx="2"`;
  if (value === null) return html`<rect class="cell-empty" ${box} fill="none" stroke="#a3adb3"/>`;
  const colour = bandFor('neutral', quantity, value)?.colour ?? '#ffffff';
  const isMarked = daily !== null && isAbove(daily, value) === true;
  return html`<rect class="cell" ${box} fill="${colour}" stroke="#15212a" stroke-opacity="0.35"/>${isMarked && html`<path d="M${x + 2} ${y + CELL - 2}h8l-4 -8z" fill="#15212a" stroke="#ffffff" stroke-width="0.8"/>`}${isHumid && html`<circle cx="${x + CELL - 2.5}" cy="${y + 2.5}" r="1.8" fill="#15212a" stroke="#ffffff" stroke-width="0.6"/>`}`;
}

/** 0 for Monday. */
function weekday(date: string): number {
  return (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
}

/** A round top whose quarters are whole numbers: 12.5 on an axis would claim more than it says. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map((factor) => factor * power).find((top) => top >= value) ?? value;
}

/** A coordinate to a tenth. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

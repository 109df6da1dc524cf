import type { Band } from '../../domain/airQuality.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/durations.ts';
import type { Format } from '../../domain/format.ts';
import { type Html, html, raw } from './html.ts';

/** Drawing area in its own units; scales with the page. */
const WIDTH = 640;
const HEIGHT = 230;
/** Two marks of days beside each other, the last one ending at the edge, with the wide letters of a phone. */
const LEAST_BESIDE_EDGE = 115;
const MARGIN = { left: 34, right: 6, top: 8, bottom: 26 };
/** Least top of the value axis, so that clean air does not look like a storm. */
const LEAST_TOP = 20;

/** One mean, or median of several stations. */
export interface CoursePoint {
  /** Epoch ms. */
  start: number;
  mean: number;
  /** Quartiles, where there are some. */
  range?: readonly [lower: number, upper: number];
}

/** What the picture shows. */
export interface Course {
  points: readonly CoursePoint[];
  /** Several stations in place of `points`, each with its letter and its own stroke (`line-a` to `line-f`). */
  lines?: readonly { letter: string; points: readonly CoursePoint[] }[];
  /** The same after a correction: a second line, dashed. */
  adjusted?: readonly Pick<CoursePoint, 'start' | 'mean'>[];
  /** Means of an official station, drawn as squares. */
  official?: readonly { start: number; value: number }[];
  /** A level to compare with: a labelled line across the picture. */
  limit?: { value: number; label: string };
  /** Width of a point's window, ms; an hour when absent. */
  stepMs?: number;
  /** Ends of the time axis, epoch ms. */
  from: number;
  to: number;
  bands: readonly Band[];
  format: Format;
  /** Text alternative. */
  summary: string;
}

/** The course as SVG, without scripts and style attributes: what the browser's chart shows. */
export function renderCourse({
  points,
  lines = [],
  adjusted = [],
  official = [],
  limit,
  stepMs = HOUR_MS,
  from,
  to,
  bands,
  format,
  summary,
}: Course): Html {
  const all: CoursePoint[] = [...points, ...adjusted, ...lines.flatMap((line) => line.points)];
  const heights = [...all.map(({ mean, range }) => range?.[1] ?? mean), ...official.map(({ value }) => value)];
  // Room for the level's words above its line.
  const top = niceTop(Math.max(LEAST_TOP, ...heights, (limit?.value ?? 0) * 1.1));
  const runs = runsOf(points, stepMs);
  const x = (at: number) => MARGIN.left + ((at - from) / (to - from)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) => HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  return html`<svg class="course" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}" preserveAspectRatio="none">
${bands.filter(({ from: low }) => (low ?? 0) < top).map((band) => renderBand(band, top, y))}
${gridValues(top).map((value) => renderValueLine(value, y(value), format))}
${renderTimeMarks(timeMarks(from, to, format).map(({ at, text }) => ({ text, at: x(at) })))}
<path class="course-range" d="${raw(rangePath(points, stepMs, { x, y }))}"/>
<path class="course-line" d="${raw(runs.map((run) => linePath(run, stepMs, { x, y })).join(''))}"/>
${
  adjusted.length > 0 &&
  html`<path class="course-line course-adjusted" d="${raw(
    runsOf(adjusted, stepMs)
      .map((run) => linePath(run, stepMs, { x, y }))
      .join(''),
  )}"/>`
}
${official.length > 0 && html`<path class="course-official" d="${raw(official.map(({ start, value }) => square(x(start + stepMs / 2), y(value))).join(''))}"/>`}
${lines.map((line) => renderLine(line, stepMs, { x, y }))}
${limit && renderLimit(limit.label, y(limit.value))}
</svg>`;
}

function renderBand({ from, to, colour }: Band, top: number, y: (value: number) => number): Html {
  const high = y(Math.min(to ?? top, top));
  const height = y(from ?? 0) - high;
  const width = WIDTH - MARGIN.left - MARGIN.right;
  return html`<rect x="${MARGIN.left}" y="${high.toFixed(1)}" width="${width}" height="${height.toFixed(1)}" fill="${colour}" fill-opacity="0.16"/><rect x="${MARGIN.left - 5}" y="${high.toFixed(1)}" width="5" height="${height.toFixed(1)}" fill="${colour}"/>`;
}

function renderValueLine(value: number, at: number, format: Format): Html {
  return html`<line class="course-grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text class="course-text" x="${MARGIN.left - 9}" y="${(at + 4).toFixed(1)}" text-anchor="end">${format.number(value, 0)}</text>`;
}

/** At the right edge half of a mark would be cut off: it ends there, or is left away where that is upon the one before. */
function renderTimeMarks(marks: readonly { text: string; at: number }[]): Html[] {
  return marks.flatMap(({ text, at }, i) => {
    const isAtEdge = at > WIDTH - 20;
    if (isAtEdge && at - (marks[i - 1]?.at ?? 0) < LEAST_BESIDE_EDGE) return [];
    const anchor = isAtEdge ? 'end' : 'middle';
    return html`<text class="course-text" x="${at.toFixed(1)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${text}</text>`;
  });
}

/** One station's line; colour and dashes tell it from the others. */
function renderLine({ letter, points }: NonNullable<Course['lines']>[number], stepMs: number, axes: Axes): Html {
  const path = runsOf(points, stepMs).map((run) => linePath(run, stepMs, axes));
  return html`<path class="course-line line-${letter.toLowerCase()}" d="${raw(path.join(''))}"/>`;
}

function renderLimit(label: string, at: number): Html {
  return html`<line class="course-limit" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text class="course-text course-limit-text" x="${MARGIN.left + 6}" y="${(at - 5).toFixed(1)}">${label}</text>`;
}

/** Another shape than the line of citizens, as on the map. */
function square(px: number, py: number): string {
  return `M${(px - 2).toFixed(1)} ${(py - 2).toFixed(1)}h4v4h-4z`;
}

interface Axes {
  x: (at: number) => number;
  y: (value: number) => number;
}

/** Points parted where one is missing: a line across a gap would be made up. */
function runsOf<Point extends CoursePoint>(points: readonly Point[], stepMs: number): Point[][] {
  const runs: Point[][] = [];
  points.forEach((point, at) => {
    const previous = points[at - 1];
    if (previous !== undefined && point.start - previous.start <= stepMs) runs.at(-1)!.push(point);
    else runs.push([point]);
  });
  return runs;
}

/** A line through the middles of the windows; of a single one a short stroke, since a point alone has no length. */
function linePath(run: readonly CoursePoint[], stepMs: number, { x, y }: Axes): string {
  const [only] = run;
  const places = run.map(({ start, mean }) => [x(start + stepMs / 2), y(mean)]);
  if (run.length === 1 && only) places.push([x(only.start + stepMs), y(only.mean)]);
  return places.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${px!.toFixed(1)} ${py!.toFixed(1)}`).join('');
}

/** The band between the quartiles. */
function rangePath(points: readonly CoursePoint[], stepMs: number, { x, y }: Axes): string {
  const ranged = points.filter((point): point is Required<CoursePoint> => point.range !== undefined);
  return runsOf(ranged, stepMs)
    .map((run) => {
      const middle = (start: number) => x(start + stepMs / 2).toFixed(1);
      const upper = run.map(({ start, range }) => `${middle(start)} ${y(range[1]).toFixed(1)}`);
      const lower = run.map(({ start, range }) => `${middle(start)} ${y(range[0]).toFixed(1)}`).reverse();
      return `M${[...upper, ...lower].join('L')}Z`;
    })
    .join('');
}

/** The next round number above whose quarters are round as well. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map((factor) => factor * power).find((top) => top >= value) ?? value;
}

function gridValues(top: number): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
}

/** Every sixth hour of the local clock; every midnight from two days on, every Monday, then every month, from weeks on. */
function timeMarks(from: number, to: number, format: Format): { at: number; text: string }[] {
  if (to - from > 10 * 24 * HOUR_MS) return dayMarks(from, to, format);
  const isLong = to - from > 48 * HOUR_MS;
  const marks: { at: number; text: string }[] = [];
  for (let whole = Math.ceil(from / HOUR_MS) * HOUR_MS; whole < to + HOUR_MS; whole += HOUR_MS) {
    // Where clocks are half or a quarter of an hour beside UTC, so are their hours.
    const [hour = 0, minute = 0] = format.time(whole).split(':').map(Number);
    const at = whole - minute * MINUTE_MS;
    if (at < from || at > to || hour % (isLong ? 24 : 6) !== 0) continue;
    marks.push({ at, text: isLong ? format.dayShort(at) : format.time(at) });
  }
  return marks;
}

/** A mark each Monday, or each first of a month when there are more than a hundred days. */
function dayMarks(from: number, to: number, format: Format): { at: number; text: string }[] {
  const isYear = to - from > 100 * 24 * HOUR_MS;
  const marks: { at: number; text: string }[] = [];
  for (let at = from; at < to; at += 24 * HOUR_MS) {
    // Noon of the day, whatever the clocks are set to.
    const noon = at + 12 * HOUR_MS;
    const day = new Date(format.isoDate(noon));
    if (isYear ? day.getUTCDate() !== 1 : day.getUTCDay() !== 1) continue;
    marks.push({ at, text: isYear ? format.month(noon) : format.dayShort(noon) });
  }
  return marks;
}

import type { Band } from '../../domain/airQuality.ts';
import type { Format } from './format.ts';
import { type Html, html, raw } from './html.ts';

/** Drawing area in its own units; scales with the page. */
const WIDTH = 640;
const HEIGHT = 230;
const MARGIN = { left: 34, right: 6, top: 8, bottom: 26 };
const HOUR_MS = 3_600_000;
/** Least top of the value axis, so that clean air does not look like a storm. */
const LEAST_TOP = 20;

/** One hourly mean. */
export interface CoursePoint {
  /** Epoch ms. */
  start: number;
  mean: number;
}

/** What the picture shows. */
export interface Course {
  points: readonly CoursePoint[];
  /** Ends of the time axis, epoch ms. */
  from: number;
  to: number;
  bands: readonly Band[];
  format: Format;
  /** Text alternative. */
  summary: string;
}

/** The course as SVG, without scripts and style attributes: what the browser's chart shows, an hour a point. */
export function renderCourse({ points, from, to, bands, format, summary }: Course): Html {
  const top = niceTop(Math.max(LEAST_TOP, ...points.map(({ mean }) => mean)));
  const x = (at: number) => MARGIN.left + ((at - from) / (to - from)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) => HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  return html`<svg class="course" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}" preserveAspectRatio="none">
${bands.filter(({ from: low }) => (low ?? 0) < top).map((band) => renderBand(band, top, y))}
${gridValues(top).map((value) => renderValueLine(value, y(value), format))}
${timeMarks(from, to, format).map(({ at, text }) => renderTimeMark(text, x(at)))}
<path class="course-line" d="${raw(linePath(points, x, y))}"/>
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

function renderTimeMark(text: string, x: number): Html {
  return html`<text class="course-text" x="${x.toFixed(1)}" y="${HEIGHT - 8}" text-anchor="middle">${text}</text>`;
}

/** A line through the means, broken where an hour is missing. */
function linePath(points: readonly CoursePoint[], x: (at: number) => number, y: (value: number) => number): string {
  return points
    .map(({ start, mean }, i) => {
      const previous = points[i - 1];
      const isJoined = previous !== undefined && start - previous.start <= HOUR_MS;
      return `${isJoined ? 'L' : 'M'}${x(start + HOUR_MS / 2).toFixed(1)} ${y(mean).toFixed(1)}`;
    })
    .join('');
}

/** The next round number above: 1, 2 or 5 times a power of ten, in quarters. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 7.5, 10].map((factor) => factor * power).find((top) => top >= value) ?? value;
}

function gridValues(top: number): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
}

/** Every sixth hour of the local clock, or every midnight when the time axis is longer than two days. */
function timeMarks(from: number, to: number, format: Format): { at: number; text: string }[] {
  const isLong = to - from > 48 * HOUR_MS;
  const marks: { at: number; text: string }[] = [];
  for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at <= to; at += HOUR_MS) {
    const time = format.time(at);
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    if (minute !== 0 || hour % (isLong ? 24 : 6) !== 0) continue;
    marks.push({ at, text: isLong ? format.dayShort(at) : time });
  }
  return marks;
}

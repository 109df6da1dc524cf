import { type Html, html } from '../html.ts';
import { cut, wrapped } from './wrapped.ts';

/** Size of a social preview, pixels: what networks ask for. */
export const PREVIEW = { width: 1200, height: 630 };

/** What a social preview says. */
export interface PreviewCard {
  instance: string;
  heading: string;
  /** The figure large, with its unit beside it; empty where there is none. */
  figure: string;
  unit: string;
  /** What the figure is, in a sentence. */
  sentence: string;
  /** What kind of values these are: on every picture that leaves the house. */
  badge: string;
  /** Drawn below, 760 wide and 270 high in its own units. */
  chart?: Html | undefined;
}

/** Letters a line holds: the font has no narrow ones, so this is on the safe side. */
const HEADING = { size: 46, line: 56, letters: 42, most: 2 };
const SENTENCE = { size: 30, line: 42, letters: 66, most: 3 };
const LEFT = 56;

/** The picture that networks show beside a link to us, as SVG: nothing of it is fetched from anywhere. */
export function renderPreview({ instance, heading, figure, unit, sentence, badge, chart }: PreviewCard): string {
  const headings = wrapped(heading, HEADING);
  const sentences = wrapped(sentence, chart === undefined ? { ...SENTENCE, letters: 60, most: 4 } : SENTENCE);
  const headingTop = 130;
  const figureBase = headingTop + headings.length * HEADING.line + (chart === undefined ? 110 : 40);
  const isLarge = chart === undefined && figure !== '';
  const sentenceTop = isLarge ? figureBase + 74 : headingTop + headings.length * HEADING.line + 6;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PREVIEW.width} ${PREVIEW.height}" font-family="DejaVu Sans, sans-serif">
<rect width="${PREVIEW.width}" height="${PREVIEW.height}" fill="#ffffff"/><rect width="${PREVIEW.width}" height="12" fill="#0a5a86"/>
<g fill="#0a5a86"><circle cx="${LEFT + 6}" cy="68" r="5"/><circle cx="${LEFT + 20}" cy="50" r="7.5"/><circle cx="${LEFT + 37}" cy="66" r="10"/></g>
<text x="${LEFT + 62}" y="69" font-size="28" font-weight="700" fill="#15212a">${cut(instance, 40)}</text>
${headings.map((line, at) => html`<text x="${LEFT}" y="${headingTop + at * HEADING.line}" font-size="${HEADING.size}" font-weight="700" fill="#15212a">${line}</text>`)}
${isLarge && html`<text x="${LEFT}" y="${figureBase}" font-size="132" font-weight="700" fill="#15212a">${figure}<tspan font-size="52" font-weight="400" dx="20">${unit}</tspan></text>`}
${sentences.map((line, at) => html`<text x="${LEFT}" y="${sentenceTop + at * SENTENCE.line}" font-size="${SENTENCE.size}" fill="#4d5c67">${line}</text>`)}
${chart && renderChart(chart, sentenceTop + (sentences.length - 1) * SENTENCE.line + 22)}
<rect y="572" width="${PREVIEW.width}" height="58" fill="#15212a"/><text x="${LEFT}" y="610" font-size="27" font-weight="700" fill="#ffffff">${badge}</text>
</svg>`.html;
}

/** As large as the room below the words allows. */
function renderChart(chart: Html, top: number): Html {
  const scale = Math.min((PREVIEW.width - 2 * LEFT) / 760, (566 - top) / 270);
  return html`<g transform="translate(${LEFT - 10} ${top}) scale(${(PREVIEW.width - 2 * LEFT + 10) / 760} ${scale})">${chart}</g>`;
}

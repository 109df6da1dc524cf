import type { AreaFigure } from '../../../areas/areaFigures.ts';
import { bandsOf } from '../../../domain/airQuality.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import { decimalsOf, spanOfValues } from '../../../domain/format.ts';
import { renderCourse } from '../courseSvg.ts';
import { type Html, html } from '../html.ts';
import { limitLine, renderLimitNote } from '../limitChoice.ts';
import { quantityName } from '../station/stationSpeech.ts';
import { type AreaSpeech, spanOf } from './areaSpeech.ts';
import type { AreaView } from './areaView.ts';

/** Course of an area's medians: picture, sentence and table. */
export function renderAreaCourse(view: AreaView, speech: AreaSpeech): Html | undefined {
  const { whole, stations } = view;
  const { words } = speech;
  if (!whole || stations.length === 0) return undefined;
  const points = view.course.filter((figure) => figure.median !== undefined);
  return html`<section class="history" aria-labelledby="course-heading"><h2 class="section-heading" id="course-heading">${words.course}</h2>
${points.length === 0 ? html`<p class="note">${words.noCourse}</p>` : renderPoints(view, points, speech)}
</section>`;
}

function renderPoints(view: AreaView, points: readonly AreaFigure[], speech: AreaSpeech): Html {
  const { quantity, stepMs, area, officials } = view;
  const official = officials.find(({ means }) => means.length > 0);
  const { words, format, language, timeZone } = speech;
  const medians = points.map(({ median }) => median!);
  const name = quantityName(quantity, language);
  const summary = words.courseSummary({
    ...{ quantity: name, area: area.name, span: spanOf(view, speech) },
    range: spanOfValues(format, quantity, medians),
    last: format.value(quantity, medians.at(-1)!),
  });
  const asked = { choice: view.limit, quantity, isOfDays: stepMs > HOUR_MS, now: view.now };
  const picture = renderCourse({
    ...limitLine(asked, speech),
    points: points.map(coursePoint),
    official: official?.means ?? [],
    ...{ stepMs, from: view.whole!.start, to: view.whole!.end, bands: bandsOf('neutral', quantity), format, summary },
  });
  return html`<div class="chart-frame">${picture}</div>
<p class="history-sentence">${summary}</p><p class="note">${words.courseLegend}${official && ` ${words.officialLegend(official.station.name)}`}</p>
${renderLimitNote(asked, language)}
<details class="history-table"><summary>${words.courseTable}</summary>
<table><caption>${words.courseCaption(name, timeZone)}</caption>
<thead><tr><th scope="col">${stepMs > HOUR_MS ? words.day : words.hour}</th>${[words.median, words.lower, words.upper, words.stationCount].map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
<tbody>${[...view.course].reverse().map((figure) => renderRow(figure, view, speech))}</tbody></table></details>`;
}

function coursePoint({ start, median, lowerQuartile, upperQuartile }: AreaFigure) {
  const hasRange = lowerQuartile !== undefined && upperQuartile !== undefined;
  return { start, mean: median!, ...(hasRange && { range: [lowerQuartile, upperQuartile] as const }) };
}

function renderRow(figure: AreaFigure, { quantity, stepMs }: AreaView, { format }: AreaSpeech): Html {
  const { start, median, lowerQuartile, upperQuartile, count } = figure;
  const cells = [median, lowerQuartile, upperQuartile].map((value) =>
    value === undefined ? '–' : format.number(value, decimalsOf(quantity)),
  );
  const when = stepMs > HOUR_MS ? format.date(start + stepMs / 2) : format.dateTime(start);
  return html`<tr><th scope="row">${when}</th>${[...cells, String(count)].map((cell) => html`<td class="number">${cell}</td>`)}</tr>
`;
}

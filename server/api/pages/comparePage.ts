import type { Request, Response } from 'express';
import { AREA_PERIODS, type AreaPeriod, periodBefore } from '../../areas/areaWindows.ts';
import { bandsOf } from '../../domain/airQuality.ts';
import { windowMean } from '../../domain/areaStatistics.ts';
import { decimalsOf } from '../../domain/format.ts';
import { type LimitChoice, limitChoiceOf } from '../../domain/limits/limitChoice.ts';
import { isPublic, STATION_ID, type Station } from '../../domain/station.ts';
import { forOneAnswer, type ReadRollups } from '../../rollups/oneAnswer.ts';
import type { UncertainRow } from '../../rollups/rollups.ts';
import { type AreaQuantity, periodOf } from './area/areaView.ts';
import { renderCourse } from './courseSvg.ts';
import { type Html, html, raw } from './html.ts';
import { limitLine, renderLimitLinks, renderLimitNote } from './limitChoice.ts';
import { renderMeansNotice } from './meansNotice.ts';
import { renderNoStations } from './noStations.ts';
import { pageUrl } from './pageUrls.ts';
import type { Asked, PageWriter } from './pageWriter.ts';
import { de as reportDe } from './report/reportDe.ts';
import { en as reportEn } from './report/reportEn.ts';
import { quantityName } from './station/stationSpeech.ts';
import { AREA_TEXTS } from './texts/areaTexts.ts';
import { COMPARE_TEXTS } from './texts/compareTexts.ts';

/** More lines than this nobody can tell apart. */
export const MAX_COMPARED = 6;
const LETTERS = 'ABCDEF';

/** What the page is made from. */
export interface ComparePageDeps {
  writer: PageWriter;
  rollups: ReadRollups;
  station: (stationId: string) => Station | undefined;
  stations: () => readonly Station[];
  dayOffsetMs: number;
  clock: () => number;
}

/** `/compare?stations=a,b,c`: the hourly or daily means of up to six stations in one picture; the address says all. */
export async function sendCompare(given: ComparePageDeps, request: Request, response: Response): Promise<void> {
  const deps = { ...given, rollups: forOneAnswer(given.rollups) };
  const { writer } = deps;
  const asked = writer.asked(request);
  const words = COMPARE_TEXTS[asked.language];
  const ids = String(request.query.stations ?? '')
    .split(',')
    .filter((id) => STATION_ID.test(id));
  const stations = [...new Set(ids)]
    .flatMap((id) => deps.station(id) ?? [])
    .filter(isPublic)
    .slice(0, MAX_COMPARED);
  const quantity = asked.query.quantity === 'pm10' ? 'pm10' : 'pm25';
  const period = periodOf(asked.query.period);
  // The link to the other language keeps the stations too.
  const query = { ...asked.query, ...(stations.length > 0 && { stations: stations.map(({ id }) => id).join(',') }) };
  writer.send(
    response,
    { ...asked, query },
    {
      kind: 'area',
      title: words.title(writer.instance.name),
      description: words.intro,
      isIndexed: false,
      main: await renderCompare(deps, asked, {
        ...{ stations, hasAsked: ids.length > 0, quantity, period },
        limit: limitChoiceOf(asked.query.limit),
      }),
    },
  );
}

interface Compared {
  stations: readonly Station[];
  /** Whether the address names any, public or not. */
  hasAsked: boolean;
  quantity: AreaQuantity;
  period: AreaPeriod;
  limit: LimitChoice | undefined;
}

async function renderCompare(deps: ComparePageDeps, asked: Asked, compared: Compared): Promise<Html> {
  const words = COMPARE_TEXTS[asked.language];
  const { stations, hasAsked } = compared;
  const hasCitizens = stations.length === 0 || stations.some(({ reference }) => reference === undefined);
  return html`<div class="station-page area-page area-index"><div class="station-top"><h1>${stations.length === 1 ? words.headingOf(stations[0]!.name) : words.heading}</h1></div>
${stations.length === 0 ? html`<p${hasAsked && raw(' class="notice"')}>${hasAsked ? words.none : words.nothingAsked}</p>` : html`${await renderMeans(deps, asked, compared)}${renderChoices(asked, compared)}`}
${renderNoStations(deps.stations(), asked)}
${renderPicker(asked, compared)}
<p class="note">${asked.texts.onlyParticulates}${hasCitizens && ` ${asked.texts.indicative}.`}</p></div>`;
}

function urlOf({ stations, quantity, period, limit }: Compared, { chosenLanguage }: Asked): string {
  const ids = stations.map(({ id }) => id).join(',');
  return pageUrl('/compare', chosenLanguage, { stations: ids, quantity, period, ...(limit && { limit }) });
}

function renderChoices(asked: Asked, compared: Compared): Html {
  const areaWords = AREA_TEXTS[asked.language];
  const link = (to: Compared, text: string, isChosen: boolean) =>
    html`<li><a href="${urlOf(to, asked)}"${isChosen && raw(' aria-current="true"')}>${text}</a></li>`;
  return html`<nav class="area-choices" aria-label="${areaWords.periodLabel}, ${areaWords.quantityLabel}">
<ul>${AREA_PERIODS.map((period) => link({ ...compared, period }, areaWords.period[period], period === compared.period))}</ul>
<ul>${(['pm25', 'pm10'] as const).map((quantity) => link({ ...compared, quantity }, quantityName(quantity, asked.language), quantity === compared.quantity))}</ul>
${renderLimitLinks(compared.limit, asked.language, (limit) => urlOf({ ...compared, limit }, asked))}</nav>`;
}

/** Which stations are compared, to change: by name with the page's script, by id without. */
function renderPicker({ language, chosenLanguage }: Asked, { stations, quantity, period, limit }: Compared): Html {
  const words = COMPARE_TEXTS[language];
  const { fields } = { de: reportDe, en: reportEn }[language];
  const kept = { ...(chosenLanguage && { lang: chosenLanguage }), quantity, period, ...(limit && { limit }) };
  return html`<form class="compare-form" method="get" action="/compare">${Object.entries(kept).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="report-field"><label for="ask-station">${words.choose}</label><input id="ask-station" name="stations" value="${stations.map(({ id }) => id).join(',')}" placeholder="${fields.stationHelp}" data-official data-picker="${fields.stationName}" data-remove="${fields.remove}" autocomplete="off" spellcheck="false"></div>
<p><button class="button is-main" type="submit">${words.show}</button></p></form>`;
}

async function renderMeans(deps: ComparePageDeps, asked: Asked, compared: Compared): Promise<Html> {
  const { stations, quantity, period } = compared;
  const { format, language, chosenLanguage } = asked;
  const words = COMPARE_TEXTS[language];
  const { whole, unit, course } = periodBefore(period, deps.clock(), deps.dayOffsetMs);
  const stationIds = stations.map(({ id }) => id);
  const isUpToDate = await deps.rollups.upToDate({ stationIds, to: whole.end });
  const rows = await deps.rollups.rows({ stationIds, quantity, window: unit, from: whole.start, to: whole.end });
  const lines = stations.map((station, at) => lineOf(station, rows, LETTERS[at]!));
  const stepMs = course[0]!.end - course[0]!.start;
  const summary = words.summary(quantityName(quantity, language), stations.length, unit);
  const held = { choice: compared.limit, quantity, isOfDays: unit === 'day', now: deps.clock() };
  const picture = renderCourse({
    ...limitLine(held, asked),
    ...{ points: [], lines, stepMs, from: whole.start, to: whole.end },
    ...{ bands: bandsOf('neutral', quantity), format, summary },
  });
  const [from, to] = [format.date(whole.start), format.date(whole.end - 1)];
  const caption = words.caption({ quantity: quantityName(quantity, language), from, to });
  const number = (value: number | undefined) =>
    value === undefined ? '–' : format.number(value, decimalsOf(quantity));
  return html`${!isUpToDate && renderMeansNotice(language)}<div class="chart-frame">${picture}</div><p class="history-sentence">${summary}</p>
${renderLimitNote(held, language)}
<div class="table-frame" role="region" aria-label="${caption}" tabindex="0"><table class="compare-table"><caption>${caption}</caption><thead><tr><th scope="col">${words.station}</th>${[words.mean, words.lowest, words.highest, words.parts[unit]].map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
<tbody>${lines.map(({ station, letter, points }) => {
    const means = points.map(({ mean }) => mean);
    const cells = [
      windowMean(means, course.length),
      ...(means.length ? [Math.min(...means), Math.max(...means)] : [undefined, undefined]),
    ];
    return html`<tr><th scope="row"><svg class="line-key" viewBox="0 0 34 8" width="34" height="8" aria-hidden="true"><path class="course-line line-${letter.toLowerCase()}" d="M0 4H34"/></svg> ${letter} <a href="${pageUrl(`/station/${station.id}`, chosenLanguage)}">${station.name}</a>${station.reference && ` (${asked.texts.kind.reference})`}</th>${cells.map((cell) => html`<td class="number">${number(cell)}</td>`)}<td class="number">${means.length} / ${course.length}</td></tr>
`;
  })}</tbody></table></div>`;
}

function lineOf(station: Station, rows: readonly UncertainRow[], letter: string) {
  const own = rows.filter(({ stationId, mean }) => stationId === station.id && mean !== null);
  return { station, letter, points: own.map(({ start, mean }) => ({ start, mean: mean! })) };
}

import { type AreaFigure, type AreaMember, isCounted } from '../../../areas/areaFigures.ts';
import { AREA_PERIODS } from '../../../areas/areaWindows.ts';
import { bandFor, classInWords } from '../../../domain/airQuality.ts';
import { HOUR_MS } from '../../../domain/durations.ts';
import { decimalsOf, spanOfValues } from '../../../domain/format.ts';
import type { PublicNotice } from '../../../domain/operator/publicNotice.ts';
import { printedNote } from '../../../domain/printedNote.ts';
import { type Quantity, UNITS } from '../../../domain/quantity.ts';
import type { Station } from '../../../domain/station.ts';
import { MAX_COMPARED } from '../comparePage.ts';
import { renderDayNotices } from '../dayNotices.ts';
import { type Html, html, raw } from '../html.ts';
import { renderLimitLinks } from '../limitChoice.ts';
import { renderMeansNotice } from '../meansNotice.ts';
import { pageUrl } from '../pageUrls.ts';
import { renderLetterForm } from '../report/letterForm.ts';
import { modelName, renderSwatch } from '../station/stationPage.ts';
import { quantityName, type Speech } from '../station/stationSpeech.ts';
import { AREA_TEXTS, type AreaTexts } from '../texts/areaTexts.ts';
import { COMPARE_TEXTS } from '../texts/compareTexts.ts';
import { unbroken } from '../unbroken.ts';
import { renderAreaCourse } from './areaCourse.ts';
import { renderOfficials } from './areaOfficials.ts';
import { type AreaSpeech, spanOf } from './areaSpeech.ts';
import type { AreaView } from './areaView.ts';

const QUANTITIES = ['pm25', 'pm10'] as const;

/** The main part of an area's page, complete without scripts. */
export function renderArea(
  view: AreaView,
  given: Speech & { address: string; alertsUrl?: string | undefined; notices?: readonly PublicNotice[] },
): Html {
  const speech = { ...given, words: AREA_TEXTS[given.language] };
  const { area } = view;
  return html`<div class="station-page area-page">
<div class="station-top"><h1>${unbroken(area.name)}</h1>
<p class="station-links"><a class="button" href="${mapUrl(view, speech)}">${speech.words.showOnMap}</a></p></div>
${renderDayNotices(given.notices ?? [], speech)}
${view.whole && !view.isUpToDate && renderMeansNotice(given.language)}
<div class="station-columns"><div class="station-main">
${renderHeadline(view, speech)}
${renderAreaCourse(view, speech)}
</div><div class="station-side">
${renderChoices(view, speech)}
${renderLinks(view, given.alertsUrl, speech)}
${renderBasis(view, speech)}
</div></div>
${renderOfficials(view, speech)}
${renderStations(view, speech)}
${given.alertsUrl !== undefined && renderLetterForm({ ...speech, area, privacy: speech.texts.footer.privacy })}
<p class="printed-note">${printedNote(view.now, given.address, speech)}</p></div>`;
}

/** What leads on from the figure: to quote it, to read of it, to be told. */
function renderLinks(
  { area, quantity, closedDays }: AreaView,
  alertsUrl: string | undefined,
  speech: AreaSpeech,
): Html {
  const { words, texts, chosenLanguage } = speech;
  const link = (path: string, text: string, query: Record<string, string> = {}) =>
    html`<a class="button" href="${pageUrl(path, chosenLanguage, query)}">${text}</a>`;
  return html`<p class="station-links">${link('/report', texts.report, { area: area.id, quantity, ...closedDays })}${link(`/area/${area.id}/letter`, words.letter)}${alertsUrl !== undefined && link(alertsUrl, texts.alertHere, { area: area.id, quantity })}${link('/area', words.allAreas)}</p>`;
}

function mapUrl({ area }: AreaView, { chosenLanguage }: AreaSpeech): string {
  const { west, south, east, north } = area.box;
  const at = [(south + north) / 2, (west + east) / 2].map((degrees) => degrees.toFixed(4));
  return `${pageUrl('/', chosenLanguage)}#13/${at.join('/')}`;
}

function urlOf(
  { area, quantity, period, limit }: Pick<AreaView, 'area' | 'quantity' | 'period' | 'limit'>,
  language: AreaSpeech['chosenLanguage'],
): string {
  return pageUrl(`/area/${area.id}`, language, { quantity, period, ...(limit && { limit }) });
}

/** Links, not buttons: they work without scripts, and each address shows the same thing to everybody. */
function renderChoices(view: AreaView, { words, language, chosenLanguage }: AreaSpeech): Html {
  const { area, quantity, period, limit } = view;
  const link = (query: Pick<AreaView, 'quantity' | 'period'>, text: string, isChosen: boolean) =>
    html`<li><a href="${urlOf({ area, limit, ...query }, chosenLanguage)}"${isChosen && raw(' aria-current="true"')}>${text}</a></li>`;
  return html`<nav class="area-choices" aria-label="${words.periodLabel}, ${words.quantityLabel}">
<ul>${AREA_PERIODS.map((each) => link({ quantity, period: each }, words.period[each], each === period))}</ul>
<ul>${QUANTITIES.map((each) => link({ quantity: each, period }, quantityName(each, language), each === quantity))}</ul>
${renderLimitLinks(limit, language, (choice) => urlOf({ area, quantity, period, limit: choice }, chosenLanguage))}
</nav>`;
}

function renderHeadline(view: AreaView, speech: AreaSpeech): Html {
  const { whole, quantity, area, stations } = view;
  const { texts, words, format, language } = speech;
  if (stations.length === 0) return html`<p class="notice">${words.noStations}</p>`;
  if (!whole) return html`<p class="notice">${words.storeAway}</p>`;
  const name = quantityName(quantity, language);
  const notes = html`${quantity === 'pm10' && html`<p class="note">${texts.pm10Note}</p>`}
<p class="note">${words.places}</p><p class="note">${texts.onlyParticulates} ${texts.indicative}.</p>`;
  if (whole.median === undefined) {
    return html`<div class="value-headline is-none"><p class="value-label">${name}</p>
<p class="value-state">${words.tooFew({ count: whole.count, total: stations.length })}</p>${notes}</div>`;
  }
  const band = bandFor('neutral', quantity, whole.median);
  return html`<div class="value-headline">
<p class="value-label">${words.figureLabel({ quantity: name, count: whole.count, area: area.name })}</p>
<p class="value-figure"><span class="figure-number">${format.number(whole.median, decimalsOf(quantity))}</span> <span class="figure-unit">${UNITS[quantity]}</span>
${band && html`<span class="class-chip">${renderSwatch(band)}${classInWords(band, language, UNITS[quantity])}</span>`}</p>
<p class="value-basis">${words.ownMean(spanOf(view, speech))} ${rangeSentence(whole, quantity, speech)}</p>
${notes}</div>`;
}

function rangeSentence(
  { lowerQuartile, upperQuartile }: AreaFigure,
  quantity: Quantity,
  { words, format }: AreaSpeech,
) {
  if (lowerQuartile === undefined || upperQuartile === undefined) return words.noBand;
  return words.middleHalf(spanOfValues(format, quantity, [lowerQuartile, upperQuartile]));
}

function renderStations(view: AreaView, speech: AreaSpeech): Html | undefined {
  const { stations, whole, quantity, stepMs } = view;
  const { words, language } = speech;
  if (!whole || stations.length === 0) return undefined;
  const isOfDays = stepMs > HOUR_MS;
  const caption = words.stationsCaption(quantityName(quantity, language), spanOf(view, speech));
  const heads = [words.meanColumn, isOfDays ? words.daysColumn : words.hoursColumn];
  return html`<section class="area-stations"><h2 class="section-heading" id="stations-heading">${words.stations}</h2>
${renderCompareLink(view, speech)}
<div class="table-frame" role="region" aria-labelledby="stations-heading" tabindex="0"><table><caption>${caption}</caption>
<thead><tr><th scope="col">${words.stationColumn}</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}<th scope="col">${words.sensorColumn}</th></tr></thead>
<tbody>${stations.map((station, at) => renderStation(station, whole.members[at]!, { quantity, speech }))}</tbody></table></div></section>`;
}

/** The first six that count, in one picture. */
function renderCompareLink({ stations, whole, quantity, period }: AreaView, { language, chosenLanguage }: AreaSpeech) {
  const counted = stations
    .filter((_, at) => whole !== undefined && isCounted(whole.members[at]!))
    .slice(0, MAX_COMPARED);
  if (counted.length < 2) return undefined;
  const query = { stations: counted.map(({ id }) => id).join(','), quantity, period };
  return html`<p><a href="${pageUrl('/compare', chosenLanguage, query)}">${COMPARE_TEXTS[language].heading}</a></p>`;
}

function renderStation(
  station: Station,
  member: AreaMember,
  { quantity, speech }: { quantity: Quantity; speech: AreaSpeech },
): Html {
  const { texts, words, format, chosenLanguage } = speech;
  const { mean, parts } = member;
  const siting = station.siting ? texts.siting[station.siting] : words.unknownSiting;
  const why = isCounted(member) ? undefined : words.notCounted[reasonOf(member)];
  return html`<tr${why !== undefined && raw(' class="is-left-out"')}><th scope="row"><a href="${pageUrl(`/station/${station.id}`, chosenLanguage)}">${station.name}</a></th><td class="number">${mean === undefined ? '–' : format.number(mean, decimalsOf(quantity))}${why !== undefined && html` <span class="why">${why}</span>`}</td><td class="number parts">${parts.valid} / ${parts.of}</td><td>${member.sensorModel === 'unknown' ? words.unknownSensor : modelName(member.sensorModel)} <span class="why">${siting}</span></td></tr>
`;
}

function reasonOf({ isIndoor, isExcluded }: AreaMember): keyof AreaTexts['notCounted'] {
  if (isExcluded) return 'excluded';
  return isIndoor ? 'indoor' : 'invalid';
}

function renderBasis(view: AreaView, speech: AreaSpeech): Html {
  const { whole, stations, quantity, area, period } = view;
  const { words, chosenLanguage } = speech;
  const window = period === '24h' || period === '7d' ? '1h' : '1d';
  const from = whole && new Date(whole.start).toISOString();
  const to = whole && new Date(whole.end).toISOString();
  const file = `/api/v1/areas/${area.id}/series?${new URLSearchParams({ quantity, window, format: 'csv', ...(from && to && { from, to }) })}`;
  return html`<section class="station-facts" aria-labelledby="basis-heading"><h2 class="section-heading" id="basis-heading">${words.basisHeading}</h2>
${whole && stations.length > 0 && renderFacts(whole, { total: stations.length, quantity, speech })}
<p><a href="${file}" download>${words.downloadCsv}</a></p>
<p><a href="${pageUrl('/methods', chosenLanguage)}#area-median">${words.methods}</a></p></section>`;
}

function renderFacts(
  whole: AreaFigure,
  { total, quantity, speech }: { total: number; quantity: Quantity; speech: AreaSpeech },
): Html {
  const { words, format, texts } = speech;
  const { count, tolerates, uncertainty, min, max } = whole;
  const isNumber = whole.median !== undefined;
  const left = (Object.keys(words.leftOut) as (keyof AreaTexts['leftOut'])[]).filter((why) => whole.leftOut[why] > 0);
  const models = counted(whole.sensorModels, modelName);
  const sitings = counted(whole.sitings, (siting) =>
    siting in texts.siting ? texts.siting[siting as keyof typeof texts.siting] : words.notStated,
  );
  return html`<p>${words.basis({ count, total })}</p>
${left.length > 0 && html`<ul class="left-out">${left.map((why) => html`<li>${words.leftOut[why](whole.leftOut[why])}</li>`)}</ul>`}
${isNumber && uncertainty !== undefined && html`<p>${words.uncertainty(format.value(quantity, uncertainty), whole.comparedWith)}</p>`}
${isNumber && html`<p>${words.tolerates(count, tolerates)}</p>`}
${min !== undefined && max !== undefined && html`<p>${words.extremes(spanOfValues(format, quantity, [min, max]))}</p>`}
${count > 0 && html`<dl><dt>${words.sensors}</dt><dd>${models}</dd><dt>${words.sitings}</dt><dd>${sitings}</dd></dl>`}`;
}

/** `14 Nova SDS011, 2 Sensirion SPS30`, the most frequent first. */
function counted(counts: Readonly<Record<string, number>>, nameOf: (key: string) => string): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => `${count}\u00a0${nameOf(key)}`)
    .join(', ');
}

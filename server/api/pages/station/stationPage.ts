import { type Band, bandFor, classInWords } from '../../../domain/airQuality.ts';
import { objectionTo, saysDoubtful } from '../../../domain/assessment/flagWords.ts';
import { SENSOR_COMMUNITY } from '../../../domain/credit.ts';
import { decimalsOf } from '../../../domain/format.ts';
import { exclusionText } from '../../../domain/operator/exclusion.ts';
import { printedNote } from '../../../domain/printedNote.ts';
import { QUANTITIES, UNITS } from '../../../domain/quantity.ts';
import { instrumentModels, SENSOR_MODELS } from '../../../domain/sensorModel.ts';
import type { Station } from '../../../domain/station.ts';
import { publishedSensors } from '../../stations/stationViews.ts';
import { renderDayNotices } from '../dayNotices.ts';
import { embedJson, type Html, html } from '../html.ts';
import { renderMeansNotice } from '../meansNotice.ts';
import { pageUrl } from '../pageUrls.ts';
import { creditWords } from '../sensorCommunityCredit.ts';
import type { PageTexts } from '../texts/pageTexts.ts';
import { unbroken } from '../unbroken.ts';
import { HUMID_PERCENT, VERY_HUMID_PERCENT } from './figures.ts';
import { officialFacts } from './officialFacts.ts';
import { stateSentences } from './stateSentences.ts';
import { renderComparison } from './stationComparison.ts';
import { renderDays } from './stationDays.ts';
import { renderHistory } from './stationHistory.ts';
import { renderIndices } from './stationIndices.ts';
import { quantityName, type Speech } from './stationSpeech.ts';
import type { StationView } from './stationView.ts';

/** The main part of a station's page, complete without scripts. The browser's views replace it by the same, live. */
export function renderStation(view: StationView, speech: Speech & { address: string }): Html {
  const { station } = view;
  const area = view.area && { id: view.area.id, name: view.area.name };
  const start = { id: station.id, name: station.name, ...view.position, ...(area && { area }) };
  return html`<script type="application/json" id="station">${embedJson(start)}</script>
<div id="app" class="station-page">
<div class="station-top"><h1>${station.name}</h1>
<p class="station-links"><a class="button" href="${pageUrl('/', speech.chosenLanguage, { station: station.id })}">${speech.texts.showOnMap}</a></p></div>
${renderExclusion(station, speech)}
${renderDayNotices(speech.notices ?? [], speech)}
<div class="station-columns"><div class="station-main">
${renderHeadline(view, speech)}
${renderComparison(view, speech)}
${renderHumidity(view, speech)}
${view.hours && !view.isUpToDate && renderMeansNotice(speech.language)}
${renderHistory(view, speech)}
${renderDays(view.days, speech)}
</div><div class="station-side">
${renderSnapshots(view, speech)}
${view.indices && renderIndices(view.indices, speech)}
${renderFacts(view, speech)}
</div></div>
<p class="printed-note">${printedNote(view.now, speech.address, speech)}</p></div>`;
}

function renderExclusion(station: Station, { texts, format, language }: Speech): Html | undefined {
  const reason = exclusionText(station, language);
  if (reason === undefined) return undefined;
  const since = station.exclusion && format.date(station.exclusion.since);
  return html`<p class="notice exclusion-notice">${texts.excluded({ reason, since })}</p>`;
}

function renderHeadline(view: StationView, { texts, format, language }: Speech): Html {
  const { aggregate, quantity, average, state, now } = view;
  const value = aggregate?.value;
  const band = state === 'ok' ? bandFor('neutral', quantity, value) : undefined;
  const age = aggregate && texts.ago(Math.max(0, (now - aggregate.lastMeasuredAt) / 1000));
  const objection = objectionTo(view.latest[quantity]?.flags ?? [], language);
  const sentences = stateSentences(texts, state, objection);
  return html`<div class="value-headline is-${state}">
<p class="value-label">${quantityName(quantity, language)}, ${view.station.reference ? officialLabel(view, texts) : texts.average[average]}</p>
<p class="value-figure"><span class="figure-number">${value === undefined ? '–' : format.number(value, decimalsOf(quantity))}</span>
${value !== undefined && html`<span class="figure-unit">${UNITS[quantity]}</span>`}
<span class="class-chip">${band && renderSwatch(band)}${band ? classInWords(band, language, UNITS[quantity]) : texts.state[state]}</span></p>
${sentences.map((sentence) => html`<p class="value-state">${sentence}</p>`)}
<p class="value-basis">${aggregate && average !== 'latest' && aggregate.count > 0 && !view.station.reference && `${coverageSentence(view, { texts, format })} `}${age ? texts.lastSeen(age) : texts.neverSeen(quantityName(quantity, language))}.</p>
${quantity === 'pm10' && html`<p class="note">${texts.pm10Note}</p>`}
<p class="note">${texts.onlyParticulates}</p>
</div>`;
}

/** What the value is, where there is one; else whose it would be. */
function officialLabel({ aggregate }: StationView, texts: Speech['texts']): string {
  return aggregate?.value === undefined ? texts.kind.reference : texts.officialHour;
}

function coverageSentence({ aggregate }: StationView, { texts, format }: Pick<Speech, 'texts' | 'format'>): string {
  const { count = 0, expected = 0, coverage = 0 } = aggregate ?? {};
  return texts.coverageSentence({
    count: format.number(count, 0),
    expected: format.number(expected, 0),
    percent: format.percent(Math.floor(coverage * 100) / 100),
  });
}

/** A patch in the class colour: SVG, because the content policy forbids style attributes. */
export function renderSwatch({ colour }: Band): Html {
  return html`<svg class="swatch" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><rect width="14" height="14" rx="3" fill="${colour}"/></svg>`;
}

function renderHumidity({ latest }: StationView, { texts, format }: Speech): Html | undefined {
  const { humidity } = latest;
  if (!humidity || humidity.value < HUMID_PERCENT || saysDoubtful(humidity.flags)) return undefined;
  const percent = format.value('humidity', humidity.value);
  return html`<p class="notice is-humid"><span>${humidity.value >= VERY_HUMID_PERCENT ? texts.veryHumid(percent) : texts.humid(percent)}</span></p>`;
}

function renderObjection(objection: string | undefined): Html | undefined {
  return objection === undefined ? undefined : html` <span class="snapshot-objection">${objection}</span>`;
}

function renderSnapshots({ latest }: StationView, { texts, format, language }: Speech): Html | undefined {
  const measured = QUANTITIES.flatMap((quantity) => {
    const value = latest[quantity];
    return value ? [{ quantity, ...value }] : [];
  });
  if (measured.length === 0) return undefined;
  return html`<section class="snapshots" aria-labelledby="snapshots-heading"><h2 class="section-heading" id="snapshots-heading">${texts.snapshots}</h2>
<table><caption>${texts.snapshotsNote}</caption><tbody>
${measured.map(
  ({
    quantity,
    value,
    measuredAt,
    flags,
  }) => html`<tr><th scope="row">${quantityName(quantity, language)}</th><td class="number">${format.value(quantity, value)}${renderObjection(objectionTo(flags, language))}</td><td class="snapshot-time"><time datetime="${measuredAt}">${format.clock(Date.parse(measuredAt))}</time></td></tr>
`,
)}</tbody></table></section>`;
}

function renderFacts(
  { station, latest, area, coverage24h, quantity, near, officialSpans }: StationView,
  speech: Speech,
): Html {
  const { texts, format, chosenLanguage } = speech;
  const facts: [string, string | Html][] = [];
  if (area)
    facts.push([
      texts.fact.area,
      html`<a href="${pageUrl(`/area/${area.id}`, chosenLanguage)}">${unbroken(area.name)}</a>`,
    ]);
  const models = instrumentModels(station.sensorModels, publishedSensors(station, latest));
  if (models.length > 0) facts.push([texts.fact.sensors, models.map(modelName).join(', ')]);
  if (station.heightClass) facts.push([texts.fact.height, texts.heightClass[station.heightClass]]);
  if (station.siting) facts.push([texts.fact.siting, texts.siting[station.siting]]);
  if (station.reference) facts.push(...officialFacts(station.reference, texts));
  else facts.push([texts.fact.coverage, format.percent(coverage24h)]);
  facts.push([texts.fact.place, texts.position]);
  facts.push([texts.fact.source, texts.source[station.source]]);
  facts.push([texts.fact.licence, station.licence]);
  return html`<section class="station-facts" aria-labelledby="facts-heading"><h2 class="section-heading" id="facts-heading">${texts.details}</h2>
<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
${renderCredit(station, texts)}
<p class="note">${station.reference ? texts.official(station.reference.network, officialSpans) : `${texts.indicative}.`}</p>
<p><a href="/api/v1/stations/${station.id}/series?quantity=${quantity}&amp;window=raw&amp;format=csv" download>${texts.download}</a></p>
<p><a href="${pageUrl('/compare', chosenLanguage, { stations: station.id, quantity: quantity === 'pm10' ? 'pm10' : 'pm25', period: '30d' })}">${texts.dailyMeans}</a></p>
${station.reference === undefined && html`<p><a href="${pageUrl('/report', chosenLanguage, { station: station.id, quantity })}">${texts.report}</a></p>`}
${renderNear(near, speech)}</section>`;
}

/** The nearest stations, with their distance. */
function renderNear(near: StationView['near'], { texts, format, chosenLanguage }: Speech): Html | undefined {
  if (near.length === 0) return undefined;
  return html`<h2 class="section-heading">${texts.fact.neighbours}</h2><ul class="neighbours">${near.map(
    ({ id, name, kind, distanceMetres }) =>
      html`<li><span class="neighbour-name"><a href="${pageUrl(`/station/${id}`, chosenLanguage)}">${name}</a>${kind === 'reference' && ` (${texts.kind.reference})`}</span><span>${format.number(distanceMetres / 1000, 1)} km</span></li>`,
  )}</ul>`;
}

function renderCredit(station: Station, texts: PageTexts): Html | undefined {
  const words = creditWords(station, texts);
  if (words === undefined) return undefined;
  const { name, url, licence, licenceUrl } = SENSOR_COMMUNITY;
  return html`<p class="note">${words} <a href="${url}">${name}</a>, <a href="${licenceUrl}" rel="license">${licence}</a>.</p>`;
}

/** `Nova SDS011` for `sds011` or `sds011-2`; unknown ones as they call themselves. */
export function modelName(sensor: string): string {
  const id = sensor.split('-')[0];
  return SENSOR_MODELS.find((model) => model.id === id)?.name ?? sensor.toUpperCase();
}

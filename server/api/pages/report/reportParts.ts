import type { OfficialComparison, ReferenceCheck } from '../../../citation/bundle.ts';
import { spanOfValues } from '../../../domain/format.ts';
import { dayLedger } from '../../../domain/limits/dayLedger.ts';
import { isAbove } from '../../../domain/limits/limits.ts';
import { placesShowing } from '../../../domain/limits/roundingRule.ts';
import type { Language } from '../../../domain/names.ts';
import { EXCLUSION_REASONS, type ExclusionReason } from '../../../domain/operator/exclusion.ts';
import { ledgerDay } from '../../../domain/report/figure.ts';
import type { ReportDay } from '../../../domain/report/figureTypes.ts';
import { limitOfRule, RULES } from '../../../domain/report/frozenLimit.ts';
import type { Choices } from '../../../domain/report/question.ts';
import { REFERENCE_TYPES } from '../../../domain/station.ts';
import { unconfirmedMark } from '../../../domain/verification.ts';
import { questionParameters } from '../../../report/questionUrl.ts';
import { type Html, html, raw } from '../html.ts';
import { pageUrl } from '../pageUrls.ts';
import { unbroken } from '../unbroken.ts';
import type { AnswerView, ReportSpeech } from './answerView.ts';
import { renderCalendar, renderReportChart } from './chartSvg.ts';
import { chartSummary, comparisonSentences, coverageText, dateText, figureSentence, headingText } from './sentences.ts';

/** The figure and the comparison, as sentences; the first thing a reader sees. */
export function renderLead(view: AnswerView, speech: ReportSpeech): Html {
  const comparison = comparisonSentences(view, speech);
  const { quantity } = view.question;
  return html`<div class="report-lead"><p class="report-figure">${unbroken(figureSentence(view, speech))}</p>
${comparison.length > 0 && html`<p class="report-comparison">${comparison.join(' ')}</p>`}
<p class="note">${view.limit !== null && `${speech.words.legal} `}${quantity === 'pm10' && `${speech.texts.pm10Note} `}${speech.texts.onlyParticulates}</p></div>`;
}

/** The course as a picture with its key. */
export function renderChart(view: AnswerView, speech: ReportSpeech): Html {
  const { words, format } = speech;
  const { figure, limit, question } = view;
  const summary = chartSummary(view, speech);
  const hasDays = figure.days.some(({ value }) => value !== null);
  const picture = { days: figure.days, quantity: question.quantity, limit, format, summary };
  return html`<section aria-labelledby="chart-heading"><h2 class="section-heading" id="chart-heading">${words.chart}</h2>
${hasDays ? html`<div class="report-picture">${renderReportChart(picture)}</div>` : html`<p class="notice">${words.noChart}</p>`}
${hasDays && html`<p class="note">${summary} ${legendOf(view, speech)}</p>`}</section>`;
}

function legendOf({ figure, limit }: AnswerView, { words }: ReportSpeech): string {
  const { line, band, limit: value, gap, above } = words.chartLegend;
  const hasBand = figure.days.some(({ lower }) => lower !== null);
  const isDaily = limit?.averaging === 'day';
  return [
    `—\u00a0${line}`,
    hasBand && `▒\u00a0${band}`,
    isDaily && `-\u00a0-\u00a0${value}`,
    isDaily && `▲\u00a0${above}`,
    figure.days.some((day) => day.value === null) && `░\u00a0${gap}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Days above the daily values of every rule, counted from the days shown. */
export function renderRules(
  { question, figure }: AnswerView,
  { words, format, language }: ReportSpeech,
): Html | undefined {
  if (figure.days.every(({ value }) => value === null)) return undefined;
  const rows = RULES.map((rule) => {
    const limit = limitOfRule(rule, question.quantity, { averaging: 'day', on: question.to });
    if (limit === undefined)
      return html`<tr><th scope="row">${unbroken(words.ruleNames[rule] ?? rule)}</th><td colspan="4">${words.noDailyRule}</td></tr>`;
    const mark = unconfirmedMark(limit)?.[language];
    const { above, aboveAtLeast, aboveAtMost } = dayLedger(limit, figure.days.map(ledgerDay));
    return html`<tr><th scope="row">${unbroken(words.ruleNames[rule] ?? rule)}${mark && ` (${mark})`}</th><td class="number">${format.number(limit.value, 0)}\u202fµg/m³</td><td class="number">${above}</td><td class="number">${aboveAtLeast === aboveAtMost ? above : `${aboveAtLeast}–${aboveAtMost}`}</td><td class="number">${limit.permittedExceedances ?? 0}</td></tr>`;
  });
  return html`<section class="report-rules" aria-labelledby="rules-heading"><h2 class="section-heading" id="rules-heading">${words.rules}</h2>
<div class="table-frame" tabindex="0" role="group" aria-label="${words.rules}"><table class="report-table"><caption>${words.rulesCaption}</caption>${headRow(words.rulesColumns, [1, 2, 3, 4])}<tbody>${rows}</tbody></table></div></section>`;
}

/** The calendar of days and all of them as a table. */
export function renderDays(view: AnswerView, speech: ReportSpeech): Html | undefined {
  const { figure, question, limit } = view;
  const { words, format } = speech;
  if (figure.days.every(({ value }) => value === null)) return undefined;
  const years = groupByYear(figure.days);
  return html`<section class="report-calendar" aria-labelledby="days-heading"><h2 class="section-heading" id="days-heading">${words.calendar}</h2>
${years.map(([year, days]) => html`<h3 class="calendar-year">${year}</h3><div class="table-frame" tabindex="0" role="group" aria-label="${words.calendar} ${year}">${renderCalendar({ days, quantity: question.quantity, limit, format, summary: `${year}: ${chartSummary(view, speech)}` })}</div>`)}
<p class="note">${words.calendarLegend}</p>
<details class="report-days"><summary>${words.calendarTable}</summary><div class="table-frame" tabindex="0" role="group" aria-label="${words.calendarTable}"><table class="report-table">${headRow(words.dayColumns, [1, 2, 3])}<tbody>${figure.days.map((day) => renderDay(day, view, speech))}</tbody></table></div></details></section>`;
}

function renderDay(day: ReportDay, { limit }: AnswerView, speech: ReportSpeech): Html {
  const { words, format } = speech;
  const { value, uncertainty, n } = day;
  const isDaily = limit?.averaging === 'day';
  const state = value === null ? 'no-coverage' : isDaily && isAbove(limit, value) === true ? 'above' : 'not-above';
  const marks = [
    day.isHumid && words.marks.humid,
    day.isFlagged && words.marks.flagged,
    day.isAnnotated && words.marks.annotated,
  ];
  const number = (each: number | null, digits = 1) => (each === null ? '–' : format.number(each, digits));
  const places = value === null || !isDaily ? 1 : placesShowing(limit.rounding, value, 1);
  const comparison = value === null || isDaily ? words.dayState[state] : '–';
  return html`<tr><th scope="row">${dateText(day.date, speech)}</th><td class="number">${number(value, places)}</td><td class="number">${number(uncertainty)}</td><td class="number">${n}</td><td>${comparison}</td><td>${marks.filter(Boolean).join(', ')}</td></tr>
`;
}

function groupByYear(days: readonly ReportDay[]): [string, ReportDay[]][] {
  const years = new Map<string, ReportDay[]>();
  for (const day of days) {
    const year = day.date.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), day]);
  }
  return [...years];
}

/** Without a value, no day above may mean that no day was counted: that is shown as unknown, not as a zero. */
function daysText(above: number | null, value: number | null): number | '–' {
  return above === null || (above === 0 && value === null) ? '–' : above;
}

/** The question under every other defensible choice. */
export function renderGegenprobe(view: AnswerView, speech: ReportSpeech): Html {
  const { question, gegenprobe, limit, reference } = view;
  const { words, format, chosenLanguage } = speech;
  const isExtra = reference !== null && question.choices.values !== 'reference-ratio';
  const outcomes = [...gegenprobe.outcomes, ...(isExtra ? [reference.outcome] : [])];
  const isDaily = limit?.averaging === 'day';
  const rows = outcomes.map(({ choices, value, n, above, finding }, at) => {
    const url = pageUrl('/report', chosenLanguage, questionParameters({ ...question, choices }));
    const isReference = reference !== null && choices.values === 'reference-ratio';
    const name =
      at === 0
        ? words.gegenprobeOwn
        : isReference && isExtra
          ? words.reference.row(referenceNames(reference))
          : differenceText(question.choices, choices, speech);
    return html`<tr${at === 0 && raw(' class="is-own"')}><th scope="row"><a href="${url}">${name}</a></th><td class="number">${value === null ? '–' : format.number(value, 1)}</td><td class="number">${n}</td><td class="number">${isDaily ? daysText(above, value) : '–'}</td><td>${words.findingWord[finding]}</td></tr>`;
  });
  return html`<section class="report-gegenprobe" aria-labelledby="gegenprobe-heading"><h2 class="section-heading" id="gegenprobe-heading">${words.gegenprobe}</h2>
<p>${holdsText(isExtra ? withReference(gegenprobe, reference) : gegenprobe, words)} ${rangeText(view, speech)}</p>
<div class="table-frame"><table class="report-table"><caption>${words.gegenprobeIntro}</caption>${headRow(words.gegenprobeColumns, [1, 2, 3])}<tbody>${rows}</tbody></table></div>
${reference !== null && html`<p class="note">${referenceNote(reference, speech)}</p>`}</section>`;
}

function withReference(gegenprobe: AnswerView['gegenprobe'], { holds, of }: ReferenceCheck): AnswerView['gegenprobe'] {
  return { ...gegenprobe, holds: gegenprobe.holds + holds, of: gegenprobe.of + of };
}

function referenceNote(reference: ReferenceCheck, { words, format }: ReportSpeech): string {
  const { shareFromOthers, method = 'reference-ratio-1' } = reference;
  return words.reference.note({ names: referenceNames(reference), share: format.percent(shareFromOthers), method });
}

/** The official stations by name; of many, the one that counts most. */
function referenceNames({ references }: ReferenceCheck): string {
  const [first, ...others] = references.map(({ name, operator }) => (operator === '' ? name : `${name} (${operator})`));
  return others.length === 0 ? (first ?? '') : `${first} + ${others.length}`;
}

function holdsText({ outcomes, holds, of }: AnswerView['gegenprobe'], words: ReportSpeech['words']): string {
  const own = outcomes[0]?.finding;
  if (of === 0) return words.holdsNothing;
  return own === 'open' || own === 'none' ? words.holdsOpen(of) : words.holds({ holds, of });
}

/** How far the figure itself depends on how it is computed; nothing where only one way comes to one. */
function rangeText({ gegenprobe, question }: AnswerView, { words, format }: ReportSpeech): string {
  const values = gegenprobe.outcomes.flatMap(({ value }) => value ?? []);
  if (values.length < 2) return '';
  return words.valueRange(spanOfValues(format, question.quantity, values));
}

function differenceText(own: Choices, other: Choices, { words }: ReportSpeech): string {
  const changed = (Object.keys(own) as (keyof Choices)[]).filter((name) => own[name] !== other[name]);
  return changed.map((name) => (words.choices[name] as Record<string, string>)[other[name]]!).join(', ');
}

/** Stations, coverage, what was left out and why. */
export function renderQuality(view: AnswerView, speech: ReportSpeech, more: readonly string[] = []): Html {
  const { figure, stations } = view;
  const { words, format } = speech;
  const lastYear = stations.filter((station) => station?.facts.validLastYear === true).length;
  const sentence = words.coverage({
    n: figure.n,
    of: figure.of,
    valid: format.number(figure.validHours, 0),
    possible: format.number(figure.possibleHours, 0),
    percent: coverageText(figure, speech),
  });
  const lines = [sentence, ...(lastYear > 0 ? [words.lastYear(lastYear)] : []), ...more];
  return html`<section aria-labelledby="quality-heading"><h2 class="section-heading" id="quality-heading">${words.quality}</h2>
${lines.map((line) => html`<p>${line}</p>`)}
${stations.length > 0 && html`<div class="table-frame report-stations"><table class="report-table">${headRow(words.stationColumns, [1, 2])}<tbody>${byName(stations).map((station) => renderStation(station, view, speech))}</tbody></table></div>`}</section>`;
}

/** As readers look for them; those whose name is no longer told come last. */
function byName(stations: AnswerView['stations']): AnswerView['stations'] {
  const named = stations.filter((station) => station?.place);
  const unnamed = stations.filter((station) => !station?.place);
  const nameOf = (station: AnswerView['stations'][number]) => station?.place?.name ?? '';
  return [...named.sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'de', { numeric: true })), ...unnamed];
}

function exclusionReason(reason: string, language: Language): string {
  return Object.hasOwn(EXCLUSION_REASONS, reason) ? EXCLUSION_REASONS[reason as ExclusionReason][language] : reason;
}

function renderStation(
  station: AnswerView['stations'][number],
  { question }: AnswerView,
  { words, format, texts, language, chosenLanguage }: ReportSpeech,
): Html {
  if (station === null)
    return html`<tr><th scope="row">${words.withdrawnStation}</th><td class="number">–</td><td class="number">–</td><td></td></tr>`;
  const { place, facts, numbers } = station;
  const isSingle = 'stationIds' in question.place && question.place.stationIds.length === 1;
  const name =
    place === null
      ? words.withheldStation
      : html`<a href="${pageUrl(`/station/${place.stationId}`, chosenLanguage)}">${place.name}</a>`;
  const notes = [
    facts.excludedFor !== null && words.leftOut.excluded(exclusionReason(facts.excludedFor, language)),
    facts.isIndoor && !isSingle && words.leftOut.indoor,
    numbers.mean === null && words.leftOut.invalid,
    facts.siting && texts.siting[facts.siting],
  ];
  return html`<tr><th scope="row">${name}</th><td class="number">${numbers.mean === null ? '–' : format.number(numbers.mean, 1)}</td><td class="number">${numbers.validDays}</td><td>${notes.filter(Boolean).join('; ')}</td></tr>
`;
}

/** Official values, method, licence. */
export function renderGround(view: AnswerView, speech: ReportSpeech): Html {
  const { words, chosenLanguage } = speech;
  const { methods, official, licences, limitsCheckedOn } = view;
  const { report = '', ...parts } = methods;
  const sentence = official === null ? words.noOfficial : officialText(view, official, speech);
  return html`<section${official === null && raw(' class="not-printed"')} aria-labelledby="official-heading"><h2 class="section-heading" id="official-heading">${words.official}</h2><p>${sentence}</p></section>
<section aria-labelledby="method-heading"><h2 class="section-heading" id="method-heading">${words.method}</h2><p>${words.methodText({ report, list: Object.values(parts).join(', ') })} ${words.checked(dateText(limitsCheckedOn, speech))}</p><p class="not-printed"><a href="${pageUrl('/methods', chosenLanguage)}">${words.methodsLink}</a></p></section>
${licences.length > 0 && html`<section aria-labelledby="licence-heading"><h2 class="section-heading" id="licence-heading">${words.licence}</h2><p>${words.licences(licences)}${official !== null && ` ${official.name}: ${official.operator}.`}</p></section>`}`;
}

function officialText(
  { question }: AnswerView,
  official: OfficialComparison,
  { words, texts, format }: ReportSpeech,
): string {
  const { days, hours, placeMean, officialMean, name, operator } = official;
  const { distanceMetres: metres } = official;
  const distance =
    metres === null
      ? ''
      : words.officialAway(
          metres < 100 ? `<\u202f${format.number(0.1, 1)}\u202fkm` : `${format.number(metres / 1000, 1)}\u202fkm`,
        );
  const type = REFERENCE_TYPES.find((each) => each === official.kind && each !== 'unknown');
  const kind = type === undefined ? '' : `, ${texts.referenceType[type]}`;
  const parts = { name: `${name} (${operator}${kind})`, distance, place: days.place, official: days.official };
  if (placeMean === null || officialMean === null) return words.officialNoCommon(parts);
  const means = {
    officialMean: format.value(question.quantity, officialMean),
    placeMean: format.value(question.quantity, placeMean),
  };
  if (hours === undefined) return words.officialText({ ...parts, ...means, common: days.common });
  const count = (each: number) => format.number(each, 0);
  return words.officialHours({
    ...{ name: parts.name, distance, ...means },
    ...{ common: count(hours.common), place: count(hours.place), official: count(hours.official) },
  });
}

/** Head of a page: title and what kind of figure this is. */
export function renderTop(view: AnswerView, speech: ReportSpeech): Html {
  return html`<div class="report-top"><h1>${unbroken(headingText(view, speech))}</h1><p class="report-badge">${speech.words.indicative}</p></div>`;
}

/** `numbers`: places of the columns that hold numbers. */
function headRow(columns: readonly string[], numbers: readonly number[]): Html {
  return html`<thead><tr>${columns.map((column, at) => html`<th scope="col"${numbers.includes(at) && raw(' class="number"')}>${column}</th>`)}</tr></thead>`;
}

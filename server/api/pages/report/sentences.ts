import { HOUR_MS } from '../../../domain/durations.ts';
import { spanOfValues } from '../../../domain/format.ts';
import { decidingRankOf, yearLedgers } from '../../../domain/limits/dayLedger.ts';
import { placesShowing } from '../../../domain/limits/roundingRule.ts';
import { type Names, QUANTITY_NAMES } from '../../../domain/names.ts';
import { dayRuleOf, ledgerDay } from '../../../domain/report/figure.ts';
import type { FrozenLimit, ReportFigure } from '../../../domain/report/figureTypes.ts';
import { calendarYearOf, isSingleStation, type Question, questionWindow } from '../../../domain/report/question.ts';
import { unconfirmedMark } from '../../../domain/verification.ts';
import type { AnswerView, ReportSpeech } from './answerView.ts';

/** `1.1.2025` for `2025-01-01`. */
export function dateText(date: string, { format }: Pick<ReportSpeech, 'format'>): string {
  return format.ofDate.date(date);
}

/** `1.1.2025 bis 31.12.2025`, or the one day. */
export function periodText({ from, to }: Pick<Question, 'from' | 'to'>, speech: ReportSpeech): string {
  if (from === to) return dateText(from, speech);
  return speech.words.period(dateText(from, speech), dateText(to, speech));
}

/** The place for the start of a sentence: an area by its name, a station as one. */
function placeText({ question, name, stations }: AnswerView, { words }: ReportSpeech): string {
  if ('areaId' in question.place) return name;
  if (!isSingleStation(question)) return words.severalStations(stations.length);
  if (name !== '') return words.station(name);
  return stations[0] ? words.withheldStation : words.withdrawnStation;
}

/** Heading of a report. */
export function headingText(view: AnswerView, speech: ReportSpeech): string {
  const quantity = QUANTITY_NAMES[view.question.quantity][speech.language];
  return speech.words.heading({ quantity, place: placeText(view, speech), period: periodText(view.question, speech) });
}

/** The figure as a sentence: of the stations, never of the air of a place. */
export function figureSentence(view: AnswerView, speech: ReportSpeech): string {
  const { question, figure } = view;
  const { words, format, language } = speech;
  const place = placeText(view, speech);
  const quantity = QUANTITY_NAMES[question.quantity][language];
  if (figure.state === 'no-data') {
    return words.noData({ quantity, place, isConverted: question.choices.values === 'gamma-de' });
  }
  if (figure.value === null) return words.tooFew({ quantity, place, n: figure.n, of: figure.of });
  const parts = {
    n: figure.n,
    place: 'areaId' in question.place || isSingleStation(question) ? place : '',
    value: format.value(question.quantity, figure.value),
    quantity,
    period: periodText(question, speech),
  };
  const sentence = isSingleStation(question)
    ? words.figure.single(parts)
    : words.figure[question.choices.statistic](parts);
  return [
    sentence,
    figure.uncertainty !== null &&
      words.uncertainty(format.value(question.quantity, figure.uncertainty), figure.comparedWith),
    // Who hears of four stations and finds six on the map must not think that two were hidden.
    figure.of > figure.n && words.furtherStations(figure.of - figure.n),
  ]
    .filter(Boolean)
    .join(' ');
}

/** What the comparison with the chosen value comes to, in sentences; empty without one. */
export function comparisonSentences(view: AnswerView, speech: ReportSpeech): string[] {
  const { question, limit, figure } = view;
  const { words, format, language } = speech;
  if (limit === null || figure.state === 'no-data') return [];
  const value = `${format.number(limit.value, Number.isInteger(limit.value) ? 0 : 1)}\u202fµg/m³`;
  const instrument = instrumentText(limit)[language];
  const { ledger, finding } = figure;
  if (ledger === null) {
    if (finding === 'none') return [words.yearNeedsYear({ limit: value, instrument })];
    if (finding === 'open') return [];
    return [
      words.yearAbove({ limit: value, instrument, isAbove: finding === 'beyond' }),
      ...inForceSentences(view, speech),
      words.finding[finding],
    ];
  }
  if (ledger.validDays === 0) return [words.notCounted(ledger)];
  const { above, aboveAtLeast: least, aboveAtMost: most, permitted, aboveHumid, decidingMean } = ledger;
  return [
    words.daysAbove({ above, limit: value, instrument, least, most, permitted }),
    ...inForceSentences(view, speech),
    ...(aboveHumid > 0 ? [words.humidDays(aboveHumid)] : []),
    ...(ledger.notCounted > 0 ? [words.notCounted(ledger)] : []),
    ...findingSentences(view, limit, words),
    ...(ledger.notCounted > 0 && decidingMean !== null && calendarYearOf(question) !== undefined
      ? [
          words.percentile({
            value: `${format.number(decidingMean, placesShowing(limit.rounding, decidingMean, 1))}\u202fµg/m³`,
            rank: decidingRankOf(dayRuleOf(limit), ledger.validDays),
          }),
        ]
      : []),
  ].filter((sentence) => sentence !== '');
}

/** What the days come to; a rule permits them by calendar years, so of several each that has more is named. */
function findingSentences({ figure }: AnswerView, limit: FrozenLimit, words: ReportSpeech['words']): string[] {
  const { finding, days, ledger } = figure;
  const years = yearLedgers(dayRuleOf(limit), days.map(ledgerDay));
  const beyond = years.filter((each) => each.ledger.isBeyondPermitted);
  const isLeastBeyond = beyond.some((each) => each.ledger.aboveAtLeast > (ledger?.permitted ?? 0));
  const least = finding === 'beyond' && isLeastBeyond ? [words.findingAlsoLeast] : [];
  if (years.length < 2 || finding === 'none') return [words.finding[finding], ...least];
  if (finding !== 'beyond') return [words.findingOfYears[finding]];
  // Until `report-2` days of several years were counted together: such a citation goes on saying what it said.
  if (beyond.length === 0) return [words.finding.beyond];
  return [...beyond.map(({ year, ledger: { above } }) => words.findingOfYears.beyond({ year, above })), ...least];
}

/** The text a value is from, with the mark of one nobody has confirmed: `Richtlinie 2008/50/EG, unbestätigt`. */
export function instrumentText({ instrument, isUnconfirmed }: FrozenLimit): Names {
  const mark = unconfirmedMark({ isUnconfirmed: isUnconfirmed === true });
  return mark === undefined ? instrument : { de: `${instrument.de}, ${mark.de}`, en: `${instrument.en}, ${mark.en}` };
}

/** Whether the value was in force in the period; nothing when it was on every day. */
function inForceSentences({ question, limit }: AnswerView, speech: ReportSpeech): string[] {
  const { from, to } = question;
  const { inForce } = speech.words;
  const { validFrom = null, validTo = null } = limit ?? {};
  if (validFrom !== null && validFrom > to) return [inForce.later(dateText(validFrom, speech))];
  if (validTo !== null && validTo < from) return [inForce.earlier(dateText(validTo, speech))];
  return [
    ...(validFrom !== null && validFrom > from ? [inForce.since(dateText(validFrom, speech))] : []),
    ...(validTo !== null && validTo < to ? [inForce.until(dateText(validTo, speech))] : []),
  ];
}

/** Share of the possible hours that are valid, rounded down, in words. */
export function coverageText(
  { validHours, possibleHours }: Pick<ReportFigure, 'validHours' | 'possibleHours'>,
  { format }: Pick<ReportSpeech, 'format'>,
): string {
  return format.percent(possibleHours === 0 ? 0 : Math.floor((100 * validHours) / possibleHours) / 100);
}

/** What the figure rests on and what it does not say. */
export function caveatsText(view: AnswerView, speech: ReportSpeech): string {
  const ground = view.figure.value === null ? groundOfDays(view) : view.figure;
  return speech.words.caveats({ n: ground.n, percent: coverageText(ground, speech) });
}

/** Without a figure days may still be counted: they rest on every station that has some, by all its hours. */
function groundOfDays({ stations, question }: AnswerView): Pick<ReportFigure, 'n' | 'validHours' | 'possibleHours'> {
  const { start, end } = questionWindow(question);
  const isSingle = isSingleStation(question);
  const counting = stations.filter(
    (station) =>
      station !== null &&
      station.numbers.validDays > 0 &&
      station.facts.excludedFor === null &&
      (isSingle || !station.facts.isIndoor),
  );
  return {
    n: counting.length,
    validHours: counting.reduce((sum, station) => sum + (station?.numbers.validHours ?? 0), 0),
    possibleHours: (counting.length * (end - start)) / HOUR_MS,
  };
}

/** One sentence for the chart; also its text alternative. */
export function chartSummary(view: AnswerView, speech: ReportSpeech): string {
  const values = view.figure.days.flatMap(({ value }) => value ?? []);
  const { format, words, language } = speech;
  if (values.length === 0) return words.noChart;
  return words.chartSummary({
    quantity: QUANTITY_NAMES[view.question.quantity][language],
    place: placeText(view, speech),
    period: periodText(view.question, speech),
    span: spanOfValues(format, view.question.quantity, values),
    valid: values.length,
  });
}

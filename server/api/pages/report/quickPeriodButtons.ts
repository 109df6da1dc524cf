import type { IsoDate } from '../../../domain/limits/limitTable.ts';
import { calendarYearOf, type Question } from '../../../domain/report/question.ts';
import { QUICK_PERIODS, type QuickPeriod, quickPeriod } from '../../../domain/report/quickPeriods.ts';
import { type Html, html, raw } from '../html.ts';
import type { ReportSpeech } from './answerView.ts';

type Period = Pick<Question, 'from' | 'to'>;

/** Buttons that ask the form's question of a named period, without dates to type; the one shown is marked. */
export function renderQuickPeriods(
  shown: Period,
  { lastClosed, isSouthern }: { lastClosed: IsoDate; isSouthern: boolean },
  speech: ReportSpeech,
): Html {
  const button = (name: QuickPeriod) => {
    const period = quickPeriod(name, lastClosed, isSouthern);
    const isShown = period.from === shown.from && period.to === shown.to;
    return html`<button class="button" type="submit" name="period" value="${name}"${isShown && raw(' aria-current="true"')}>${periodName(name, period, speech)}</button>`;
  };
  return html`<fieldset class="report-periods"><legend>${speech.words.fields.period}</legend>${QUICK_PERIODS.map(button)}</fieldset>`;
}

function periodName(name: QuickPeriod, { from, to }: Period, { words, format }: ReportSpeech): string {
  const { lastDays, soFar, winter } = words.quickPeriods;
  switch (name) {
    case 'last-7-days':
      return lastDays;
    case 'last-month':
      return format.ofDate.monthOfYear(from);
    case 'this-year':
      return calendarYearOf({ from, to }) === undefined ? soFar(from.slice(0, 4)) : from.slice(0, 4);
    case 'last-year':
      return from.slice(0, 4);
    case 'last-winter':
      return winter(from.slice(0, 4), to.slice(0, 4));
  }
}

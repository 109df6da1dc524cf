import type { LetterPeriod } from '../../../domain/alerts/letterPeriods.ts';
import { REPORT_QUANTITIES } from '../../../domain/report/question.ts';
import { pageUrl } from '../pageUrls.ts';
import { type AnswerView, type ReportSpeech, viewOfReport } from './answerView.ts';
import { comparableText } from './comparableView.ts';
import { LETTER_TEXTS } from './letterTexts.ts';
import { makeReport, type NoReport, questionOf, type ReportPageDeps } from './reportPages.ts';
import { caveatsText, comparisonSentences, figureSentence, periodText } from './sentences.ts';

/** What the content of letters is made from. */
export type LetterContentDeps = Pick<ReportPageDeps, 'reports' | 'config' | 'dayOffsetMs' | 'clock'>;

/** A letter's answers, PM2.5 first; or why there are none. `behind`: their means are being made anew; a mail cannot be taken back. */
export type LetterViews = readonly AnswerView[] | NoReport | 'behind';

/** Answers a period of an area once for each quantity. */
export async function letterViews(
  deps: LetterContentDeps,
  area: string,
  { from, to }: LetterPeriod,
): Promise<LetterViews> {
  const views: AnswerView[] = [];
  for (const quantity of REPORT_QUANTITIES) {
    const { question } = questionOf(deps, { area, quantity, from, to });
    if (question === undefined) return 'unknownArea';
    const report = await makeReport(deps.reports, question);
    if (typeof report === 'string') return report;
    if (!report.isUpToDate) return 'behind';
    views.push(viewOfReport(report));
  }
  return views;
}

/** True for a period in which something was measured: others have no letter in feed and mail. */
export function hasData(views: LetterViews): views is readonly AnswerView[] {
  return typeof views !== 'string' && views.some(({ figure }) => figure.state !== 'no-data');
}

/** `Wochenbrief: Feinstaub in Ehrenfeld, 3.3.2025 bis 9.3.2025` */
export function letterHeading(area: { name: string }, period: LetterPeriod, speech: ReportSpeech): string {
  return `${LETTER_TEXTS[speech.language].heading[period.kind](area.name)}, ${periodText(period, speech)}`;
}

/** The letter's sentences about one quantity: figure with n, how it lies among others, days above. */
export function letterSentences(view: AnswerView, speech: ReportSpeech): string[] {
  return [figureSentence(view, speech), ...comparableText(view, speech), ...comparisonSentences(view, speech)];
}

/** What the figures rest on and do not say; once, where it is the same for both quantities. */
export function letterCaveats(views: readonly AnswerView[], speech: ReportSpeech): string[] {
  const measured = views.filter(({ figure }) => figure.state !== 'no-data');
  return [...new Set(measured.map((view) => caveatsText(view, speech)))];
}

/** Address of a letter. */
export function letterUrl(
  area: string,
  { kind, from }: Pick<LetterPeriod, 'kind' | 'from'>,
  language: ReportSpeech['chosenLanguage'],
): string {
  return pageUrl(`/area/${area}/letter`, language, { kind, from });
}

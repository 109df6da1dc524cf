import type { AnswerView, ReportSpeech } from '../api/pages/report/answerView.ts';
import { letterCaveats, letterHeading, letterSentences, letterUrl } from '../api/pages/report/letterContent.ts';
import { LETTER_TEXTS } from '../api/pages/report/letterTexts.ts';
import type { LetterPeriod } from '../domain/alerts/letterPeriods.ts';
import type { Words } from '../notices/texts/noticeTexts.ts';

/** What a letter is about. */
export interface LetterSubject {
  area: { id: string; name: string };
  period: LetterPeriod;
}

/** A letter as a mail says it: marked as generated, each quantity a paragraph, what the figures do not say, where the chart is. */
export function letterWords(
  views: readonly AnswerView[],
  { area, period }: LetterSubject,
  { speech, page }: { speech: ReportSpeech; page: (path: string) => string },
): Words {
  const words = LETTER_TEXTS[speech.language];
  return {
    title: letterHeading(area, period, speech),
    text: [
      words.generated,
      ...views.map((view) => letterSentences(view, speech).join(' ')),
      ...letterCaveats(views, speech),
      `${words.chartAt}\n${page(letterUrl(area.id, period, speech.language))}`,
      `${speech.words.indicative}.`,
    ].join('\n\n'),
  };
}

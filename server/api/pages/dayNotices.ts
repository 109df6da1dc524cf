import type { Format } from '../../domain/format.ts';
import type { Language } from '../../domain/names.ts';
import { NOTICE_KINDS, type PublicNotice } from '../../domain/operator/publicNotice.ts';
import { type Html, html } from './html.ts';
import type { PageTexts } from './texts/pageTexts.ts';

/** What the operator tells about the days of a page, above their values; nothing when there is nothing to tell. */
export function renderDayNotices(
  notices: readonly PublicNotice[],
  { texts, format, language }: { texts: PageTexts; format: Format; language: Language },
): Html | undefined {
  if (notices.length === 0) return undefined;
  const items = notices.map(
    (notice) =>
      html`<p><strong>${NOTICE_KINDS[notice.kind].name[language]}, ${noticeSpan(notice, { texts, format })}:</strong> ${notice.text[language]}</p>`,
  );
  return html`<aside class="day-notices notice" aria-label="${texts.noticeLabel}">${items}</aside>`;
}

/** The days of a notice as people say them: the last one counts, and a time that ends at midnight ends the day before. */
export function noticeSpan(
  { from, to }: { from: number; to: number },
  { texts, format }: { texts: Pick<PageTexts, 'noticeSpan'>; format: Pick<Format, 'date'> },
): string {
  return texts.noticeSpan({ from: format.date(from), to: format.date(to - 1) });
}

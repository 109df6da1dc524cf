import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { noticeSpan } from '../../server/api/pages/dayNotices.ts';
import type { NoticeView } from '../../server/domain/contract.ts';
import { HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { NOTICE_KINDS } from '../../server/domain/operator/publicNotice.ts';
import { loadJson } from '../state/loadJson.ts';
import type { MapModel } from '../state/mapModel.ts';

/** How often a page that stays open asks for new notices, ms. */
const REFRESH_MS = 10 * MINUTE_MS;
/** How far back the hour slider goes, and a little more, ms. */
const BACK_MS = 4 * 24 * HOUR_MS;

/** What the operator tells about the time on screen: fog, Sahara dust, fireworks. */
export function DayNotices({ model }: { model: MapModel }) {
  const { t, format, language, instance } = model.context;
  const notices = useSignal<readonly NoticeView[]>(instance.notices ?? []);
  useEffect(() => {
    const timer = window.setInterval(async () => {
      const since = new Date(model.clock.now.peek() - BACK_MS).toISOString();
      // Without an answer the ones from before stay.
      const answer = await loadJson(`/api/v1/notices?from=${since}`).catch(() => undefined);
      if (answer !== undefined) notices.value = (answer as { notices: NoticeView[] }).notices;
    }, REFRESH_MS);
    return () => window.clearInterval(timer);
  }, [model, notices]);
  const end = model.valueNow.value;
  const start = end - (model.average.value === '24h' ? 24 : 1) * HOUR_MS;
  const shown = notices.value.map(withTimes).filter(({ from, to }) => from < end && to > start);
  if (shown.length === 0) return null;
  return (
    <aside class="day-notices notice" aria-label={t.noticeLabel}>
      {shown.map((notice) => (
        <p key={notice.id}>
          <strong>
            {NOTICE_KINDS[notice.kind].name[language]}, {noticeSpan(notice, { texts: t, format })}:
          </strong>{' '}
          {notice.text[language]}
        </p>
      ))}
    </aside>
  );
}

function withTimes(notice: NoticeView) {
  return { ...notice, from: Date.parse(notice.from), to: Date.parse(notice.to) };
}

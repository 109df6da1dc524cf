import type { Quantity } from '../../server/domain/quantity.ts';
import { type CorrectedHour, correctionSummary } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';
import { methodsPath } from '../state/stationLinks.ts';

interface NoteProps {
  context: PageContext;
  hours: readonly CorrectedHour[];
  quantity: Quantity;
}

/** Which line is which, both means of the same hours, and what of the adjusted one stems from others. */
export function CorrectionNote({ context, hours, quantity }: NoteProps) {
  const { t, format } = context;
  const summary = correctionSummary(hours);
  if (!summary) return null;
  const value = (mean: number) => format.value(quantity, mean);
  return (
    <div class="correction-note">
      <ul>
        <li class="correction-line">
          <LineKey kind="raw" />
          {t.correction.raw}
        </li>
        <li class="correction-line">
          <LineKey kind="adjusted" />
          {t.correction.adjusted}
        </li>
      </ul>
      <p>
        {t.correction.means({ hours: summary.hours, raw: value(summary.raw), mean: value(summary.mean) })}{' '}
        {t.correction.share(format.percent(summary.share))}{' '}
        <a href={methodsPath('corrections', location.search)}>{t.correction.methods}</a>
      </p>
    </div>
  );
}

function LineKey({ kind }: { kind: 'raw' | 'adjusted' }) {
  return (
    <svg class="line-key" viewBox="0 0 34 8" width="34" height="8" aria-hidden="true">
      <path class={`key-${kind}`} d="M0 4H34" />
    </svg>
  );
}

import { MEANS_BEHIND } from '../../server/domain/means/meansBehind.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationHistory } from '../state/stationHistory.ts';

interface MeansNoticeProps {
  context: PageContext;
  history: StationHistory;
  /** True while what the server wrote beside the courses is not up to date. */
  isKeptBehind?: boolean;
}

/** Says that means of a station are being made anew: those of its courses, of its usual values and of its days. */
export function MeansNotice({ context, history, isKeptBehind = false }: MeansNoticeProps) {
  const isBehind = history.status.value === 'ready' && !history.isUpToDate.value;
  return isBehind || isKeptBehind ? <p class="notice">{MEANS_BEHIND[context.language]}</p> : null;
}

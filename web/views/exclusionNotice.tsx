import { exclusionText } from '../../server/domain/exclusion.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationHistory } from '../state/stationHistory.ts';

/** That the operator leaves the station out of figures, why and since when: before any of its values. */
export function ExclusionNotice({ context, history }: { context: PageContext; history: StationHistory }) {
  const { t, format, language } = context;
  const properties = history.feature.value?.properties;
  const reason = properties && exclusionText(properties, language);
  if (reason === undefined) return null;
  const since = properties?.exclusion && format.date(Date.parse(properties.exclusion.since));
  return <p class="notice exclusion-notice">{t.excluded({ reason, since })}</p>;
}

import { exclusionText } from '../../server/domain/operator/exclusion.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationHistory } from '../state/stationHistory.ts';

/** That the station is left out of figures, by the operator or as the double of another; why and since when: before any of its values. */
export function ExclusionNotice({ context, history }: { context: PageContext; history: StationHistory }) {
  const { t, format, language } = context;
  const properties = history.feature.value?.properties;
  const reason = properties && exclusionText(properties, language);
  if (reason === undefined) return null;
  const since = properties?.exclusion && format.date(Date.parse(properties.exclusion.since));
  return <p class="notice exclusion-notice">{t.excluded({ reason, since })}</p>;
}

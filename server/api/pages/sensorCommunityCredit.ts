import { isFromSensorCommunity } from '../../domain/credit.ts';
import type { Station } from '../../domain/station.ts';
import type { PageTexts } from './texts/pageTexts.ts';

/** The words before the credit; undefined for a station with nothing from there. */
export function creditWords(
  station: { source: Station['source'] | string; externalIds: string[] },
  { creditAll, creditHistory }: Pick<PageTexts, 'creditAll' | 'creditHistory'>,
): string | undefined {
  if (!isFromSensorCommunity(station)) return undefined;
  return station.source === 'direct' ? creditHistory : creditAll;
}

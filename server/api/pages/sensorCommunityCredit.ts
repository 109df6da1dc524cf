import type { Station } from '../../domain/station.ts';
import type { PageTexts } from './texts/pageTexts.ts';

/** Whom readings that came through sensor.community are credited to, and where their licence is, as it asks to be named. */
export const SENSOR_COMMUNITY = {
  name: 'Sensor.Community',
  url: 'https://sensor.community/',
  licence: 'ODbL 1.0',
  licenceUrl: 'https://opendatacommons.org/licenses/odbl/1-0/',
} as const;

/** The words before the credit; undefined for a station with nothing from there. */
export function creditWords(
  { source, externalIds }: { source: Station['source'] | string; externalIds: readonly string[] },
  { creditAll, creditHistory }: Pick<PageTexts, 'creditAll' | 'creditHistory'>,
): string | undefined {
  if (!externalIds.some((id) => id.startsWith('sensor.community'))) return undefined;
  return source === 'direct' ? creditHistory : creditAll;
}

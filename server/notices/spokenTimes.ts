import type { Format } from '../domain/format.ts';
import { type Language, LOCALES } from '../domain/names.ts';

/** Times as messages say them: whoever reads one may be elsewhere, and one night a year has an hour twice. */
export interface SpokenTimes {
  /** `09:35 Uhr MEZ`, `09:35 CET` */
  time(at: number): string;
  /** `27.11., 09:35 Uhr MEZ` */
  dateTime(at: number): string;
}

const OCLOCK: Readonly<Record<Language, string>> = { de: ' Uhr', en: '' };

/** Times of one language and zone (IANA). */
export function spokenTimes(language: Language, timeZone: string, format: Format): SpokenTimes {
  const zones = new Intl.DateTimeFormat(LOCALES[language], { timeZone, timeZoneName: 'short' });
  const zoneAt = (at: number) => zones.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  const behind = (at: number) => `${OCLOCK[language]} ${zoneAt(at)}`;
  return {
    time: (at) => format.time(at) + behind(at),
    dateTime: (at) => format.dateTime(at) + behind(at),
  };
}

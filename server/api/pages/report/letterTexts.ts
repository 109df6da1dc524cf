import type { LetterKind } from '../../../domain/alerts/letterPeriods.ts';
import type { Language } from '../../../domain/names.ts';

/** Texts of the letters of areas. */
export interface LetterTexts {
  heading: Record<LetterKind, (area: string) => string>;
  generated: string;
  kinds: Record<LetterKind, string>;
  earlier: string;
  latest: string;
  feed: string;
  report: string;
  area: string;
  later: string;
  /** Of a letter that the operator holds back. */
  stopped: string;
  /** Before the address of the letter's page, in a mail. */
  chartAt: string;
  feedTitle(area: string, instance: string): string;
  notFoundTitle: string;
  notFoundText: string;
}

const de: LetterTexts = {
  heading: {
    week: (area) => `Wochenbrief: Feinstaub in ${area}`,
    month: (area) => `Monatsbrief: Feinstaub in ${area}`,
  },
  generated: 'Aus den Messwerten erzeugter Text.',
  kinds: { week: 'Woche', month: 'Monat' },
  earlier: 'Brief davor',
  latest: 'Neuester Brief',
  feed: 'Feed abonnieren (Atom)',
  report: 'Bericht mit Gegenprobe',
  area: 'Zum Gebiet',
  later: 'Kommen Messwerte verspätet an, ändern sich die Zahlen dieser Seite noch. Ein Zitat hält sie fest.',
  stopped: 'Diesen Brief hat der Betreiber dieser Installation zurückgehalten. Er wurde nicht verschickt.',
  chartAt: 'Diagramm, Bericht und Gegenprobe:',
  feedTitle: (area, instance) => `Feinstaub in ${area} – ${instance}`,
  notFoundTitle: 'Brief nicht gefunden',
  notFoundText:
    'Unter dieser Adresse gibt es keinen Brief: Das Gebiet ist unbekannt, oder der Brief ist noch nicht erschienen. Er erscheint am Morgen des zweiten Tages nach der Woche oder dem Monat.',
};

const en: LetterTexts = {
  heading: {
    week: (area) => `Weekly letter: particulates in ${area}`,
    month: (area) => `Monthly letter: particulates in ${area}`,
  },
  generated: 'Text generated from the measurements.',
  kinds: { week: 'Week', month: 'Month' },
  earlier: 'Letter before',
  latest: 'Latest letter',
  feed: 'Subscribe to the feed (Atom)',
  report: 'Report with cross-check',
  area: 'To the area',
  later: 'Measurements that arrive late still change the numbers of this page. A citation freezes them.',
  stopped: 'The operator of this installation has held this letter back. It was not sent.',
  chartAt: 'Chart, report and cross-check:',
  feedTitle: (area, instance) => `Particulates in ${area} – ${instance}`,
  notFoundTitle: 'No such letter',
  notFoundText:
    'There is no letter at this address: the area is unknown, or the letter is not out yet. It comes out on the second morning after the week or month.',
};

/** The texts by language. */
export const LETTER_TEXTS: Readonly<Record<Language, LetterTexts>> = { de, en };

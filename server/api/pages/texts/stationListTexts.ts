import type { Language } from '../../../domain/names.ts';

/** Texts of the list of all stations. Numbers come in formatted. */
export interface StationListTexts {
  title(name: string): string;
  heading: string;
  intro: string;
  /** The field that narrows the list. */
  find: string;
  show: string;
  none(text: string): string;
  /** Which of how many stand here. */
  shown(parts: Record<'from' | 'to' | 'total', string>): string;
  caption: string;
  station: string;
  area: string;
  pagesLabel: string;
  page(parts: Record<'page' | 'pages', string>): string;
  before: string;
  after: string;
}

/** Both languages. */
export const STATION_LIST_TEXTS: Readonly<Record<Language, StationListTexts>> = {
  de: {
    title: (name) => `Alle Stationen – ${name}`,
    heading: 'Alle Stationen',
    intro: 'Alle öffentlichen Stationen nach Namen. Der Name führt auf die Seite der Station.',
    find: 'Teil des Namens',
    show: 'Suchen',
    none: (text) => `Keine Station heißt „${text}“.`,
    shown: ({ from, to, total }) => `${from} bis ${to} von ${total}`,
    caption:
      'PM2,5 in µg/m³, Mittel der letzten 60 Minuten; bei amtlichen Stationen das letzte veröffentlichte Stundenmittel',
    station: 'Station',
    area: 'Gebiet',
    pagesLabel: 'Seiten der Liste',
    page: ({ page, pages }) => `Seite ${page} von ${pages}`,
    before: 'Vorige Seite',
    after: 'Nächste Seite',
  },
  en: {
    title: (name) => `All stations – ${name}`,
    heading: 'All stations',
    intro: 'All public stations by name. The name leads to the station’s page.',
    find: 'Part of the name',
    show: 'Find',
    none: (text) => `No station is called “${text}”.`,
    shown: ({ from, to, total }) => `${from} to ${to} of ${total}`,
    caption: 'PM2.5 in µg/m³, mean of the last 60 minutes; of official stations the last hourly mean they published',
    station: 'Station',
    area: 'Area',
    pagesLabel: 'Pages of the list',
    page: ({ page, pages }) => `Page ${page} of ${pages}`,
    before: 'Previous page',
    after: 'Next page',
  },
};

import type { Language } from '../../../domain/names.ts';

/** Texts of the comparison of stations. */
export interface CompareTexts {
  title(name: string): string;
  heading: string;
  /** Of one station alone. */
  headingOf(station: string): string;
  intro: string;
  none: string;
  /** Of an address that names no station. */
  nothingAsked: string;
  /** The field that takes them. */
  choose: string;
  show: string;
  summary(quantity: string, count: number, unit: 'hour' | 'day'): string;
  /** `from`, `to`: first and last day. */
  caption(parts: Record<'quantity' | 'from' | 'to', string>): string;
  station: string;
  mean: string;
  lowest: string;
  highest: string;
  parts: Record<'hour' | 'day', string>;
}

/** Both languages. */
export const COMPARE_TEXTS: Readonly<Record<Language, CompareTexts>> = {
  de: {
    title: (name) => `Stationen im Vergleich – ${name}`,
    heading: 'Stationen im Vergleich',
    headingOf: (station) => `${station}: Verlauf`,
    intro: 'Stunden- oder Tagesmittel von bis zu sechs Stationen in einem Bild.',
    none: 'Keine dieser Stationen ist öffentlich.',
    nothingAsked: 'Wählen Sie bis zu sechs Stationen, dann stehen ihre Verläufe hier in einem Bild.',
    choose: 'Stationen (bis zu sechs)',
    show: 'Vergleich zeigen',
    summary: (quantity, count, unit) =>
      `${quantity}, ${unit === 'hour' ? 'Stundenmittel' : 'Tagesmittel'} von ${count} ${count === 1 ? 'Station' : 'Stationen'}; Lücken sind ungültige Zeiten.`,
    caption: ({ quantity, from, to }) =>
      `${quantity} in µg/m³ vom ${from} bis ${to}; ein Mittel ab 75 % gültiger Teile`,
    station: 'Station',
    mean: 'Mittel',
    lowest: 'Min.',
    highest: 'Max.',
    parts: { hour: 'Gültige Stunden', day: 'Gültige Tage' },
  },
  en: {
    title: (name) => `Stations compared – ${name}`,
    heading: 'Stations compared',
    headingOf: (station) => `${station}: course`,
    intro: 'Hourly or daily means of up to six stations in one picture.',
    none: 'None of these stations is public.',
    nothingAsked: 'Choose up to six stations, and their courses stand here in one picture.',
    choose: 'Stations (up to six)',
    show: 'Show the comparison',
    summary: (quantity, count, unit) =>
      `${quantity}, ${unit === 'hour' ? 'hourly' : 'daily'} means of ${count} ${count === 1 ? 'station' : 'stations'}; gaps are times that are not valid.`,
    caption: ({ quantity, from, to }) =>
      `${quantity} in µg/m³ from ${from} to ${to}; a mean from 75 % of valid parts on`,
    station: 'Station',
    mean: 'Mean',
    lowest: 'Min.',
    highest: 'Max.',
    parts: { hour: 'Valid hours', day: 'Valid days' },
  },
};

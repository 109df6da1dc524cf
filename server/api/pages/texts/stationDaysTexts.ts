import type { Language } from '../../../domain/names.ts';
import { between, type TextSpan, zwischen } from '../../../domain/textSpan.ts';

/** Texts of a station's daily means. */
export interface StationDaysTexts {
  heading(quantity: string): string;
  choices: string;
  none: string;
  measured(parts: { from: string; to: string }): string;
  lastReport: string;
  summary(parts: { quantity: string; days: number; span: TextSpan }): string;
  table: string;
  /** `day`: where a day begins, such as `UTC+1`. */
  caption(quantity: string, day: string): string;
  /** Of days that an official network published. */
  captionPublished(quantity: string): string;
  day: string;
  uncertainty: string;
  hours: string;
}

/** Both languages. */
export const STATION_DAYS_TEXTS: Readonly<Record<Language, StationDaysTexts>> = {
  de: {
    heading: (quantity) => `${quantity}: Tagesmittel der letzten 30 Tage`,
    choices: 'Feinstaub und Vergleichswert der Tagesmittel',
    none: 'In den letzten 30 Tagen gibt es kein gültiges Tagesmittel. Nötig sind 18 gültige Stunden.',
    measured: ({ from, to }) => `Gemessen wurde hier vom ${from} bis zum ${to}.`,
    lastReport: 'Bericht über die letzten 30 Tage davon',
    summary: ({ quantity, days, span }) =>
      days === 1
        ? `${quantity}: ein gültiges Tagesmittel, ${span.most}.`
        : `${quantity}: ${days} gültige Tagesmittel, ${zwischen(span)}.`,
    table: 'Tagesmittel als Tabelle',
    caption: (quantity, day) =>
      `Tagesmittel ${quantity} in µg/m³ mit ihrer Unsicherheit (95\u202f%); ein Tag läuft bei festem ${day} und gilt ab 18 gültigen Stunden`,
    captionPublished: (quantity) => `Tagesmittel ${quantity} in µg/m³, wie das Messnetz sie veröffentlicht`,
    day: 'Tag',
    uncertainty: 'Unsicherheit ±',
    hours: 'Gültige Stunden',
  },
  en: {
    heading: (quantity) => `${quantity}: daily means of the last 30 days`,
    choices: 'Particulates and value to compare the daily means with',
    none: 'There is no valid daily mean in the last 30 days. It takes 18 valid hours.',
    measured: ({ from, to }) => `Readings here are from ${from} to ${to}.`,
    lastReport: 'Report on the last 30 days of them',
    summary: ({ quantity, days, span }) =>
      days === 1
        ? `${quantity}: one valid daily mean, ${span.most}.`
        : `${quantity}: ${days} valid daily means, ${between(span)}.`,
    table: 'Daily means as a table',
    caption: (quantity, day) =>
      `Daily means of ${quantity} in µg/m³ with their uncertainty (95\u202f%); days run at fixed ${day} and count from 18 valid hours on`,
    captionPublished: (quantity) => `Daily means of ${quantity} in µg/m³ as published by the network`,
    day: 'Day',
    uncertainty: 'Uncertainty ±',
    hours: 'Valid hours',
  },
};

import type { Quantity } from './quantity.ts';

/** Languages we write: every page and every answer is there in each. */
export const LANGUAGES = ['de', 'en'] as const;
/** One of `LANGUAGES`. */
export type Language = (typeof LANGUAGES)[number];

/** A text in every language. */
export type Names = Record<Language, string>;

/** Narrows a string from outside. */
export function isLanguage(text: unknown): text is Language {
  return (LANGUAGES as readonly unknown[]).includes(text);
}

/** The locale numbers and times of a language are written in. */
export const LOCALES: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' };

/** How a quantity is written in running text: German with a decimal comma. */
export const QUANTITY_NAMES = {
  pm1: { de: 'PM1', en: 'PM1' },
  pm25: { de: 'PM2,5', en: 'PM2.5' },
  pm4: { de: 'PM4', en: 'PM4' },
  pm10: { de: 'PM10', en: 'PM10' },
  temperature: { de: 'Temperatur', en: 'temperature' },
  humidity: { de: 'Luftfeuchte', en: 'humidity' },
  pressure: { de: 'Luftdruck', en: 'pressure' },
  noise: { de: 'Lärm', en: 'noise' },
} as const satisfies Record<Quantity, Names>;

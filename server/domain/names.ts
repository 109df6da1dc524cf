/** A text in the two languages of every page and answer. */
export interface Names {
  de: string;
  en: string;
}

/** Languages we write. */
export type Language = keyof Names;

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
} as const satisfies Record<string, Names>;

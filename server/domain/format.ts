import type { IsoDate } from './limits/limitTable.ts';
import { type Language, LOCALES } from './names.ts';
import { isParticulate, type Quantity, UNITS } from './quantity.ts';
import { type TextSpan, textSpan } from './textSpan.ts';

/** U+202F: keeps number and unit on one line. */
const NARROW_SPACE = '\u202f';

const DECIMALS: Readonly<Record<Quantity, number>> = {
  pm1: 1,
  pm25: 1,
  pm4: 1,
  pm10: 1,
  temperature: 1,
  humidity: 0,
  pressure: 0,
  noise: 0,
};

/** Decimals a quantity is shown with: no more than the instrument resolves. */
export function decimalsOf(quantity: Quantity): number {
  return DECIMALS[quantity];
}

/** Numbers, times and ages as people of one language and time zone read them. */
export interface Format {
  number(value: number, decimals: number): string;
  /** Number with the quantity's decimals and unit, e.g. `12,4 µg/m³`. */
  value(quantity: Quantity, value: number): string;
  percent(share: number): string;
  /** `20:53` */
  time(at: number): string;
  /** `20:53:12` */
  clock(at: number): string;
  /** `23.11., 20:53` */
  dateTime(at: number): string;
  /** `Mo., 23.11.` */
  day(at: number): string;
  /** `Mo. 23.` */
  dayShort(at: number): string;
  /** `23.11.2026` */
  date(at: number): string;
  /** `Nov.` */
  month(at: number): string;
  /** `November 2026` */
  monthOfYear(at: number): string;
  /** `2026-11-23`, for reckoning: the day it is in the zone. */
  isoDate(at: number): IsoDate;
  /** Dates that are dates already and no instants: the same text in every zone. */
  ofDate: DateFormat;
}

/** Calendar dates in words. */
export interface DateFormat {
  /** `23.11.2026` */
  date(date: IsoDate): string;
  /** `Nov.` */
  month(date: IsoDate): string;
  /** `November 2026` */
  monthOfYear(date: IsoDate): string;
}

/** Makes the formats; `Intl` objects are built once, as building one costs more than a hundred uses. */
export function createFormat(language: Language, timeZone: string): Format {
  const locale = LOCALES[language];
  const numbers = [0, 1, 2, 3, 4].map(
    (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const clock: Intl.DateTimeFormatOptions = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const time = new Intl.DateTimeFormat(locale, clock);
  const seconds = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' });
  const dateTime = new Intl.DateTimeFormat(locale, { ...clock, day: 'numeric', month: 'numeric' });
  const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric', month: 'numeric' });
  const dayShort = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', day: 'numeric' });
  const dates = datesOf(locale, timeZone);
  // Swedish dates are ISO 8601.
  const iso = new Intl.DateTimeFormat('sv-SE', { timeZone });
  // What rounds to zero has no sign: nobody reads -0,0 °C.
  const number = (value: number, decimals: number) =>
    numbers[decimals]?.format(Math.abs(value) < 0.5 / 10 ** decimals ? 0 : value) ?? String(value);
  return {
    number,
    value: (quantity, value) => `${number(value, decimalsOf(quantity))}${NARROW_SPACE}${UNITS[quantity]}`,
    percent: (share) => `${number(Math.round(share * 100), 0)}${NARROW_SPACE}%`,
    time: (at) => time.format(at),
    clock: (at) => seconds.format(at),
    dateTime: (at) => dateTime.format(at),
    day: (at) => day.format(at),
    dayShort: (at) => dayShort.format(at).replace(',', ''),
    ...dates,
    isoDate: (at) => iso.format(at),
    ofDate: dateFormat(locale),
  };
}

function datesOf(locale: string, timeZone: string): Pick<Format, 'date' | 'month' | 'monthOfYear'> {
  const date = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'numeric', year: 'numeric' });
  const month = new Intl.DateTimeFormat(locale, { timeZone, month: 'short' });
  const monthOfYear = new Intl.DateTimeFormat(locale, { timeZone, month: 'long', year: 'numeric' });
  return {
    date: (at) => date.format(at),
    month: (at) => month.format(at),
    monthOfYear: (at) => monthOfYear.format(at),
  };
}

/** No instant of a date lies in it everywhere, noon UTC is the next day east of UTC+12: so it is read and written as of UTC. */
function dateFormat(locale: string): DateFormat {
  const { date, month, monthOfYear } = datesOf(locale, 'UTC');
  return {
    date: (day) => date(Date.parse(day)),
    month: (day) => month(Date.parse(day)),
    monthOfYear: (day) => monthOfYear(Date.parse(day)),
  };
}

/** A quantity's range from the smallest to the largest of some values. */
export function spanOfValues(format: Format, quantity: Quantity, values: readonly number[]): TextSpan {
  const decimals = decimalsOf(quantity);
  const [least, most] = [Math.min(...values), Math.max(...values)].map((end) => format.number(end, decimals));
  return textSpan(least!, most!, `${NARROW_SPACE}${UNITS[quantity]}`);
}

/**
 * The few characters that fit into a marker: one decimal below 10, whole numbers above (particulates); whole numbers
 * for everything else. Same rounding as the sheet, so both always agree.
 */
export function markerText(format: Format, quantity: Quantity, value: number): string {
  const decimals = isParticulate(quantity) && value < 9.95 ? 1 : 0;
  return format.number(value, decimals);
}

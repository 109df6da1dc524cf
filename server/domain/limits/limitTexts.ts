import type { Names } from '../names.ts';
import { withMark } from '../verification.ts';
import type { Limit, LimitAveraging, LimitKind, LimitPollutant } from './limitTable.ts';

const POLLUTANTS: Readonly<Record<LimitPollutant, Names>> = {
  pm25: { de: 'PM2,5', en: 'PM2.5' },
  pm10: { de: 'PM10', en: 'PM10' },
  no2: { de: 'NO2', en: 'NO2' },
};

const AVERAGINGS: Readonly<Record<LimitAveraging, Names>> = {
  'half-hour': { de: 'Halbstundenmittel', en: 'half-hourly mean' },
  hour: { de: 'Stundenmittel', en: 'hourly mean' },
  'three-hours': { de: 'Stundenmittel, drei Stunden nacheinander', en: 'hourly mean, three consecutive hours' },
  day: { de: 'Tagesmittel', en: 'daily mean' },
  'three-days': {
    de: 'Tagesmittel, höchstens drei Tage nacheinander',
    en: 'daily mean, at most three consecutive days',
  },
  year: { de: 'Jahresmittel', en: 'annual mean' },
  'three-year-exposure': {
    de: 'Dreijahresmittel im städtischen Hintergrund',
    en: 'three-year mean of urban background',
  },
};

const KINDS: Readonly<Record<LimitKind, Names>> = {
  limit: { de: 'Grenzwert', en: 'limit value' },
  target: { de: 'Zielwert', en: 'target value' },
  'indicative-limit': { de: 'Richtgrenzwert', en: 'indicative limit value' },
  'exposure-obligation': { de: 'Verpflichtung zur Expositionskonzentration', en: 'exposure concentration obligation' },
  alert: { de: 'Alarmschwelle', en: 'alert threshold' },
  information: { de: 'Informationsschwelle', en: 'information threshold' },
  guideline: { de: 'Leitlinienwert', en: 'guideline level' },
  'interim-target-1': { de: 'Zwischenziel 1', en: 'interim target 1' },
  'interim-target-2': { de: 'Zwischenziel 2', en: 'interim target 2' },
  'interim-target-3': { de: 'Zwischenziel 3', en: 'interim target 3' },
  'interim-target-4': { de: 'Zwischenziel 4', en: 'interim target 4' },
};

/** What the value is called in its text: `Grenzwert`, `limit value`. */
export function kindName(limit: Pick<Limit, 'kind'>): Names {
  return KINDS[limit.kind];
}

/** The mean it is compared with: `Tagesmittel`, `daily mean`. */
export function averagingName(limit: Pick<Limit, 'averaging'>): Names {
  return AVERAGINGS[limit.averaging];
}

/**
 * One line that says which value this is, with averaging time, permitted number, text and period, and "unbestätigt"
 * where nobody has confirmed it: `PM10, Tagesmittel: 50 µg/m³, höchstens 35-mal im Jahr (Grenzwert, 39. BImSchV, seit
 * 2005)`.
 */
export function limitTitle(limit: Limit): Names {
  const title = (language: keyof Names) => {
    const value = language === 'de' ? String(limit.value).replace('.', ',') : String(limit.value);
    const origin = [KINDS[limit.kind][language], limit.instrument[language], periodText(limit)?.[language]];
    const head = `${POLLUTANTS[limit.pollutant][language]}, ${AVERAGINGS[limit.averaging][language]}: ${value} µg/m³`;
    return `${head}${permittedText(limit)?.[language] ?? ''} (${origin.filter((part) => part !== undefined).join(', ')})`;
  };
  return withMark({ de: title('de'), en: title('en') }, limit);
}

function permittedText({ permittedExceedances: permitted }: Limit): Names | undefined {
  if (permitted === undefined) return undefined;
  return {
    de: `, höchstens ${permitted}-mal im Jahr`,
    en: `, at most ${permitted} ${permitted === 1 ? 'time' : 'times'} a year`,
  };
}

function periodText({ validFrom, validTo, checkedOn }: Limit): Names | undefined {
  const [from, to] = [validFrom?.slice(0, 4), validTo?.slice(0, 4)];
  if (from !== undefined && to !== undefined) return { de: `${from} bis ${to}`, en: `${from} to ${to}` };
  if (to !== undefined) return { de: `bis ${to}`, en: `until ${to}` };
  if (from === undefined) return undefined;
  // What was still to come when the table was checked is never called past.
  const isComing = validFrom! > checkedOn;
  return isComing ? { de: `ab ${from}`, en: `from ${from} on` } : { de: `seit ${from}`, en: `since ${from}` };
}

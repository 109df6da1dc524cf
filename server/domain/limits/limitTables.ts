import type { Names } from '../names.ts';
import { FROM_MEMORY, type Sourced, transcribedOnlyIn, verifiedIn } from '../verification.ts';
import { EU_2008, EU_2024_TABLE_1, EU_2024_TABLE_2, EU_2024_THRESHOLDS } from './euLimits.ts';
import type { Limit, LimitPollutant } from './limitTable.ts';
import { AT_IGL, CH_LRV, DE_39_BIMSCHV } from './nationalLimits.ts';
import { WHO_2021 } from './whoLimits.ts';

/** Every value of every text. */
export const LIMITS: readonly Limit[] = [
  ...EU_2008,
  ...DE_39_BIMSCHV,
  ...EU_2024_TABLE_2,
  ...EU_2024_TABLE_1,
  ...EU_2024_THRESHOLDS,
  ...WHO_2021,
  ...AT_IGL,
  ...CH_LRV,
];

/** Least share of valid values for a statistic to count. */
export interface CaptureRule extends Sourced {
  id: 'hour' | '8h' | 'max8h' | 'day' | 'year.de' | 'year.2024' | 'year.ipr' | 'year.eea';
  names: Names;
  /** Whole percent, so that 7884 of 8760 hours are exactly enough. */
  percent: number;
}

const capture = (id: CaptureRule['id'], percent: number, names: Names, source: Sourced): CaptureRule => ({
  id,
  percent,
  names,
  ...source,
});

const HOURLY = verifiedIn('bimschv39', 'legislation-gov-uk-2007-64');

/** 39. BImSchV Anl. 11 and its like. There is no 85 % in German law as of the 2018 text. */
export const CAPTURE_RULES: readonly CaptureRule[] = [
  capture('hour', 75, { de: 'Stundenmittel', en: 'hourly mean' }, HOURLY),
  capture('8h', 75, { de: '8-Stunden-Mittel', en: '8-hour mean' }, HOURLY),
  capture('max8h', 75, { de: 'höchstes 8-Stunden-Mittel des Tages', en: 'daily maximum 8-hour mean' }, HOURLY),
  capture(
    'day',
    75,
    { de: 'Tagesmittel: 18 Stundenwerte', en: 'daily mean: 18 hourly values' },
    verifiedIn('bimschv39', 'legislation-gov-uk-2007-64', 'snpa-2024-2881'),
  ),
  capture(
    'year.de',
    90,
    {
      de: 'Jahresmittel nach 39. BImSchV (Kalibrierung und Wartung zählen nicht)',
      en: 'annual mean, 39. BImSchV (calibration and maintenance not counted)',
    },
    HOURLY,
  ),
  capture(
    'year.2024',
    85,
    {
      de: 'Jahreswerte nach (EU) 2024/2881, ortsfeste Messung',
      en: 'annual values, (EU) 2024/2881, fixed measurement',
    },
    verifiedIn('snpa-2024-2881'),
  ),
  capture(
    'year.ipr',
    85,
    {
      de: 'Jahreswerte nach dem Leitfaden zur Datenübermittlung (90 % weniger 5 % für Wartung)',
      en: 'annual values, e-reporting guidance (90 % less 5 % for maintenance)',
    },
    FROM_MEMORY,
  ),
  capture(
    'year.eea',
    75,
    { de: 'Jahreswerte in Auswertungen und Karten der EEA', en: 'annual values in EEA assessments and maps' },
    verifiedIn('eea-criteria', 'ipr-v41'),
  ),
];

/** Reduction of the average exposure that a start value (AEI, µg/m³) asks for. */
export interface ExposureReduction extends Sourced {
  regime: Names;
  pollutant: Exclude<LimitPollutant, 'pm10'>;
  /** Bound below of the start value, inclusive unless `isFromExclusive`; absent: none. */
  startFrom?: number;
  /** Bound above of the start value, exclusive unless `isToInclusive`; absent: none. */
  startTo?: number;
  isFromExclusive?: true;
  isToInclusive?: true;
  /** Percent to reduce; absent: all measures to reach `orLevel`. */
  percent?: number;
  /** Enough when this level is reached, µg/m³. */
  orLevel?: number;
}

const REGIME_2020: Names = {
  de: '2008/50/EG Anhang XIV B; 39. BImSchV Anlage 12 B (Zieljahr 2020)',
  en: '2008/50/EC Annex XIV B; 39. BImSchV Annex 12 B (target year 2020)',
};
const REGIME_2030: Names = {
  de: '(EU) 2024/2881 Anhang I Abschnitt 5 (ab 2030, gegen den AEI zehn Jahre zuvor)',
  en: '(EU) 2024/2881 Annex I Section 5 (from 2030, against the AEI ten years earlier)',
};
const old = { regime: REGIME_2020, pollutant: 'pm25', ...verifiedIn('bimschv39') } as const;
const coming = { regime: REGIME_2030, ...transcribedOnlyIn('snpa-2024-2881') } as const;

/** Exposure reduction steps. */
export const EXPOSURE_REDUCTIONS: readonly ExposureReduction[] = [
  { ...old, startTo: 8.5, isToInclusive: true, percent: 0 },
  { ...old, startFrom: 8.5, isFromExclusive: true, startTo: 13, percent: 10 },
  { ...old, startFrom: 13, startTo: 18, percent: 15 },
  { ...old, startFrom: 18, startTo: 22, percent: 20 },
  { ...old, startFrom: 22, orLevel: 18 },
  { ...coming, pollutant: 'pm25', startTo: 10, percent: 10, orLevel: 8.5 },
  { ...coming, pollutant: 'pm25', startFrom: 10, startTo: 12, percent: 15, orLevel: 9 },
  { ...coming, pollutant: 'pm25', startFrom: 12, percent: 25 },
  { ...coming, pollutant: 'no2', startTo: 20, percent: 15, orLevel: 15 },
  { ...coming, pollutant: 'no2', startFrom: 20, percent: 25 },
];

/** Average exposure concentration objectives of (EU) 2024/2881: three-year mean of urban background, µg/m³. */
export const EXPOSURE_OBJECTIVES = [
  { pollutant: 'pm25', value: 5, ...transcribedOnlyIn('snpa-2024-2881') },
  { pollutant: 'no2', value: 10, ...transcribedOnlyIn('snpa-2024-2881') },
] as const;

/** Rule of comparing that no table row carries. */
export interface ComparingRule extends Sourced {
  id: string;
  names: Names;
}

/** How statistics are compared with values. */
export const COMPARING_RULES: readonly ComparingRule[] = [
  {
    id: 'rounding-before-comparison',
    names: {
      de: 'Verglichen wird in der Genauigkeit, in der der Wert angegeben ist (50: ganze µg/m³); bis dahin wird nicht gerundet.',
      en: 'Compared at the accuracy in which the value is given (50: whole µg/m³); nothing is rounded before.',
    },
    ...verifiedIn('eea-criteria', 'ipr-v41'),
  },
  {
    id: 'rounding-half-up',
    names: { de: 'Halbe werden aufgerundet: 50,5 ist 51.', en: 'Halves are rounded up: 50.5 is 51.' },
    ...FROM_MEMORY,
  },
  {
    id: 'percentile-instead-of-count',
    names: {
      de: 'Bei lückenhaften PM10-Messungen gilt das 90,4-Perzentil der Tageswerte statt der Zahl der Tage.',
      en: 'With gaps in PM10, the 90.4 percentile of the daily values is judged instead of the count of days.',
    },
    ...verifiedIn('bimschv39', 'eea-map-thresholds'),
  },
  {
    id: 'ambient-conditions',
    names: {
      de: 'Feinstaub gilt bei Temperatur und Druck des Tages, Gase bei 293 K und 101,3 kPa.',
      en: 'Particulates refer to ambient temperature and pressure, gases to 293 K and 101.3 kPa.',
    },
    ...verifiedIn('bimschv39'),
  },
  {
    id: 'partial-year',
    names: {
      de: '(EU) 2024/2881 Anhang V verlangt die Abdeckung auch je Quartal, Monat und Wochentag.',
      en: '(EU) 2024/2881 Annex V asks for coverage per quarter, month and weekday too.',
    },
    ...transcribedOnlyIn('snpa-2024-2881'),
  },
  {
    id: 'no-legal-finding',
    names: {
      de: 'Ein Bürgersensor stellt nie eine Überschreitung fest: jeder Vergleich ist orientierend, nur das amtliche Messnetz entscheidet.',
      en: 'A citizen sensor never establishes a breach: every comparison is indicative, only the official network decides.',
    },
    sources: ['project', 'lubw'],
    verification: { kind: 'proposal' },
    isUnconfirmed: false,
  },
];

import type { Names } from './names.ts';
import { EEA_6, type Hex, US_EPA_6 } from './palettes.ts';
import { type RoundingRule, WHOLE_HALF_UP } from './roundingRule.ts';
import { FROM_MEMORY, ownChoice, type Sourced, verifiedIn } from './verification.ts';

/** What an index judges. Our sensors measure the first two; the gases are here so that the tables are whole. */
export type IndexPollutant = 'pm25' | 'pm10' | 'no2' | 'o3' | 'so2';

/** Mean an index asks for: closed clock hours, running 24 h, a calendar day, or a day and, for now, NowCast. */
export type IndexAveraging = 'hour' | 'running-24h' | 'day' | 'day-or-nowcast';

/** One class of an index. Health texts are left out: those read are own words from memory. */
export interface IndexClass {
  names: Names;
  colour: Hex;
}

interface IndexHead extends Sourced {
  id: string;
  names: Names;
  /** For labels of a few words: `LQI`. */
  shortNames: Names;
  publisher: string;
  status: 'current' | 'superseded' | 'historical';
  /** ISO date, cut to what is known (`2025`). Absent: not known. */
  validFrom?: string;
  /** Last day, as `validFrom`. Absent: open. */
  validTo?: string;
  /** When somebody last looked at the sources. */
  checkedOn: string;
  /** Offered only where the operator turned it on. */
  isBehindSetting?: true;
  classes: readonly IndexClass[];
  colours: Sourced;
  /** How the German (for LQI: English) class names are founded. */
  translation: Sourced;
  notes?: Names;
}

/** Classes by upper bounds, worst pollutant decides. */
export interface BandIndex extends IndexHead {
  kind: 'bands';
  rounding: RoundingRule;
  /** Founding of the rounding rule: publishers print whole numbers and do not say what 5.4 is. */
  roundingSource: Sourced;
  /** Inclusive upper bounds in µg/m³, best class first; one fewer than classes when the last class is open. */
  bounds: Partial<Record<IndexPollutant, { averaging: IndexAveraging; upper: readonly number[] }>>;
}

/** `[low, high, index at low, index at high]`, µg/m³. */
export type Breakpoint = readonly [number, number, number, number];

/** A number by straight lines between breakpoints; the class follows from the breakpoint. */
export interface LinearIndex extends IndexHead {
  kind: 'linear';
  breakpoints: Partial<
    Record<IndexPollutant, { averaging: IndexAveraging; rounding: RoundingRule; rows: readonly Breakpoint[] }>
  >;
}

/** A number by straight lines through a common grid of index values. */
export interface GridIndex extends IndexHead {
  kind: 'grid';
  grid: readonly number[];
  hour: Partial<Record<IndexPollutant, readonly number[]>>;
  day: Partial<Record<IndexPollutant, readonly number[]>>;
}

/** Day the tables were last compared with their sources. */
export const INDICES_CHECKED_ON = '2026-11-23';

const checkedOn = INDICES_CHECKED_ON;
const wholeNumbers = { rounding: WHOLE_HALF_UP, roundingSource: ownChoice() } as const;
const named = (de: string, en: string): Names => ({ de, en });

const EEA_NAMES: readonly Names[] = [
  named('Gut', 'Good'),
  named('Angemessen', 'Fair'),
  named('Mäßig', 'Moderate'),
  named('Schlecht', 'Poor'),
  named('Sehr schlecht', 'Very poor'),
  named('Extrem schlecht', 'Extremely poor'),
];
const LQI_NAMES: readonly Names[] = [
  named('sehr gut', 'very good'),
  named('gut', 'good'),
  named('mäßig', 'moderate'),
  named('schlecht', 'poor'),
  named('sehr schlecht', 'very poor'),
];
const US_NAMES: readonly Names[] = [
  named('Gut', 'Good'),
  named('Mäßig', 'Moderate'),
  named('Ungesund für empfindliche Gruppen', 'Unhealthy for Sensitive Groups'),
  named('Ungesund', 'Unhealthy'),
  named('Sehr ungesund', 'Very Unhealthy'),
  named('Gefährlich', 'Hazardous'),
];

function classes(names: readonly Names[], colours: readonly Hex[]): IndexClass[] {
  return names.map((each, at) => ({ names: each, colour: colours[at]! }));
}

const eeaColours = verifiedIn('airwatch', 'aeolus', 'feinstaub-map');

/** European index with the bands of 2024/25. Both sources trace to the EEA's page and ETC HE Report 2024/17. */
export const EAQI_2024: BandIndex = {
  id: 'eaqi-2024',
  kind: 'bands',
  names: named('Europäischer Luftqualitätsindex (neue Klassen)', 'European Air Quality Index (revised bands)'),
  shortNames: named('EAQI', 'EAQI'),
  publisher: 'European Environment Agency',
  status: 'current',
  validFrom: '2024',
  checkedOn,
  ...verifiedIn('airwatch', 'openmeteo'),
  ...wholeNumbers,
  bounds: {
    pm25: { averaging: 'hour', upper: [5, 15, 50, 90, 140] },
    pm10: { averaging: 'hour', upper: [15, 45, 120, 195, 270] },
    no2: { averaging: 'hour', upper: [10, 25, 60, 100, 150] },
    o3: { averaging: 'hour', upper: [60, 100, 120, 160, 180] },
    so2: { averaging: 'hour', upper: [20, 40, 125, 190, 275] },
  },
  classes: classes(EEA_NAMES, EEA_6),
  colours: eeaColours,
  translation: FROM_MEMORY,
  notes: named(
    'Umgestellt 2024/25; der genaue Tag ist nicht bekannt.',
    'Switched in 2024/25; the exact day is not known.',
  ),
};

/** European index until 2024: 24 h running means for particulates. To recognise older figures. */
export const EAQI_CLASSIC: BandIndex = {
  id: 'eaqi-classic',
  kind: 'bands',
  names: named(
    'Europäischer Luftqualitätsindex (sechs Klassen, bis 2024)',
    'European Air Quality Index (six levels, until 2024)',
  ),
  shortNames: named('EAQI (bis 2024)', 'EAQI (until 2024)'),
  publisher: 'European Environment Agency',
  status: 'superseded',
  validTo: '2024',
  checkedOn,
  ...verifiedIn('weewx-aqi', 'airwatch', 'openmeteo'),
  ...wholeNumbers,
  bounds: {
    pm25: { averaging: 'running-24h', upper: [10, 20, 25, 50, 75] },
    pm10: { averaging: 'running-24h', upper: [20, 40, 50, 100, 150] },
    no2: { averaging: 'hour', upper: [40, 90, 120, 230, 340] },
    o3: { averaging: 'hour', upper: [50, 100, 130, 240, 380] },
    so2: { averaging: 'hour', upper: [100, 200, 350, 500, 750] },
  },
  classes: classes(EEA_NAMES, EEA_6),
  colours: eeaColours,
  translation: FROM_MEMORY,
};

/** First version of the European index; its last class ends where the table ends. To recognise older figures. */
export const EAQI_2017: BandIndex = {
  id: 'eaqi-2017',
  kind: 'bands',
  names: named(
    'Europäischer Luftqualitätsindex (erste Fassung, fünf Klassen)',
    'European Air Quality Index (first version, five levels)',
  ),
  shortNames: named('EAQI (2017)', 'EAQI (2017)'),
  publisher: 'European Environment Agency',
  status: 'superseded',
  validFrom: '2017-11',
  checkedOn,
  ...verifiedIn('eea-discomap'),
  ...wholeNumbers,
  bounds: {
    pm25: { averaging: 'running-24h', upper: [10, 20, 25, 50, 800] },
    pm10: { averaging: 'running-24h', upper: [20, 35, 50, 100, 1200] },
    no2: { averaging: 'hour', upper: [40, 100, 200, 400, 1000] },
    o3: { averaging: 'hour', upper: [80, 120, 180, 240, 600] },
    so2: { averaging: 'hour', upper: [100, 200, 350, 500, 1250] },
  },
  classes: classes(EEA_NAMES.slice(0, 5), EEA_6),
  colours: eeaColours,
  translation: FROM_MEMORY,
};

/** German index since 2025, hourly means. UBA's English page misprints O3 "good" as 24-72. */
export const LQI_2025: BandIndex = {
  id: 'lqi-2025',
  kind: 'bands',
  names: named('Luftqualitätsindex des Umweltbundesamts (LQI, neu 2025)', 'German Air Quality Index (new, 2025)'),
  shortNames: named('LQI', 'LQI'),
  publisher: 'Umweltbundesamt',
  status: 'current',
  validFrom: '2025',
  checkedOn,
  ...verifiedIn('uba-lqi-new-de', 'uba-lqi-new-en'),
  ...wholeNumbers,
  bounds: {
    pm25: { averaging: 'hour', upper: [5, 15, 30, 50] },
    pm10: { averaging: 'hour', upper: [9, 27, 54, 90] },
    no2: { averaging: 'hour', upper: [10, 30, 60, 100] },
    o3: { averaging: 'hour', upper: [24, 72, 144, 240] },
    so2: { averaging: 'hour', upper: [10, 30, 60, 100] },
  },
  classes: classes(LQI_NAMES, EEA_6),
  colours: FROM_MEMORY,
  translation: verifiedIn('uba-lqi-new-en'),
};

/** German index until early 2025. To recognise older figures. */
export const LQI_OLD: BandIndex = {
  id: 'lqi-old',
  kind: 'bands',
  names: named(
    'Luftqualitätsindex des Umweltbundesamts (LQI, bis Anfang 2025)',
    'German Air Quality Index (until early 2025)',
  ),
  shortNames: named('LQI (bis 2025)', 'LQI (until 2025)'),
  publisher: 'Umweltbundesamt',
  status: 'superseded',
  validTo: '2025',
  checkedOn,
  ...verifiedIn('uba-lqi-old', 'lsa-lqi'),
  ...wholeNumbers,
  bounds: {
    pm25: { averaging: 'running-24h', upper: [10, 20, 25, 50] },
    pm10: { averaging: 'running-24h', upper: [20, 35, 50, 100] },
    no2: { averaging: 'hour', upper: [20, 40, 100, 200] },
    o3: { averaging: 'hour', upper: [60, 120, 180, 240] },
  },
  classes: classes(LQI_NAMES, EEA_6),
  colours: FROM_MEMORY,
  translation: verifiedIn('uba-lqi-new-en'),
};

const DAQI_COLOURS: readonly Hex[] = [
  '#9CFF9C',
  '#31FF00',
  '#31CF00',
  '#FFFF00',
  '#FFCF00',
  '#FF9A00',
  '#FF6464',
  '#FF0000',
  '#990000',
  '#CE30FF',
];
const DAQI_NAMES: readonly Names[] = [
  ...Array<Names>(3).fill(named('Niedrig', 'Low')),
  ...Array<Names>(3).fill(named('Mäßig', 'Moderate')),
  ...Array<Names>(3).fill(named('Hoch', 'High')),
  named('Sehr hoch', 'Very High'),
];

/** UK index, levels 1 to 10; under review. */
export const UK_DAQI: BandIndex = {
  id: 'uk-daqi',
  kind: 'bands',
  names: named('Täglicher Luftqualitätsindex (Vereinigtes Königreich)', 'UK Daily Air Quality Index'),
  shortNames: named('DAQI', 'DAQI'),
  publisher: 'Defra',
  status: 'current',
  checkedOn,
  isBehindSetting: true,
  ...verifiedIn('aeolus', 'weewx-aqi', 'aqipy'),
  rounding: WHOLE_HALF_UP,
  roundingSource: verifiedIn('aeolus', 'aqipy'),
  bounds: {
    pm25: { averaging: 'day', upper: [11, 23, 35, 41, 47, 53, 58, 64, 70] },
    pm10: { averaging: 'day', upper: [16, 33, 50, 58, 66, 75, 83, 91, 100] },
    no2: { averaging: 'hour', upper: [67, 134, 200, 267, 334, 400, 467, 534, 600] },
  },
  classes: classes(DAQI_NAMES, DAQI_COLOURS),
  colours: verifiedIn('openair', 'weewx-aqi'),
  translation: FROM_MEMORY,
};

/**
 * US index from 6 May 2024. Two public projects carry another table above 225.4; four others agree with this one. Above the table
 * the last line goes on, not capped at 500 (pyairnow, citing EPA 454/B-24-002).
 */
export const US_AQI_2024: LinearIndex = {
  id: 'us-aqi-2024',
  kind: 'linear',
  names: named('US-Luftqualitätsindex AQI (seit 6. Mai 2024)', 'US EPA Air Quality Index (from 6 May 2024)'),
  shortNames: named('US-AQI', 'US AQI'),
  publisher: 'US EPA',
  status: 'current',
  validFrom: '2024-05-06',
  checkedOn,
  isBehindSetting: true,
  ...verifiedIn('airmonitor', 'pyairnow', 'pirate', 'airgradient-pr'),
  breakpoints: {
    pm25: {
      averaging: 'day-or-nowcast',
      rounding: { kind: 'truncate', places: 1 },
      rows: [
        [0, 9, 0, 50],
        [9.1, 35.4, 51, 100],
        [35.5, 55.4, 101, 150],
        [55.5, 125.4, 151, 200],
        [125.5, 225.4, 201, 300],
        [225.5, 325.4, 301, 500],
      ],
    },
    pm10: {
      averaging: 'day-or-nowcast',
      rounding: { kind: 'truncate', places: 0 },
      rows: [
        [0, 54, 0, 50],
        [55, 154, 51, 100],
        [155, 254, 101, 150],
        [255, 354, 151, 200],
        [355, 424, 201, 300],
        [425, 604, 301, 500],
      ],
    },
  },
  classes: classes(US_NAMES, US_EPA_6),
  colours: verifiedIn('weewx-aqi'),
  translation: FROM_MEMORY,
};

/** Common Air Quality Index of the CITEAIR project. Historical. Above the grid there is no number, only "> 100". */
export const CAQI: GridIndex = {
  id: 'caqi',
  kind: 'grid',
  names: named('Gemeinsamer Luftqualitätsindex CAQI (CITEAIR)', 'Common Air Quality Index (CITEAIR)'),
  shortNames: named('CAQI', 'CAQI'),
  publisher: 'CITEAIR project',
  status: 'historical',
  checkedOn,
  isBehindSetting: true,
  ...verifiedIn('aqipy', 'weewx-aqi', 'moepp', 'atmotube-help', 'airqualitynow'),
  grid: [0, 25, 50, 75, 100],
  hour: {
    pm10: [0, 25, 50, 90, 180],
    pm25: [0, 15, 30, 55, 110],
    no2: [0, 50, 100, 200, 400],
    o3: [0, 60, 120, 180, 240],
  },
  day: { pm10: [0, 15, 30, 50, 100], pm25: [0, 10, 20, 30, 60] },
  classes: classes(
    [
      named('Sehr gering', 'Very low'),
      named('Gering', 'Low'),
      named('Mittel', 'Medium'),
      named('Hoch', 'High'),
      named('Sehr hoch', 'Very high'),
    ],
    ['#7ABC6A', '#BBCF4C', '#EEC209', '#DB8503', '#E8416F'],
  ),
  colours: verifiedIn('weewx-aqi'),
  translation: FROM_MEMORY,
};

/** Any index of the tables. */
export type IndexTable = BandIndex | LinearIndex | GridIndex;

/** All indices, those in force and offered by default first. */
export const INDICES: readonly IndexTable[] = [
  LQI_2025,
  EAQI_2024,
  US_AQI_2024,
  UK_DAQI,
  LQI_OLD,
  EAQI_CLASSIC,
  EAQI_2017,
  CAQI,
];

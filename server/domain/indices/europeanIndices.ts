import { WHOLE_HALF_UP } from '../limits/roundingRule.ts';
import type { Names } from '../names.ts';
import { FROM_MEMORY, ownChoice, verifiedIn } from '../verification.ts';
import { type BandIndex, INDICES_CHECKED_ON as checkedOn, classes } from './indexTable.ts';
import { EEA_6 } from './palettes.ts';

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

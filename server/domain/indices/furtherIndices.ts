import { WHOLE_HALF_UP } from '../limits/roundingRule.ts';
import type { Names } from '../names.ts';
import { FROM_MEMORY, verifiedIn } from '../verification.ts';
import {
  type BandIndex,
  INDICES_CHECKED_ON as checkedOn,
  classes,
  type GridIndex,
  type LinearIndex,
} from './indexTable.ts';
import { type Hex, US_EPA_6 } from './palettes.ts';

const named = (de: string, en: string): Names => ({ de, en });

const US_NAMES: readonly Names[] = [
  named('Gut', 'Good'),
  named('Mäßig', 'Moderate'),
  named('Ungesund für empfindliche Gruppen', 'Unhealthy for Sensitive Groups'),
  named('Ungesund', 'Unhealthy'),
  named('Sehr ungesund', 'Very Unhealthy'),
  named('Gefährlich', 'Hazardous'),
];

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
 * US index from 6 May 2024. Two public projects carry another table above 225.4; four others agree with this one.
 * Above the table the last line goes on, not capped at 500 (pyairnow, citing EPA 454/B-24-002).
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

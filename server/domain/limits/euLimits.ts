import { FROM_MEMORY, transcribedOnlyIn, verifiedIn } from '../verification.ts';
import { type Limit, limitRows } from './limitTable.ts';

/** 2008/50/EC is repealed with effect from 12 December 2026 (2024/2881 Art. 31). */
const LAST_DAY_OF_2008 = '2026-12-11';

const row2008 = limitRows({
  jurisdiction: 'EU',
  instrument: { de: 'Richtlinie 2008/50/EG', en: 'Directive 2008/50/EC' },
  validTo: LAST_DAY_OF_2008,
  notes: {
    de: 'Derselbe Wert steht bis Ende 2029 in Richtlinie (EU) 2024/2881, Anhang I Tabelle 2.',
    en: 'The same value stands until the end of 2029 in Directive (EU) 2024/2881, Annex I Table 2.',
  },
});
const own2008 = limitRows({
  jurisdiction: 'EU',
  instrument: { de: 'Richtlinie 2008/50/EG', en: 'Directive 2008/50/EC' },
  validTo: LAST_DAY_OF_2008,
});

const PM10_2008 = verifiedIn('bimschv39', 'eea-limit-pages', 'snpa-2024-2881', 'stmuv');
const NO2_2008 = verifiedIn('bimschv39', 'stmuv', 'snpa-2024-2881', 'airwatch');

/** Directive 2008/50/EC. */
export const EU_2008: readonly Limit[] = [
  row2008(
    'eu2008.pm10.day',
    'pm10',
    'day',
    50,
    { kind: 'limit', permittedExceedances: 35, validFrom: '2005-01-01' },
    PM10_2008,
  ),
  row2008('eu2008.pm10.year', 'pm10', 'year', 40, { kind: 'limit', validFrom: '2005-01-01' }, PM10_2008),
  row2008(
    'eu2008.pm25.year',
    'pm25',
    'year',
    25,
    { kind: 'limit', validFrom: '2015-01-01' },
    verifiedIn('bimschv39', 'snpa-2024-2881', 'stmuv'),
  ),
  own2008(
    'eu2008.pm25.year.stage2',
    'pm25',
    'year',
    20,
    {
      kind: 'indicative-limit',
      validFrom: '2020-01-01',
      notes: {
        de: 'Stufe 2 (Anhang XIV E), nie verbindlich geworden.',
        en: 'Stage 2 (Annex XIV E), never made binding.',
      },
    },
    FROM_MEMORY,
  ),
  own2008(
    'eu2008.pm25.aei.eco',
    'pm25',
    'three-year-exposure',
    20,
    {
      kind: 'exposure-obligation',
      instrument: {
        de: 'Richtlinie 2008/50/EG; 39. BImSchV § 5(4), Anlage 12 C',
        en: 'Directive 2008/50/EC; 39. BImSchV § 5(4), Annex 12 C',
      },
      validFrom: '2015-01-01',
      notes: {
        de: 'Mittel über drei Jahre und die Stationen im städtischen Hintergrund (AEI).',
        en: 'Mean over three years and the urban background stations (AEI).',
      },
    },
    verifiedIn('bimschv39'),
  ),
  row2008(
    'eu2008.no2.hour',
    'no2',
    'hour',
    200,
    { kind: 'limit', permittedExceedances: 18, validFrom: '2010-01-01' },
    NO2_2008,
  ),
  row2008('eu2008.no2.year', 'no2', 'year', 40, { kind: 'limit', validFrom: '2010-01-01' }, NO2_2008),
  own2008(
    'eu2008.no2.alert',
    'no2',
    'three-hours',
    400,
    {
      kind: 'alert',
      instrument: { de: 'Richtlinie 2008/50/EG; 39. BImSchV § 3(3)', en: 'Directive 2008/50/EC; 39. BImSchV § 3(3)' },
      notes: {
        de: 'Drei aufeinanderfolgende Stunden auf mindestens 100 km² oder im ganzen Gebiet.',
        en: 'Three consecutive hours over at least 100 km² or the whole zone.',
      },
    },
    verifiedIn('bimschv39'),
  ),
];

const row2026 = limitRows({
  jurisdiction: 'EU',
  instrument: { de: 'Richtlinie (EU) 2024/2881, Anhang I Tabelle 2', en: 'Directive (EU) 2024/2881, Annex I Table 2' },
  // To be attained by this day; 2008/50/EC still stands on it, with the same numbers.
  validFrom: '2026-12-11',
  validTo: '2029-12-31',
  notes: { de: 'Führt den Wert von 2008/50/EG fort.', en: 'Continues the value of 2008/50/EC.' },
});
const TABLE_2 = verifiedIn('snpa-2024-2881', 'airwatch');

/** Directive (EU) 2024/2881, Table 2: the numbers of 2008 until the end of 2029. */
export const EU_2024_TABLE_2: readonly Limit[] = [
  row2026('eu2024.t2.pm10.day', 'pm10', 'day', 50, { kind: 'limit', permittedExceedances: 35 }, TABLE_2),
  row2026('eu2024.t2.pm10.year', 'pm10', 'year', 40, { kind: 'limit' }, TABLE_2),
  row2026('eu2024.t2.pm25.year', 'pm25', 'year', 25, { kind: 'limit' }, TABLE_2),
  row2026('eu2024.t2.no2.hour', 'no2', 'hour', 200, { kind: 'limit', permittedExceedances: 18 }, TABLE_2),
  row2026('eu2024.t2.no2.year', 'no2', 'year', 40, { kind: 'limit' }, TABLE_2),
];

const row2030 = limitRows({
  jurisdiction: 'EU',
  instrument: { de: 'Richtlinie (EU) 2024/2881, Anhang I Tabelle 1', en: 'Directive (EU) 2024/2881, Annex I Table 1' },
  validFrom: '2030-01-01',
  notes: {
    de: 'Einzuhalten ab 1. Januar 2030. Aufschub nach Art. 18 möglich: bis 1. Januar 2040 (Ausbreitung, Gelände, Klima, ferne Quellen, Heizungstausch) oder bis 1. Januar 2035 und höchstens zwei Jahre länger.',
    en: 'To be attained by 1 January 2030. Art. 18 allows postponement: to 1 January 2040 (dispersion, orography, climate, transboundary sources, replacement of heating) or to 1 January 2035 plus at most two years.',
  },
});
const TABLE_1 = verifiedIn('snpa-2024-2881', 'airwatch', 'rpt-bw');

/** Directive (EU) 2024/2881, Table 1: binding from 2030. */
export const EU_2024_TABLE_1: readonly Limit[] = [
  row2030('eu2024.t1.pm25.day', 'pm25', 'day', 25, { kind: 'limit', permittedExceedances: 18 }, TABLE_1),
  row2030('eu2024.t1.pm25.year', 'pm25', 'year', 10, { kind: 'limit' }, TABLE_1),
  row2030('eu2024.t1.pm10.day', 'pm10', 'day', 45, { kind: 'limit', permittedExceedances: 18 }, TABLE_1),
  row2030('eu2024.t1.pm10.year', 'pm10', 'year', 20, { kind: 'limit' }, TABLE_1),
  row2030('eu2024.t1.no2.hour', 'no2', 'hour', 200, { kind: 'limit', permittedExceedances: 3 }, TABLE_2),
  row2030('eu2024.t1.no2.day', 'no2', 'day', 50, { kind: 'limit', permittedExceedances: 18 }, TABLE_2),
  row2030('eu2024.t1.no2.year', 'no2', 'year', 20, { kind: 'limit' }, TABLE_1),
];

const rowThreshold = limitRows({
  jurisdiction: 'EU',
  instrument: {
    de: 'Richtlinie (EU) 2024/2881, Anhang I Abschnitt 4',
    en: 'Directive (EU) 2024/2881, Annex I Section 4',
  },
  validFrom: '2026-12-11',
});
const ONE_TRANSCRIPTION = transcribedOnlyIn('snpa-2024-2881');

/**
 * Alert and information thresholds of (EU) 2024/2881: one transcription, to be checked against the Official Journal.
 */
export const EU_2024_THRESHOLDS: readonly Limit[] = [
  rowThreshold('eu2024.alert.pm25', 'pm25', 'three-days', 50, { kind: 'alert' }, ONE_TRANSCRIPTION),
  rowThreshold('eu2024.alert.pm10', 'pm10', 'three-days', 90, { kind: 'alert' }, ONE_TRANSCRIPTION),
  rowThreshold('eu2024.alert.no2', 'no2', 'three-hours', 200, { kind: 'alert' }, ONE_TRANSCRIPTION),
  rowThreshold('eu2024.information.pm25', 'pm25', 'day', 50, { kind: 'information' }, ONE_TRANSCRIPTION),
  rowThreshold('eu2024.information.pm10', 'pm10', 'day', 90, { kind: 'information' }, ONE_TRANSCRIPTION),
  rowThreshold('eu2024.information.no2', 'no2', 'hour', 150, { kind: 'information' }, ONE_TRANSCRIPTION),
];

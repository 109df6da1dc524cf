import { verifiedIn } from '../verification.ts';
import { type Limit, limitRows } from './limitTable.ts';

const german = limitRows({
  jurisdiction: 'DE',
  instrument: { de: '39. BImSchV', en: '39. BImSchV' },
  notes: {
    de: 'Textstand November 2018. Ob und wie Richtlinie (EU) 2024/2881 am 23. November 2026 in deutsches Recht umgesetzt war, ließ sich nicht feststellen.',
    en: 'Text of November 2018. Whether and how Germany had transposed Directive (EU) 2024/2881 by 23 November 2026 could not be established.',
  },
});
const THREE = verifiedIn('bimschv39', 'stmuv', 'digitale-gesetze');

/** German ordinance, state of November 2018. */
export const DE_39_BIMSCHV: readonly Limit[] = [
  german(
    'de39.pm10.day',
    'pm10',
    'day',
    50,
    { kind: 'limit', permittedExceedances: 35, validFrom: '2005-01-01' },
    THREE,
  ),
  german('de39.pm10.year', 'pm10', 'year', 40, { kind: 'limit', validFrom: '2005-01-01' }, THREE),
  german('de39.pm25.year', 'pm25', 'year', 25, { kind: 'limit', validFrom: '2015-01-01' }, THREE),
  german(
    'de39.no2.hour',
    'no2',
    'hour',
    200,
    { kind: 'limit', permittedExceedances: 18, validFrom: '2010-01-01' },
    THREE,
  ),
  german('de39.no2.year', 'no2', 'year', 40, { kind: 'limit', validFrom: '2010-01-01' }, THREE),
];

const austrian = limitRows({ jurisdiction: 'AT', instrument: { de: 'IG-L', en: 'IG-L (Austria)' } });
const austrianIn = (annex: string) => ({ de: `IG-L Anlage ${annex}`, en: `IG-L Annex ${annex} (Austria)` });

/** Austria, Immissionsschutzgesetz-Luft. */
export const AT_IGL: readonly Limit[] = [
  austrian(
    'at.pm10.day',
    'pm10',
    'day',
    50,
    {
      kind: 'limit',
      instrument: austrianIn('1a'),
      permittedExceedances: 25,
      validFrom: '2010-01-01',
      notes: {
        de: 'Strenger als der geltende EU-Wert: 25 statt 35 Tage.',
        en: 'Stricter than the EU value in force: 25 instead of 35 days.',
      },
    },
    verifiedIn('at-igl', 'at-noe', 'at-sbg'),
  ),
  austrian('at.pm10.year', 'pm10', 'year', 40, { kind: 'limit' }, verifiedIn('at-igl', 'at-noe', 'at-sbg')),
  austrian(
    'at.pm25.year',
    'pm25',
    'year',
    25,
    { kind: 'limit', instrument: austrianIn('1b') },
    verifiedIn('at-igl', 'at-noe'),
  ),
  austrian('at.no2.halfhour', 'no2', 'half-hour', 200, { kind: 'limit' }, verifiedIn('at-igl', 'at-noe')),
  austrian(
    'at.no2.year',
    'no2',
    'year',
    30,
    {
      kind: 'limit',
      marginOfTolerance: 5,
      notes: {
        de: 'Dazu eine seit 2010 gleich gebliebene Toleranzmarge von 5, in der Praxis also 35.',
        en: 'Plus a margin of tolerance of 5, constant since 2010, so 35 in practice.',
      },
    },
    verifiedIn('at-igl', 'at-9dok'),
  ),
  austrian(
    'at.no2.day',
    'no2',
    'day',
    80,
    { kind: 'target', instrument: austrianIn('5a') },
    verifiedIn('at-igl', 'at-sbg'),
  ),
];

const swiss = limitRows({
  jurisdiction: 'CH',
  instrument: { de: 'LRV Anhang 7', en: 'LRV Annex 7 (Switzerland)' },
});
const NO2_CH = verifiedIn('ch-ortsplanung', 'ch-ostluft');

/** Switzerland, Luftreinhalte-Verordnung. Adaptation to WHO 2021 was under review in March 2024; outcome not read. */
export const CH_LRV: readonly Limit[] = [
  swiss(
    'ch.pm10.year',
    'pm10',
    'year',
    20,
    { kind: 'limit' },
    verifiedIn('ch-ortsplanung', 'ch-feinstaub', 'ch-ostluft'),
  ),
  swiss(
    'ch.pm10.day',
    'pm10',
    'day',
    50,
    {
      kind: 'limit',
      permittedExceedances: 3,
      validFrom: '2018-06-01',
      notes: { de: 'Vor Juni 2018: höchstens einmal im Jahr.', en: 'Before June 2018: at most once a year.' },
    },
    verifiedIn('ch-ortsplanung', 'ch-feinstaub'),
  ),
  swiss(
    'ch.pm25.year',
    'pm25',
    'year',
    10,
    {
      kind: 'limit',
      validFrom: '2018-06-01',
      notes: {
        de: 'Die Anpassung an WHO 2021 wurde im März 2024 geprüft (BAFU).',
        en: 'Adaptation to WHO 2021 was under review in March 2024 (BAFU).',
      },
    },
    verifiedIn('ch-ortsplanung', 'ch-feinstaub'),
  ),
  swiss('ch.no2.year', 'no2', 'year', 30, { kind: 'limit' }, NO2_CH),
  swiss('ch.no2.day', 'no2', 'day', 80, { kind: 'limit', permittedExceedances: 1 }, NO2_CH),
  swiss('ch.no2.p95', 'no2', 'half-hour', 100, { kind: 'limit', percentile: 95 }, NO2_CH),
];

import type { SourceKey } from '../sourceTable.ts';
import { ownChoice, verifiedIn } from '../verification.ts';
import { type Limit, type LimitAveraging, type LimitKind, type LimitPollutant, limitRows } from './limitTable.ts';

const row = limitRows({
  jurisdiction: 'WHO',
  instrument: {
    de: 'WHO-Leitlinien zur Luftqualität 2021, Tabelle 0.1',
    en: 'WHO global air quality guidelines 2021, Table 0.1',
  },
  notes: { de: 'Empfehlung, kein Recht.', en: 'A recommendation, not law.' },
});

/**
 * The 24-hour levels are the 99th percentile of the year's daily means, that is three to four days above. WHO fixes
 * no percentile method: counted here as at most three days above, or the fourth highest value of a complete year.
 */
const NINETY_NINTH = {
  percentile: 99,
  permittedExceedances: 3,
  permittedSource: ownChoice('airwatch', 'rpt-bw'),
} as const;

const KINDS: readonly [string, LimitKind][] = [
  ['it1', 'interim-target-1'],
  ['it2', 'interim-target-2'],
  ['it3', 'interim-target-3'],
  ['it4', 'interim-target-4'],
  ['aqg', 'guideline'],
];

interface Level {
  pollutant: LimitPollutant;
  averaging: LimitAveraging & ('day' | 'year');
  /** Interim targets 1 to 4 and the guideline; undefined where WHO sets none. */
  values: readonly (number | undefined)[];
  sources: readonly SourceKey[];
  guidelineSources: readonly SourceKey[];
}

function levels({ pollutant, averaging, values, sources, guidelineSources }: Level): Limit[] {
  return KINDS.flatMap(([suffix, kind], at) => {
    const value = values[at];
    if (value === undefined) return [];
    const statistic = averaging === 'day' ? NINETY_NINTH : {};
    const source = verifiedIn(...(kind === 'guideline' ? guidelineSources : sources));
    return [
      row(`who2021.${pollutant}.${averaging}.${suffix}`, pollutant, averaging, value, { kind, ...statistic }, source),
    ];
  });
}

const PM: readonly SourceKey[] = ['airwatch', 'airclim', 'stateofglobalair'];
const NO2: readonly SourceKey[] = ['airwatch', 'airclim'];
const pm = { sources: PM, guidelineSources: [...PM, 'rpt-bw'] as readonly SourceKey[] };

/** WHO 2021, interim targets and guideline levels. */
export const WHO_2021: readonly Limit[] = [
  ...levels({ pollutant: 'pm25', averaging: 'year', values: [35, 25, 15, 10, 5], ...pm }),
  ...levels({ pollutant: 'pm25', averaging: 'day', values: [75, 50, 37.5, 25, 15], ...pm }),
  ...levels({ pollutant: 'pm10', averaging: 'year', values: [70, 50, 30, 20, 15], ...pm }),
  ...levels({ pollutant: 'pm10', averaging: 'day', values: [150, 100, 75, 50, 45], ...pm }),
  ...levels({
    pollutant: 'no2',
    averaging: 'year',
    values: [40, 30, 20, undefined, 10],
    sources: NO2,
    guidelineSources: [...NO2, 'rpt-bw'],
  }),
  ...levels({
    pollutant: 'no2',
    averaging: 'day',
    values: [120, 50, undefined, undefined, 25],
    sources: NO2,
    guidelineSources: NO2,
  }),
  row(
    'who.no2.hour',
    'no2',
    'hour',
    200,
    {
      kind: 'guideline',
      instrument: { de: 'WHO 2021 (übernommen aus 2005)', en: 'WHO 2021 (retained from 2005)' },
      notes: {
        de: 'Empfehlung, kein Recht; 2021 nicht neu bewertet.',
        en: 'A recommendation, not law; not re-evaluated in 2021.',
      },
    },
    verifiedIn('airwatch'),
  ),
];

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  confirmationNote,
  decidingRank,
  equivalentPercentile,
  isAbove,
  isBeyondPermitted,
  isCaptureReached,
  isoDate,
  limitById,
  limitsComing,
  limitsInForce,
  needsConfirmation,
} from '../../../server/domain/limits/limits.ts';
import type { Limit } from '../../../server/domain/limits/limitTable.ts';
import {
  CAPTURE_RULES,
  COMPARING_RULES,
  EXPOSURE_OBJECTIVES,
  EXPOSURE_REDUCTIONS,
  LIMITS,
} from '../../../server/domain/limits/limitTables.ts';
import { averagingName, kindName, limitTitle } from '../../../server/domain/limits/limitTexts.ts';
import { SOURCES } from '../../../server/domain/sourceTable.ts';
import { unconfirmedMark, verificationText } from '../../../server/domain/verification.ts';
import { goldenTable, runVectors } from '../../support/goldenVectors.ts';

interface TableRow {
  id: string;
  jurisdiction: string;
  pollutant: string;
  value: number;
  permitted_exceedances_per_calendar_year?: number;
  equivalent_rank_of_daily_values?: number;
  equivalent_percentile_365_days?: number;
  margin_of_tolerance?: number;
  applies_from?: string;
  applies_until?: string;
  statistic?: string;
  note?: string;
  source: string[];
  verification: string;
}
interface GoldenInput {
  limit_id?: string;
  daily_mean?: string;
  exceedance_days?: number;
  valid_hours?: number;
  hours?: number;
}
const table = JSON.parse(readFileSync(new URL('../../fixtures/tables/limits.json', import.meta.url), 'utf8')) as {
  limits: TableRow[];
  exposure_reduction: unknown[];
  sources: Record<string, string>;
};
const limit = (id: string) => limitById(id)!;
const POLLUTANTS: Record<string, string> = { pm25: 'PM2.5', pm10: 'PM10', no2: 'NO2' };

describe('the limit table', () => {
  it('has every row of the fixture and no other', () => {
    expect(LIMITS.map((row) => row.id).sort()).toEqual(table.limits.map((row) => row.id).sort());
  });

  it.each(table.limits)('$id agrees with the fixture', (row) => {
    const ours = limit(row.id);
    expect(ours.value).toBe(row.value);
    expect(ours.jurisdiction).toBe(row.jurisdiction);
    expect(POLLUTANTS[ours.pollutant]).toBe(row.pollutant);
    expect(ours.validFrom).toBe(row.applies_from);
    expect(ours.validTo).toBe(row.applies_until);
    expect(ours.marginOfTolerance).toBe(row.margin_of_tolerance);
    expect([...ours.sources].sort()).toEqual([...row.source].sort());
    if (row.statistic === undefined)
      expect(ours.permittedExceedances).toBe(row.permitted_exceedances_per_calendar_year);
    else expect(row.statistic).toContain(String(ours.percentile));
    if (row.equivalent_rank_of_daily_values === undefined) return;
    expect(decidingRank(ours)).toBe(row.equivalent_rank_of_daily_values);
    expect(equivalentPercentile(ours)).toBe(row.equivalent_percentile_365_days);
  });

  it.each(table.limits)('$id is marked as the fixture is', (row) => {
    const mustBeMarked = row.verification.includes('memory') || (row.note ?? '').includes('check against the OJ');
    expect(limit(row.id).isUnconfirmed).toBe(mustBeMarked);
    const expectedText = row.verification.includes('memory')
      ? 'from memory'
      : row.verification.replace('verified in', 'read in').replace('in 1 source', 'in one source');
    expect(verificationText(limit(row.id).verification).en).toBe(expectedText);
  });

  it('has all exposure steps and objectives of the fixture', () => {
    expect(EXPOSURE_REDUCTIONS.length + EXPOSURE_OBJECTIVES.length).toBe(table.exposure_reduction.length);
  });

  it('cites only listed sources', () => {
    expect(SOURCES).toMatchObject(table.sources);
    for (const entry of [...LIMITS, ...CAPTURE_RULES, ...EXPOSURE_REDUCTIONS, ...COMPARING_RULES]) {
      for (const key of entry.sources) expect(Object.keys(SOURCES)).toContain(key);
    }
  });
});

describe('an unconfirmed value', () => {
  const unconfirmed = LIMITS.filter((row) => row.isUnconfirmed);

  it('is shown as such in both languages, and only it', () => {
    expect(unconfirmed).toHaveLength(7);
    for (const row of LIMITS) {
      expect(limitTitle(row).de.endsWith('(unbestätigt)')).toBe(row.isUnconfirmed);
      expect(limitTitle(row).en.endsWith('(unconfirmed)')).toBe(row.isUnconfirmed);
    }
  });

  it('is every one from memory', () => {
    for (const row of [...LIMITS, ...CAPTURE_RULES, ...COMPARING_RULES]) {
      if (row.verification.kind === 'memory')
        expect(unconfirmedMark(row)).toEqual({ de: 'unbestätigt', en: 'unconfirmed' });
    }
  });
});

it('each way an entry is founded has its words', () => {
  const words = (['computed', 'derived', 'memory', 'proposal'] as const).map((kind) => verificationText({ kind }).de);
  expect(words).toEqual([
    'berechnet',
    'aus belegtem Text abgeleitet',
    'aus dem Gedächtnis',
    'eigene Festlegung dieses Projekts',
  ]);
});

describe('limitTitle', () => {
  it.each([
    ['de39.pm10.day', 'PM10, Tagesmittel: 50 µg/m³, höchstens 35-mal im Jahr (Grenzwert, 39. BImSchV, seit 2005)'],
    [
      'eu2024.t1.pm25.year',
      'PM2,5, Jahresmittel: 10 µg/m³ (Grenzwert, Richtlinie (EU) 2024/2881, Anhang I Tabelle 1, ab 2030)',
    ],
    [
      'who2021.pm25.day.it3',
      'PM2,5, Tagesmittel: 37,5 µg/m³, höchstens 3-mal im Jahr (Zwischenziel 3, WHO-Leitlinien zur Luftqualität 2021, Tabelle 0.1)',
    ],
  ])('%s', (id, title) => {
    expect(limitTitle(limit(id)).de).toBe(title);
  });

  it.each([
    ['eu2008.pm10.year', 'PM10, annual mean: 40 µg/m³ (limit value, Directive 2008/50/EC, 2005 to 2026)'],
    [
      'eu2008.no2.alert',
      'NO2, hourly mean, three consecutive hours: 400 µg/m³ (alert threshold, Directive 2008/50/EC; 39. BImSchV § 3(3), until 2026)',
    ],
    ['ch.no2.day', 'NO2, daily mean: 80 µg/m³, at most 1 time a year (limit value, LRV Annex 7 (Switzerland))'],
  ])('%s', (id, title) => {
    expect(limitTitle(limit(id)).en).toBe(title);
  });

  it('names kind and mean', () => {
    expect(kindName(limit('at.no2.day')).de).toBe('Zielwert');
    expect(averagingName(limit('at.no2.day')).de).toBe('Tagesmittel');
  });
});

describe('what is in force', () => {
  const ids = (rows: Limit[]) => rows.map((row) => row.id);
  const eu = (on: string) => ids(limitsInForce(on, { jurisdictions: ['EU'], pollutants: ['pm10'] }));

  it('the 2008 values hold until 11 December 2026, the same numbers afterwards', () => {
    expect(eu('2026-12-10')).toEqual(['eu2008.pm10.day', 'eu2008.pm10.year']);
    expect(eu('2026-12-12')).toEqual([
      'eu2024.t2.pm10.day',
      'eu2024.t2.pm10.year',
      'eu2024.alert.pm10',
      'eu2024.information.pm10',
    ]);
    const values = (on: string) =>
      limitsInForce(on, { jurisdictions: ['EU'] })
        .filter((row) => row.kind === 'limit')
        .map((row) => [row.pollutant, row.averaging, row.value, row.permittedExceedances]);
    expect(values('2026-12-12').sort()).toEqual(values('2026-12-10').sort());
  });

  it('the stricter values are not in force before 2030, and are announced', () => {
    expect(eu('2029-12-31')).not.toContain('eu2024.t1.pm10.day');
    expect(eu('2030-01-01')).toContain('eu2024.t1.pm10.day');
    expect(eu('2030-01-01')).not.toContain('eu2024.t2.pm10.day');
    expect(ids(limitsComing('2026-11-23', { jurisdictions: ['EU'], pollutants: ['pm25'] }))).toEqual([
      'eu2024.t2.pm25.year',
      'eu2024.alert.pm25',
      'eu2024.information.pm25',
      'eu2024.t1.pm25.day',
      'eu2024.t1.pm25.year',
    ]);
  });

  it('without a filter all texts are asked', () => {
    expect(new Set(limitsInForce('2026-11-23').map((row) => row.jurisdiction))).toEqual(
      new Set(['EU', 'DE', 'AT', 'CH', 'WHO']),
    );
    expect(limitById('nowhere')).toBeUndefined();
  });

  it('after the known change nobody confirmed, this is said', () => {
    expect(needsConfirmation('2026-12-11')).toBe(false);
    expect(confirmationNote('2026-12-11')).toBeUndefined();
    expect(needsConfirmation('2026-12-12')).toBe(true);
    expect(confirmationNote('2027-03-01')?.de).toBe(
      'Am 12.12.2026 hat sich das Recht geändert; diese Werte wurden zuletzt am 23.11.2026 geprüft und seither nicht bestätigt.',
    );
    const law = { checkedOn: '2026-11-23', nextChange: '2026-12-12' };
    expect(needsConfirmation('2027-03-01', { ...law, confirmedOn: '2026-12-01' })).toBe(true);
    expect(needsConfirmation('2027-03-01', { ...law, confirmedOn: '2026-12-12' })).toBe(false);
    expect(needsConfirmation('2027-03-01', { ...law, confirmedOn: '2026-12-14' })).toBe(false);
  });

  it('a date is taken at UTC+1 all year', () => {
    expect(isoDate(Date.parse('2026-12-11T22:59:59Z'))).toBe('2026-12-11');
    expect(isoDate(Date.parse('2026-12-11T23:00:00Z'))).toBe('2026-12-12');
    expect(isoDate(Date.parse('2026-07-01T22:30:00Z'), 0)).toBe('2026-07-01');
  });
});

describe('comparing', () => {
  it('of no number is no answer', () => {
    expect(isAbove(limit('de39.pm10.day'), Number.NaN)).toBeUndefined();
  });

  it('a value printed with a decimal is compared at a decimal', () => {
    expect(isAbove(limit('who2021.pm25.day.it3'), 37.54)).toBe(false);
    expect(isAbove(limit('who2021.pm25.day.it3'), 37.55)).toBe(true);
  });

  it('a rule without a count permits none, and nothing is not coverage', () => {
    expect(decidingRank(limit('eu2024.information.pm25'))).toBe(1);
    expect(equivalentPercentile(limit('eu2024.information.pm25'))).toBe(100);
    expect(isBeyondPermitted(limit('eu2024.information.pm25'), 1)).toBe(true);
    expect(isCaptureReached('day', 0, 0)).toBe(false);
  });
});

it('every golden vector of limits.json holds', () => {
  const { golden } = goldenTable('limits');
  const { ran, wrong } = runVectors(golden, ({ input, rule }) => {
    const { limit_id, daily_mean, exceedance_days, valid_hours, hours = 24 } = input as GoldenInput;
    if (daily_mean !== undefined) return { exceeds: isAbove(limit(limit_id!), Number(daily_mean)) };
    if (exceedance_days !== undefined) return { breach: isBeyondPermitted(limit(limit_id!), exceedance_days) };
    const { id } = CAPTURE_RULES.find((each) => each.id === rule)!;
    return { valid: isCaptureReached(id, valid_hours!, hours) };
  });
  expect(wrong).toEqual([]);
  expect(ran).toBe(golden.length);
  expect(ran).toBe(25);
});

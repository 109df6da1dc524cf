import { describe, expect, it } from '@jest/globals';
import {
  CORRECTION_IDS,
  CORRECTIONS,
  correctByFormula,
  correctionById,
  correctionsFor,
} from '../../../server/domain/correction/correction.ts';
import { type GrowthFormula, growthFactor } from '../../../server/domain/correction/humidityGrowth.ts';
import { barkjohn2021, epaPiecewise } from '../../../server/domain/correction/purpleAir.ts';
import { applyFactor, referenceFactor, shareFromOthers } from '../../../server/domain/correction/referenceRatio.ts';
import {
  expandedUncertainty,
  HUMID_EXCESS,
  QUALITY_OBJECTIVES,
  STANDING_TEXT,
  uncertaintyOrigin,
} from '../../../server/domain/correction/uncertainty.ts';
import { type GoldenVector, goldenTable, runVectors } from '../../support/goldenVectors.ts';

const fixture = goldenTable('correction') as unknown as {
  golden: GoldenVector[];
  data_quality_objectives: {
    id: string;
    pollutant: string;
    averaging: string;
    fixed: { absolute: number; percent: number };
    indicative: { absolute: number; percent: number };
  }[];
};

describe('what is offered', () => {
  const ids = (sensor: string, isResearch = false) => correctionsFor(sensor, { isResearch }).map(({ id }) => id);

  it('by default raw, then the ratio to a reference station', () => {
    expect(ids('sds011')).toEqual(['raw', 'reference-ratio']);
    expect(ids('pms5003')).toEqual(['raw', 'reference-ratio']);
    expect(ids('something-new')).toEqual(['raw', 'reference-ratio']);
  });

  it('no formula made for another sensor type is offered for SDS011, not even for research', () => {
    for (const sensor of ['sds011', 'sds011-2']) {
      expect(ids(sensor, true)).toEqual(['raw', 'reference-ratio', 'gamma-de', 'gamma-bishkek']);
      for (const { id, madeFor } of CORRECTIONS) {
        if (madeFor === 'any' || madeFor.includes('sds011')) continue;
        expect(correctByFormula(id, { sensor, quantity: 'pm25', raw: 20, humidity: 50 })).toBeUndefined();
      }
    }
  });

  it('every correction is found by its id and carries a version', () => {
    expect(CORRECTIONS.map(({ id }) => id)).toEqual([...CORRECTION_IDS]);
    expect(correctionById('reference-ratio')!.version).toBe('reference-ratio-3');
    expect(correctionById('miracle')).toBeUndefined();
  });
});

describe('correctByFormula', () => {
  it.each([
    ['raw', 'sds011', 20],
    ['gamma-de', 'sds011', 20 / 1.22],
    ['kappa-0.4', 'opc-n2', 20 / (1 + 0.4 / 1.65)],
    ['laulainen', 'nephelometer', 20 / 1.125],
    ['hackair', 'hackair', 20 / (1 + 0.48756 * 0.5 ** 8.60068)],
    ['barkjohn-2021', 'purpleair', 0.524 * 20 - 0.0862 * 50 + 5.75],
    ['epa-piecewise', 'pms5003', 0.524 * 20 - 0.0862 * 50 + 5.75],
  ] as const)('%s for %s', (id, sensor, expected) => {
    expect(correctByFormula(id, { sensor, quantity: 'pm25', raw: 20, humidity: 50 })).toBeCloseTo(expected, 10);
  });

  it('gives nothing without a usable humidity, a quantity it was made for, or a station', () => {
    const hour = { sensor: 'sds011', quantity: 'pm25', raw: 20, humidity: 50 } as const;
    expect(correctByFormula('gamma-de', { ...hour, humidity: 101 })).toBeUndefined();
    expect(correctByFormula('gamma-bishkek', { ...hour, quantity: 'pm10' })).toBeUndefined();
    expect(correctByFormula('reference-ratio', hour)).toBeUndefined();
  });

  it('counts humidity above 95 % as 95 %', () => {
    expect(growthFactor('gamma-de', 100)).toBe(growthFactor('gamma-de', 95));
  });
});

describe('referenceFactor', () => {
  it('needs three like sensors, a group above zero, a reference and no fog', () => {
    expect(referenceFactor({ reference: 18, group: [10, 12] })).toBeUndefined();
    expect(referenceFactor({ reference: 18, group: [10, 12, Number.NaN] })).toBeUndefined();
    expect(referenceFactor({ reference: 18, group: [0.1, 0.2, 0.3] })).toBeUndefined();
    expect(referenceFactor({ reference: 0, group: [10, 12, 14] })).toBeUndefined();
    expect(referenceFactor({ reference: Number.POSITIVE_INFINITY, group: [10, 12, 14] })).toBeUndefined();
    expect(referenceFactor({ reference: 18, group: [10, 12, 14], isFog: true })).toBeUndefined();
  });

  it('leaves outliers out before the mean, once there are five', () => {
    expect(referenceFactor({ reference: 18, group: [10, 11, 12, 13, 14, 900] })).toEqual({
      factor: 1.5,
      groupMean: 12,
      count: 5,
      leftOut: 1,
    });
    expect(referenceFactor({ reference: 18, group: [12, 12, 12, 12, 99] })!.leftOut).toBe(0);
  });

  it('says which share of a corrected value stems from others', () => {
    expect(applyFactor(9, { factor: 1.5 })).toEqual({
      raw: 9,
      value: 13.5,
      shareFromOthers: expect.closeTo(1 / 3, 12),
    });
    expect(applyFactor(20, { factor: 0.5 }).shareFromOthers).toBe(0.5);
    expect(shareFromOthers([applyFactor(9, { factor: 1.5 }), applyFactor(20, { factor: 0.5 })])).toBeCloseTo(
      14.5 / 33.5,
      12,
    );
    expect(shareFromOthers([])).toBeUndefined();
  });
});

describe('uncertainty', () => {
  it.each(QUALITY_OBJECTIVES)('the objective for $pollutant, $averaging is the fixture’s', (ours) => {
    const name = { pm25: 'PM2.5', pm10: 'PM10', no2: 'NO2' }[ours.pollutant];
    const row = fixture.data_quality_objectives.find(
      (each) => each.id.startsWith('dqo2024') && each.pollutant === name && each.averaging === ours.averaging,
    )!;
    expect(ours.fixed).toEqual({ absolute: row.fixed.absolute, percent: row.fixed.percent });
    expect(ours.indicative).toEqual({ absolute: row.indicative.absolute, percent: row.indicative.percent });
    expect(ours.isUnconfirmed).toBe(true);
  });

  it.each([
    [{ quantity: 'pm25', mean: 10 }, 8.8],
    [{ quantity: 'pm25', mean: 40 }, 14],
    [{ quantity: 'pm25', mean: 5, isYear: true }, 4],
    [{ quantity: 'pm25', mean: 20, isYear: true }, 8],
    [{ quantity: 'pm10', mean: 30 }, 22.5],
    [{ quantity: 'pm10', mean: 60 }, 30],
    [{ quantity: 'pm10', mean: 10, isYear: true }, 6],
    [{ quantity: 'pm25', mean: 10, comparisonU: 12 }, 12],
    [{ quantity: 'pm25', mean: 10, comparisonU: 2 }, 8.8],
    [{ quantity: 'pm25', mean: 40, humidShare: 0.5 }, Math.hypot(14, 0.5 * HUMID_EXCESS * 40)],
  ] as const)('of %j is %d', (mean, expected) => {
    expect(expandedUncertainty(mean)).toBeCloseTo(expected, 10);
  });

  it('of no number is none', () => {
    expect(expandedUncertainty({ quantity: 'pm25', mean: Number.NaN })).toBeUndefined();
    expect(expandedUncertainty({ quantity: 'pm25', mean: -1 })).toBeUndefined();
  });

  it.each([
    [{ quantity: 'pm25', mean: 10 }, 'directive'],
    [{ quantity: 'pm25', mean: 10, comparisonU: 12 }, 'comparison'],
    [{ quantity: 'pm25', mean: 10, comparisonU: 2, humidShare: 0.1 }, 'directive+humidity'],
    [{ quantity: 'pm25', mean: 10, comparisonU: 12, humidShare: 0.1 }, 'comparison+humidity'],
    [{ quantity: 'pm25', mean: -1 }, undefined],
  ] as const)('of %j is said to stem from %s', (mean, origin) => {
    expect(uncertaintyOrigin(mean)).toBe(origin);
  });

  it('the text beside every number speaks of humid air', () => {
    expect(STANDING_TEXT.de).toContain('feuchter Luft');
  });
});

interface GoldenInput {
  formula: string;
  gamma_or_kappa?: string;
  RH: number;
  PM_raw?: number;
  x?: number;
  reference?: number;
  group_raw?: number[];
  raw?: number;
}

it('every golden vector of correction.json holds', () => {
  const { ran, wrong } = runVectors(fixture.golden, ({ id, input }) => compute(id, input as unknown as GoldenInput));
  expect(wrong).toEqual([]);
  expect(ran).toBe(fixture.golden.length);
  expect(ran).toBe(50);
});

it('Barkjohn 2021 is the first piece of the EPA correction', () => {
  expect(barkjohn2021(20, 50)).toBeCloseTo(epaPiecewise(20, 50), 12);
});

const FORMULAS: Record<string, GrowthFormula> = {
  'kappa0.4': 'kappa-0.4',
  'gamma0.22': 'gamma-de',
  'gamma0.05': 'gamma-bishkek',
};
const digits = (value: number, places: number) => Number(value.toFixed(places));

function compute(id: string, input: GoldenInput): Record<string, unknown> {
  if (id.startsWith('growth-')) return growthVector(input);
  if (id.startsWith('epa-')) return { pm25: digits(epaPiecewise(input.x!, input.RH), 4) };
  const factor = referenceFactor({ reference: input.reference!, group: input.group_raw! })!;
  return { factor: factor.factor, calibrated: applyFactor(input.raw!, factor).value };
}

function growthVector({ formula, gamma_or_kappa, RH, PM_raw = 0 }: GoldenInput): Record<string, unknown> {
  const name = (FORMULAS[gamma_or_kappa ?? ''] ?? formula) as GrowthFormula;
  const factor = growthFactor(name, RH);
  return {
    factor: digits(factor, 4),
    PM_dry: digits(PM_raw / factor, 3),
    factor_pm25: digits(factor, 4),
    factor_pm10: digits(growthFactor(name, RH, 'pm10'), 4),
  };
}

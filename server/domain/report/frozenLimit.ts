import { limitById, limitsInForce } from '../limits/limits.ts';
import type { IsoDate, Jurisdiction, Limit } from '../limits/limitTable.ts';
import type { FrozenLimit } from './figureTypes.ts';
import type { ReportQuantity } from './question.ts';

/** Sets of rules a report or a ledger can be asked for by a short name. */
export const RULES = ['eu', 'eu2030', 'who', 'at', 'ch'] as const;
/** One of `RULES`. */
export type Rule = (typeof RULES)[number];

const JURISDICTION: Readonly<Record<Exclude<Rule, 'eu2030'>, Jurisdiction>> = {
  eu: 'EU',
  who: 'WHO',
  at: 'AT',
  ch: 'CH',
};

/**
 * The value of a rule for a mean: of the texts in force on the period's last day (2008/50/EC until 11 December 2026,
 * 2024/2881 from then on), or what (EU) 2024/2881 asks from 2030. Undefined where the rule has none: today's EU law
 * has no daily value for PM2.5.
 */
export function limitOfRule(
  rule: Rule,
  quantity: ReportQuantity,
  { averaging, on }: { averaging: 'day' | 'year'; on: IsoDate },
): Limit | undefined {
  if (rule === 'eu2030') return limitById(`eu2024.t1.${quantity}.${averaging}`);
  const kind = rule === 'who' ? 'guideline' : 'limit';
  const fitting = limitsInForce(on, { jurisdictions: [JURISDICTION[rule]], pollutants: [quantity] }).filter(
    (limit) => limit.averaging === averaging && limit.kind === kind,
  );
  return fitting.at(-1);
}

/** A value as it stands now, to be kept with a report. */
export function frozenLimit(limitId: string): FrozenLimit | null {
  const limit = limitById(limitId);
  if (limit === undefined) return null;
  const { id, value, rounding, averaging, instrument, kind, checkedOn } = limit;
  return {
    id,
    value,
    rounding,
    averaging,
    instrument,
    kind,
    checkedOn,
    permittedExceedances: limit.permittedExceedances ?? null,
    validFrom: limit.validFrom ?? null,
    validTo: limit.validTo ?? null,
    ...(limit.isUnconfirmed && { isUnconfirmed: true as const }),
  };
}

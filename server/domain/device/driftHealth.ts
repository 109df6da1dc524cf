import { median } from '../assessment/robust.ts';
import type { FindingOf, HealthEvidence } from './deviceHealth.ts';

/** One clock hour: the station's valid PM2.5 mean and those of its neighbours, µg/m³. */
export interface NeighbourHour {
  /** Epoch ms. */
  start: number;
  own?: number;
  others: readonly number[];
}

/** Fewer neighbours cannot tell: their median must survive one bad sensor. */
const LEAST_NEIGHBOURS = 3;
/** Common hours that a ratio needs: three days. Our choice. */
const LEAST_HOURS = 72;
/** Below this median a ratio is noise, µg/m³. */
const LEAST_LEVEL = 2;
/** Ratio to the neighbours from which it is worth a look, and a fault; or its inverse. SDS011 differ by some 10 to 30 %. Our choice. */
const NOTICE_RATIO = 1.5;
const PROBLEM_RATIO = 2.5;

/** How the station stands to its neighbours: median over the hours of own mean / median of theirs. */
export function findDrift({ hours, neighbours }: HealthEvidence): FindingOf<'drift'> {
  const common = hours.flatMap(({ own, others }) => {
    const middle = median(others);
    const isUsable =
      own !== undefined && middle !== undefined && others.length >= LEAST_NEIGHBOURS && middle >= LEAST_LEVEL;
    return isUsable ? [{ own, middle }] : [];
  });
  if (common.length < LEAST_HOURS) return { id: 'drift', state: 'unknown', hours: common.length, neighbours };
  const ratio = median(common.map(({ own, middle }) => own / middle))!;
  const factor = Math.max(ratio, 1 / Math.max(ratio, Number.EPSILON));
  return {
    id: 'drift',
    state: factor >= PROBLEM_RATIO ? 'problem' : factor >= NOTICE_RATIO ? 'notice' : 'good',
    ratio,
    hours: common.length,
    neighbours,
    own: median(common.map(({ own }) => own))!,
    others: median(common.map(({ middle }) => middle))!,
  };
}

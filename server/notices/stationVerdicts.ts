import type { AlertTiming, Verdict } from '../domain/alerts/alertRule.ts';
import { meanVerdict } from '../domain/alerts/alertRule.ts';
import type { MeanThreshold, StationRule } from '../domain/alerts/alertSettings.ts';
import { DAY_MS, MINUTE_MS } from '../domain/durations.ts';
import { type Aggregator, isDoubtful } from '../live/aggregator.ts';

/** How patient each kind of alert is. Silence is never lost: it is itself the lack of values. */
export const TIMINGS = {
  silent: { raiseAfterMs: 0, clearAfterMs: 10 * MINUTE_MS, lostAfterMs: Number.POSITIVE_INFINITY },
  stuck: { raiseAfterMs: 0, clearAfterMs: 60 * MINUTE_MS, lostAfterMs: 24 * 60 * MINUTE_MS },
  above: { raiseAfterMs: 10 * MINUTE_MS, clearAfterMs: 30 * MINUTE_MS, lostAfterMs: 6 * 60 * MINUTE_MS },
  area: { raiseAfterMs: 10 * MINUTE_MS, clearAfterMs: 30 * MINUTE_MS, lostAfterMs: 3 * 60 * MINUTE_MS },
} as const satisfies Record<string, AlertTiming>;

/** A station heard within this time is not silent: eight cycles of an airRohr, ms. */
const HEARD_MS = 20 * MINUTE_MS;
/** When more than this share of stations fall silent together, the fault is here and nobody is written to. */
const OUTAGE_SHARE = 0.5;
/** Fewer stations heard in the last day cannot tell that. */
const OUTAGE_STATIONS = 4;

/** What is known of stations besides the registry. */
export interface StationSenses {
  aggregator: Pick<Aggregator, 'aggregate' | 'lastSeenAt'>;
  /** Epoch ms of the last message ever heard; undefined before the first. */
  lastHeardAt: (stationId: string) => number | undefined;
  /** Whether the particle sensor repeats itself; undefined when nobody knows. */
  isStuck: (stationId: string) => boolean | undefined;
  /** Since when this process listens, epoch ms: what came before could not be heard. */
  listeningSince: number;
}

/** A verdict with the mean it rests on, if it rests on one. */
export interface Judgement {
  verdict: Verdict;
  value?: number;
}

/** What the facts say to one rule of one station. `isOutage`: most stations fell silent together. */
export function judgeStation(
  stationId: string,
  rule: StationRule,
  { senses, now, isOutage }: { senses: StationSenses; now: number; isOutage: boolean },
): Judgement {
  switch (rule.kind) {
    case 'silent':
      return { verdict: silentVerdict(senses, stationId, { afterMs: rule.afterMs, now, isOutage }) };
    case 'stuck':
      return { verdict: stuckVerdict(senses.isStuck(stationId)) };
    case 'above': {
      const value = validMean(senses.aggregator, stationId, rule.threshold, now);
      return { verdict: meanVerdict(value, rule.threshold.value), ...(value !== undefined && { value }) };
    }
  }
}

/** True when most of the stations heard in the last day have not been heard for a while. */
export function isOutage(
  stationIds: Iterable<string>,
  { aggregator }: Pick<StationSenses, 'aggregator'>,
  now: number,
): boolean {
  let known = 0;
  let silent = 0;
  for (const stationId of stationIds) {
    const seenAt = aggregator.lastSeenAt(stationId);
    if (seenAt === undefined || seenAt < now - DAY_MS) continue;
    known++;
    if (seenAt < now - HEARD_MS) silent++;
  }
  return known >= OUTAGE_STATIONS && silent > OUTAGE_SHARE * known;
}

/** A sliding mean that its window bears out and whose newest value nothing speaks against; undefined otherwise. */
export function validMean(
  aggregator: Pick<Aggregator, 'aggregate'>,
  stationId: string,
  { quantity, average }: Pick<MeanThreshold, 'quantity' | 'average'>,
  now: number,
): number | undefined {
  const aggregate = aggregator.aggregate(stationId, quantity, average, now);
  return aggregate === undefined || aggregate.state !== 'ok' || isDoubtful(aggregate) ? undefined : aggregate.value;
}

function silentVerdict(
  { lastHeardAt, listeningSince }: StationSenses,
  stationId: string,
  { afterMs, now, isOutage }: { afterMs: number; now: number; isOutage: boolean },
): Verdict {
  const heardAt = lastHeardAt(stationId);
  if (heardAt === undefined) return 'unknown';
  if (now - heardAt <= HEARD_MS) return 'fine';
  if (now - Math.max(heardAt, listeningSince) <= afterMs) return 'between';
  return isOutage ? 'unknown' : 'bad';
}

function stuckVerdict(isStuck: boolean | undefined): Verdict {
  if (isStuck === undefined) return 'unknown';
  return isStuck ? 'bad' : 'fine';
}

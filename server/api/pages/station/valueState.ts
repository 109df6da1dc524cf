import { type AggregateState, type Average, STALE_AFTER_MS } from '../../../domain/aggregate.ts';
import { OFFICIAL_STALE_AFTER_MS } from '../../../domain/correction/referenceMeans.ts';

/**
 * How a value stands, as it is said and drawn. Only `ok` ever carries a class and its colour; the others look different on
 * purpose. Order of precedence: nothing there, too old, doubtful, too few readings, fine.
 */
export type ValueState = 'none' | 'stale' | 'doubtful' | 'sparse' | 'ok';

/** What decides it. */
export interface StandingValue {
  value: number | null;
  state: AggregateState;
  /** Last reading, epoch ms; null when never. */
  lastSeenAt: number | null;
  isDoubtful: boolean;
  /** Official stations publish an hour some time after it ended. */
  kind?: 'citizen' | 'reference';
}

/** The state of a value at `now` (epoch ms): silence makes it stale with no message arriving. */
export function valueStateOf(standing: StandingValue, now: number, average: Average): ValueState {
  if (standing.value === null || standing.state === 'none' || standing.lastSeenAt === null) return 'none';
  if (standing.state === 'stale' || now - standing.lastSeenAt > staleAfterMs(standing)) return 'stale';
  if (standing.isDoubtful) return 'doubtful';
  if (standing.state === 'sparse' && average !== 'latest') return 'sparse';
  return 'ok';
}

/** From this age on a value no longer describes the air of now, ms. */
function staleAfterMs({ kind }: Pick<StandingValue, 'kind'>): number {
  return kind === 'reference' ? OFFICIAL_STALE_AFTER_MS : STALE_AFTER_MS;
}

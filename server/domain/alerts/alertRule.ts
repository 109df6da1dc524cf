/**
 * When an alert begins, when it is over, and when somebody hears of it. Pure: time comes in, what is to be kept goes out,
 * and the same observations lead to the same events, also over a restart.
 */

/** What one look at the facts says. `unknown`: they do not tell; that neither begins nor ends anything. */
export type Verdict = 'bad' | 'between' | 'fine' | 'unknown';

/** What is kept of an alert between two looks. Times epoch ms. */
export interface AlertState {
  phase: 'calm' | 'raised';
  /** Since when the phase holds; absent before the first change. */
  since?: number;
  /** Since when the verdict speaks for the other phase, without a break. */
  turningSince?: number;
  /** Since when nothing can be told. */
  unknownSince?: number;
  /** What its reader was told last: an event is told once, and an end only to whom its beginning was told. */
  told: 'calm' | 'raised';
}

/** How patient an alert is, ms. */
export interface AlertTiming {
  /** A bad verdict must hold this long before the alert begins. */
  raiseAfterMs: number;
  /** A fine verdict must hold this long before it is over. */
  clearAfterMs: number;
  /** Without any verdict for this long the alert ends as `lost`: no all-clear, only the end of knowing. */
  lostAfterMs: number;
}

/** What is to be told: the beginning, the all-clear, or that nobody knows any more. */
export type AlertEvent = 'raised' | 'cleared' | 'lost';

/** Before anything was observed. */
export const CALM: AlertState = Object.freeze({ phase: 'calm', told: 'calm' });

/** One look: what was seen, when, and whether its reader may be told now. */
export interface AlertLook {
  verdict: Verdict;
  /** Epoch ms. */
  now: number;
  /** False in quiet hours: what happens then is told afterwards, if it still holds. */
  mayTell: boolean;
}

/** The state after one look, and what is to be told, if anything. The same object when nothing changed. */
export function stepAlert(
  state: AlertState,
  look: AlertLook,
  timing: AlertTiming,
): { state: AlertState; event?: AlertEvent } {
  const { state: moved, isLost } = turn(state, look, timing);
  if (isLost) return tellLoss(moved, look);
  if (!look.mayTell || moved.told === moved.phase) return { state: moved };
  return { state: { ...moved, told: moved.phase }, event: moved.phase === 'raised' ? 'raised' : 'cleared' };
}

/** A loss is told at once or never: after the quiet hours it is no news. */
function tellLoss(state: AlertState, { mayTell }: AlertLook): { state: AlertState; event?: AlertEvent } {
  const wasTold = state.told === 'raised';
  const quiet: AlertState = { ...state, told: 'calm' };
  return wasTold && mayTell ? { state: quiet, event: 'lost' } : { state: quiet };
}

function turn(
  state: AlertState,
  { verdict, now }: AlertLook,
  timing: AlertTiming,
): { state: AlertState; isLost?: boolean } {
  if (verdict === 'unknown') return withoutVerdict(state, now, timing);
  const known = without(state, 'unknownSince');
  const turning = verdict === (state.phase === 'calm' ? 'bad' : 'fine');
  if (!turning) return { state: without(known, 'turningSince') };
  const turningSince = state.turningSince ?? now;
  const patience = state.phase === 'calm' ? timing.raiseAfterMs : timing.clearAfterMs;
  if (now - turningSince < patience) {
    return { state: known.turningSince === turningSince ? known : { ...known, turningSince } };
  }
  const phase = state.phase === 'calm' ? 'raised' : 'calm';
  return { state: { ...without(known, 'turningSince'), phase, since: turningSince } };
}

function withoutVerdict(state: AlertState, now: number, { lostAfterMs }: AlertTiming) {
  if (state.phase === 'calm') return { state: without(state, 'turningSince') };
  const unknownSince = state.unknownSince ?? now;
  const isLost = now - unknownSince >= lostAfterMs;
  if (isLost) return { state: { phase: 'calm' as const, since: now, told: state.told }, isLost };
  const paused = without(state, 'turningSince');
  return { state: paused.unknownSince === unknownSince ? paused : { ...paused, unknownSince } };
}

function without(state: AlertState, name: 'turningSince' | 'unknownSince'): AlertState {
  if (state[name] === undefined) return state;
  const rest = { ...state };
  delete rest[name];
  return rest;
}

/** How far below its threshold a mean must fall before an alert ends: a tenth, at least 1 µg/m³. */
const HYSTERESIS_SHARE = 0.1;
const HYSTERESIS_LEAST = 1;

/** The verdict on a mean: bad above the threshold, fine clearly below it, in between neither. */
export function meanVerdict(mean: number | undefined, above: number): Verdict {
  if (mean === undefined || !Number.isFinite(mean)) return 'unknown';
  if (mean > above) return 'bad';
  return mean <= above - Math.max(HYSTERESIS_LEAST, HYSTERESIS_SHARE * above) ? 'fine' : 'between';
}

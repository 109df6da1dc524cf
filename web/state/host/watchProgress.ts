import type { OnboardingStep } from '../../../server/domain/contract.ts';
import type { DeviceWay } from '../../../server/domain/device/deviceInstructions.ts';
import type { RejectionReason } from '../../../server/domain/reading.ts';
import { isPmModel } from './sensorChoice.ts';

/** What happens on the way of a first value, in order. */
const PHASES = ['connected', 'token', 'understood', 'plausible', 'shown'] as const;
/** One of `PHASES`. */
export type Phase = (typeof PHASES)[number];

/** Why a phase failed: a reason of the server, or that a body came whose values cannot be. */
export type FailureReason = RejectionReason | 'implausible';

/** How one phase stands. */
export interface PhaseState {
  phase: Phase;
  state: 'waiting' | 'done' | 'failed';
  /** ISO 8601 UTC. */
  at?: string;
  reason?: FailureReason;
}

/** Everything the page says about a first value. */
export interface Progress {
  phases: PhaseState[];
  sensors: readonly string[];
  values: NonNullable<OnboardingStep['values']>;
  /** The value is stored and plausible; `shown` may stay open while the station waits for approval or is private. */
  hasArrived: boolean;
  failure?: FailureReason;
}

/** Refusals of who is sending; all others are about what is sent. */
const IDENTITY_REASONS: readonly string[] = [
  'wrong-token',
  'unknown-device',
  'unbound-device',
  'station-deleted',
  'too-often',
];

/** The particulate sensor that came in place of the one the host chose; undefined where it is that one, or nobody knows. */
export function otherSensor(sensors: readonly string[], chosen: string): string | undefined {
  const models = sensors.map((sensor) => sensor.split('-')[0]!);
  const found = models.filter(isPmModel);
  return chosen === '' || found.includes(chosen) ? undefined : found[0];
}

/** Folds the server's steps into phases. A new attempt forgets a failed one; a success stays. */
export function progressOf(steps: readonly OnboardingStep[]): Progress {
  const progress: Progress = { phases: waiting(), sensors: [], values: {}, hasArrived: false };
  for (const step of steps) take(progress, step);
  const { phases, sensors, hasArrived } = progress;
  const isDoubtful = sensors.length > 0 && !hasArrived && phases[3]?.state === 'waiting' && phases[2]?.state === 'done';
  if (isDoubtful) fail(progress, 'plausible', { reason: 'implausible', at: phases[2]?.at ?? '' });
  return progress;
}

/** The same when only the time of the newest reading is known: the steps themselves were lost with a restart. */
export function arrivedAt(lastSeenAt: string, isShown: boolean): Progress {
  const state = (phase: Phase) => (phase !== 'shown' || isShown ? ('done' as const) : ('waiting' as const));
  const phases = PHASES.map((phase) => ({ phase, state: state(phase), at: lastSeenAt }));
  return { phases, sensors: [], values: {}, hasArrived: true };
}

/** An admin may let a station through after its value came: no step tells of that, the station's state does. */
export function shownAt(progress: Progress, at: string | undefined): Progress {
  if (at === undefined) return progress;
  const phases = progress.phases.map((known) =>
    known.phase === 'shown' && known.state === 'waiting' ? { ...known, state: 'done' as const, at } : known,
  );
  return { ...progress, phases };
}

function take(progress: Progress, { step, at, reason, sensors, values }: OnboardingStep): void {
  if (progress.hasArrived && step !== 'plausible' && step !== 'on-map') {
    // What was silent at first, a loose cable, is found with a later message.
    if (step === 'understood') progress.sensors = [...new Set([...progress.sensors, ...(sensors ?? [])])];
    return;
  }
  if (step === 'connected') {
    progress.phases = waiting();
    delete progress.failure;
    progress.sensors = [];
    complete(progress, 'connected', at);
  } else if (step === 'token-ok') complete(progress, 'token', at);
  else if (step === 'token-wrong') fail(progress, 'token', { reason: 'wrong-token', at });
  else if (step === 'failed')
    fail(progress, phaseOf(reason), { reason: (reason ?? 'unreadable') as FailureReason, at });
  else if (step === 'understood') {
    progress.sensors = sensors ?? [];
    complete(progress, 'understood', at);
  } else if (step === 'plausible') {
    progress.values = { ...progress.values, ...values };
    progress.hasArrived = true;
    complete(progress, 'plausible', at);
  } else complete(progress, 'shown', at);
}

function phaseOf(reason: string | undefined): Phase {
  return reason !== undefined && IDENTITY_REASONS.includes(reason) ? 'token' : 'understood';
}

/** A phase is reached only through those before it. */
function complete(progress: Progress, phase: Phase, at: string): void {
  const last = PHASES.indexOf(phase);
  progress.phases = progress.phases.map((known, i) =>
    i > last || (i < last && known.state === 'done') || (i === last && known.state === 'done')
      ? known
      : { phase: known.phase, state: 'done', at },
  );
  delete progress.failure;
}

function fail(progress: Progress, phase: Phase, { reason, at }: { reason: FailureReason; at: string }): void {
  const last = PHASES.indexOf(phase);
  progress.failure = reason;
  progress.phases = progress.phases.map((known, i) => {
    if (i < last) return known.state === 'done' ? known : { phase: known.phase, state: 'done', at };
    return i === last ? { phase, state: 'failed', at, reason } : { phase: known.phase, state: 'waiting' };
  });
}

function waiting(): PhaseState[] {
  return PHASES.map((phase) => ({ phase, state: 'waiting' }));
}

/**
 * How long a device takes from saving to its first value, s. airRohr: 145 s of measuring, a restart and sending (its
 * `sending_intervall_ms`); Tasmota: the `TelePeriod` of our command; ESPHome: the `update_interval` of our YAML.
 */
const FIRST_VALUE_SECONDS: Readonly<Partial<Record<DeviceWay, number>>> = {
  'airrohr-api': 155,
  'airrohr-path': 155,
  'airrohr-influx': 155,
  tasmota: 310,
  esphome: 140,
};
/** Without anything for so long, the page lists what only the host can check. */
const SILENT_AFTER_SECONDS = 240;
/** What a slow device gets beyond its usual time, s. */
const GRACE_SECONDS = 85;

/** Seconds left until a first value is due; negative when it is late; undefined where nobody knows. */
export function secondsLeft(way: DeviceWay | undefined, savedAt: number, now: number): number | undefined {
  const usual = way && FIRST_VALUE_SECONDS[way];
  return usual === undefined ? undefined : Math.ceil(usual - (now - savedAt) / 1000);
}

/** True when so much time went by that waiting on makes no sense. */
export function isSilent(way: DeviceWay | undefined, savedAt: number, now: number): boolean {
  const usual = (way && FIRST_VALUE_SECONDS[way]) ?? 0;
  return now - savedAt > Math.max(SILENT_AFTER_SECONDS, usual + GRACE_SECONDS) * 1000;
}

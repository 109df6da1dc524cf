import { MIN_COVERAGE } from '../aggregate.ts';
import { median } from '../assessment/robust.ts';
import { assessStation } from '../assessment/stationAssessment.ts';
import { silences } from '../assessment/stationAssessor.ts';
import { DAY_MS } from '../durations.ts';
import { cadenceFrom, medianGap } from '../means/cadence.ts';
import { staleAfterMs } from '../means/slidingMean.ts';
import type { DeviceHealth, Reading, RejectionReason } from '../reading.ts';
import { findDrift, type NeighbourHour } from './driftHealth.ts';
import { findFan, findHumidity, findInversion, findSaturation, findStuck } from './instrumentHealth.ts';

/** What a host is told about their device: each finding with the numbers it rests on. Words are in `deviceHealthTexts.ts`. */

/** Version of these rules. */
export const DEVICE_HEALTH_VERSION = 'device-health-1';

/** How a finding stands. `unknown`: too little is known to say; never the same as `good`. */
export type FindingState = 'good' | 'notice' | 'problem' | 'unknown';

/** One finding. Times in epoch ms, durations in ms, PM in µg/m³, humidity in %, signal in dBm, shares 0 to 1. */
export type Finding = { state: FindingState } & (
  | { id: 'push'; lastSeenAt?: number; agoMs?: number; cadenceMs: number }
  | {
      id: 'gaps';
      coverage: number;
      expected: number;
      count: number;
      gaps: number;
      longestMs?: number;
      longestFrom?: number;
    }
  | { id: 'wifi'; median?: number; weakest?: number; count: number }
  | { id: 'firmware'; version?: string; newest: string }
  | {
      id: 'rejections';
      total: number;
      byReason: { reason: RejectionReason; count: number; lastAt: number; detail: string }[];
      /** Set when a message was accepted after the last one with a wrong token. */
      isTokenRight?: true;
    }
  | { id: 'fan'; highest?: number; readings: number; neighbours?: number; sensor?: string }
  | { id: 'stuck'; sensor?: string; quantity?: string; value?: number; since?: number; readings?: number }
  | { id: 'saturated'; sensor?: string; count: number; lastAt?: number; value?: number }
  | { id: 'inverted'; share: number; readings: number }
  | { id: 'humidity'; sensor?: string; lowest?: number; highest?: number; flips?: number; readings: number }
  | { id: 'drift'; ratio?: number; hours: number; neighbours: number; own?: number; others?: number }
);
/** Which finding. */
export type FindingId = Finding['id'];
/** The finding of one kind. */
export type FindingOf<Id extends FindingId> = Extract<Finding, { id: Id }>;

/** What is looked at. Windows end at `now`, epoch ms. */
export interface HealthEvidence {
  now: number;
  /** Last message of any device of the station. */
  lastSeenAt?: number | undefined;
  /** Readings of the last 48 hours, in order of time, flagged ones too. */
  readings: readonly Reading[];
  /** What the device said of itself in the last 24 hours, in order of time. */
  health: readonly (DeviceHealth & { measuredAt: number })[];
  /** Refusals of the station's devices as far as they are kept, oldest first. */
  rejections: readonly { at: number; reason: RejectionReason; detail: string }[];
  /** Clock hours of the last week with the station's own mean and its neighbours'. */
  hours: readonly NeighbourHour[];
  /** How many neighbours there are. */
  neighbours: number;
}

/** Signal from which pushes begin to fail, and from which they mostly do, dBm: common practice for ESP8266 boards; our choice. */
const WEAK_SIGNAL = -78;
const FAILING_SIGNAL = -87;
/** Newest airRohr release known as of 2026-11. */
const NEWEST_AIRROHR = 'NRZ-2024-135';

/** Every finding, in the order a host reads them. */
export function judgeDevice(evidence: HealthEvidence): Finding[] {
  const { now, readings } = evidence;
  const cadenceMs = cadenceOf(evidence);
  const dayReadings = readings.filter(({ measuredAt }) => measuredAt >= now - DAY_MS);
  const flags = assessStation(readings, cadenceMs);
  const assessed = { ...evidence, dayReadings, flags, cadenceMs };
  return [
    findPush(evidence, cadenceMs),
    findGaps(dayReadings, now, cadenceMs),
    findWifi(evidence),
    findFirmware(evidence),
    findRejections(evidence),
    findFan(assessed),
    findStuck(assessed),
    findSaturation(assessed),
    findInversion(assessed),
    findHumidity(assessed),
    findDrift(evidence),
  ];
}

/** The worst there is among the findings. `unknown` when nothing is known; of a device never heard of nothing is good either. */
export function worstState(findings: readonly Finding[]): FindingState {
  const states = findings.map(({ state }) => state);
  const isHeard = findings.some(({ id, state }) => id === 'push' && state !== 'unknown');
  const worst = (['problem', 'notice', 'good'] as const).find((state) => states.includes(state)) ?? 'unknown';
  return worst === 'good' && !isHeard ? 'unknown' : worst;
}

function cadenceOf({ health, readings }: HealthEvidence): number {
  const times = [...new Set(readings.map(({ measuredAt }) => measuredAt))];
  return cadenceFrom({
    intervalMs: median(health.flatMap(({ interval }) => interval ?? [])),
    medianGapSoFarMs: medianGap(times.slice(1).map((time, index) => time - times[index]!)),
  });
}

function findPush({ lastSeenAt, now }: HealthEvidence, cadenceMs: number): FindingOf<'push'> {
  if (lastSeenAt === undefined) return { id: 'push', state: 'unknown', cadenceMs };
  const agoMs = now - lastSeenAt;
  return { id: 'push', state: agoMs > staleAfterMs(cadenceMs) ? 'problem' : 'good', lastSeenAt, agoMs, cadenceMs };
}

/** Fewer expected readings than these, half an hour of an airRohr's, bear out no share: one that is missing is no fault. */
const FEW_EXPECTED = 12;

/** The last 24 hours. A station younger than that is judged from its first reading on. */
function findGaps(readings: readonly Reading[], now: number, cadenceMs: number): FindingOf<'gaps'> {
  const times = [...new Set(readings.map(({ measuredAt }) => measuredAt))];
  const [first] = times;
  const windowMs = first === undefined ? DAY_MS : Math.min(DAY_MS, now - first);
  // The first pushes may come faster than the cadence; nobody expected fewer than came.
  const expected = Math.max(1, Math.ceil(windowMs / cadenceMs), times.length);
  const coverage = Math.min(1, times.length / expected);
  const found = silences([...times, now], cadenceMs);
  const longest = found.reduce<[number, number] | undefined>(
    (best, gap) => (best === undefined || gap[1] - gap[0] > best[1] - best[0] ? gap : best),
    undefined,
  );
  const base = { id: 'gaps' as const, coverage, expected, count: times.length, gaps: found.length };
  if (longest === undefined) {
    if (first === undefined) return { ...base, state: 'unknown' };
    if (coverage >= MIN_COVERAGE) return { ...base, state: 'good' };
    return { ...base, state: expected < FEW_EXPECTED ? 'unknown' : 'problem' };
  }
  const state = coverage < MIN_COVERAGE && expected >= FEW_EXPECTED ? 'problem' : 'notice';
  return { ...base, state, longestMs: longest[1] - longest[0], longestFrom: longest[0] };
}

function findWifi({ health }: HealthEvidence): FindingOf<'wifi'> {
  const signals = health.flatMap(({ signal }) => signal ?? []);
  const middle = median(signals);
  if (middle === undefined) return { id: 'wifi', state: 'unknown', count: 0 };
  const state = middle <= FAILING_SIGNAL ? 'problem' : middle <= WEAK_SIGNAL ? 'notice' : 'good';
  return { id: 'wifi', state, median: middle, weakest: Math.min(...signals), count: signals.length };
}

function findFirmware({ health }: HealthEvidence): FindingOf<'firmware'> {
  const version = health.findLast(({ firmware }) => firmware !== undefined)?.firmware;
  if (version === undefined) return { id: 'firmware', state: 'unknown', newest: NEWEST_AIRROHR };
  const build = airrohrBuild(version);
  const isOld = build !== undefined && build < airrohrBuild(NEWEST_AIRROHR)!;
  // Another firmware than airRohr's has a version of its own, which we cannot judge.
  const state = build === undefined ? 'unknown' : isOld ? 'notice' : 'good';
  return { id: 'firmware', state, version, newest: NEWEST_AIRROHR };
}

/** `NRZ-2024-135-B2` -> 135; undefined for another firmware. */
function airrohrBuild(version: string): number | undefined {
  const found = /^NRZ-\d{4}-(\d{3})/.exec(version);
  return found === null ? undefined : Number(found[1]);
}

function findRejections({ rejections, lastSeenAt, now }: HealthEvidence): FindingOf<'rejections'> {
  const recent = rejections.filter(({ at }) => at > now - DAY_MS);
  const reasons = [...new Set(recent.map(({ reason }) => reason))];
  const byReason = reasons.map((reason) => {
    const those = recent.filter((rejection) => rejection.reason === reason);
    const { at, detail } = those.at(-1)!;
    return { reason, count: those.length, lastAt: at, detail };
  });
  const lastToken = byReason.find(({ reason }) => reason === 'wrong-token')?.lastAt;
  // Whoever is let in now has the right token: what was wrong before is put right.
  const isTokenRight = lastToken !== undefined && lastSeenAt !== undefined && lastSeenAt > lastToken;
  const found = { total: recent.length, byReason, ...(isTokenRight && { isTokenRight: true as const }) };
  // Of a device never heard nothing got in at all: the station does not measure.
  const state = lastSeenAt === undefined ? 'problem' : 'notice';
  if (refusalToMend(found) !== undefined) return { id: 'rejections', state, ...found };
  // Of a device that never came nothing could be refused.
  const isHeard = lastSeenAt !== undefined || recent.length > 0;
  return { id: 'rejections', state: isHeard ? 'good' : 'unknown', ...found };
}

/** The newest reason for refusals about which there is something to do; undefined when there is none. */
export function refusalToMend({
  byReason,
  isTokenRight,
}: Pick<FindingOf<'rejections'>, 'byReason' | 'isTokenRight'>): RejectionReason | undefined {
  // The firmware's own "nothing measured" is no fault of the way here.
  const isHarmless = (reason: RejectionReason) =>
    reason === 'no-value-marker' || (reason === 'wrong-token' && isTokenRight === true);
  const left = byReason.filter(({ reason }) => !isHarmless(reason));
  return left.sort((a, b) => b.lastAt - a.lastAt)[0]?.reason;
}

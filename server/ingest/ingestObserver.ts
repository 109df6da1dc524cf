import { isValid } from '../domain/assessment/flag.ts';
import type { OnboardingStep } from '../domain/contract.ts';
import type { Quantity } from '../domain/quantity.ts';
import { type AcceptedMessage, type Reading, type Rejection, reject, type Values } from '../domain/reading.ts';
import { DEVICE_ID, isPublic } from '../domain/station.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { AppendOutcome } from '../store/readingStore.ts';
import type { Arrival, Origin } from './arrival.ts';
import type { BrokerObserver } from './broker.ts';
import type { StationRegistry } from './identify.ts';
import type { PipelineObserver } from './pipeline.ts';
import type { RejectionLog } from './rejectionLog.ts';

/** Where the steps of a device's first messages go. */
export interface Onboarding {
  isOnboarding(stationId: string): boolean;
  onboardingStep(stationId: string, step: OnboardingStep): void;
}

/** What the observer needs. */
export interface IngestObserverParts {
  registry: StationRegistry & { touchDevice(deviceId: string, at: number): void };
  rejections: RejectionLog;
  metrics: Pick<Metrics, 'duplicates' | 'conflicts' | 'messagesReceived' | 'messagesRefused'>;
  onboarding: Onboarding;
  log: Logger;
  clock: () => number;
}

type Step = Omit<OnboardingStep, 'at'>;

/** Counts what ingest does, keeps the last refusals of each device, and tells a watching host step by step. */
export class IngestObserver implements PipelineObserver, BrokerObserver {
  readonly #parts: IngestObserverParts;

  constructor(parts: IngestObserverParts) {
    this.#parts = parts;
  }

  signedIn(user: string): void {
    this.#tell(user, [{ step: 'connected' }, { step: 'token-ok' }]);
  }

  signInRefused(user: string | undefined, why: string): void {
    const rejection = reject('wrong-token', `Sign-in refused: ${why}.`);
    this.#count(user !== undefined && DEVICE_ID.test(user) ? user : undefined, rejection);
    if (user !== undefined) this.#tell(user, [{ step: 'connected' }, { step: 'token-wrong' }]);
  }

  publishRefused(user: string | undefined, rejection: Rejection): void {
    this.#count(rejection.isBeside ? undefined : user, rejection);
    this.#parts.metrics.messagesRefused.inc(rejection.reason);
    if (user !== undefined && !rejection.isBeside) this.#tell(user, [{ step: 'failed', reason: rejection.reason }]);
  }

  refused(arrival: Arrival, rejection: Rejection, field?: string): void {
    if (field !== undefined) {
      this.#count(arrival.deviceId, rejection);
      return;
    }
    this.#parts.metrics.messagesReceived.inc(arrival.topic.format);
    this.publishRefused(arrival.deviceId, rejection);
  }

  repeated(arrival: Arrival): void {
    this.#parts.metrics.messagesReceived.inc(arrival.topic.format);
    this.#parts.metrics.duplicates.inc();
  }

  stored({ topic, deviceId }: Origin, message: AcceptedMessage, outcome: AppendOutcome): void {
    const { registry, metrics, onboarding } = this.#parts;
    metrics.messagesReceived.inc(topic.format);
    registry.touchDevice(deviceId, message.receivedAt);
    // Another value for what is stored is a conflict, not a repeat.
    if (outcome.result === 'duplicate' && outcome.conflicts.length === 0) metrics.duplicates.inc();
    for (const field of outcome.conflicts) this.#conflict(deviceId, field);
    const { stationId } = message;
    if (onboarding.isOnboarding(stationId)) this.#tellStation(stationId, this.#stepsOf(message));
  }

  failed(arrival: Arrival, error: unknown): void {
    const { log } = this.#parts;
    log.error({ err: error, stage: 'decode', format: arrival.topic.format }, 'a decoder failed on a message');
  }

  #conflict(deviceId: string, field: string): void {
    this.#parts.metrics.conflicts.inc();
    this.#count(deviceId, reject('conflict', `Another value of ${field} is stored for that time.`));
  }

  #count(deviceId: string | undefined, rejection: Rejection): void {
    const { rejections, clock } = this.#parts;
    if (deviceId === undefined) rejections.count(rejection.reason);
    else rejections.record(deviceId, rejection, clock());
  }

  #tell(deviceId: string, steps: readonly Step[]): void {
    const stationId = this.#parts.registry.device(deviceId)?.stationId;
    if (stationId !== undefined) this.#tellStation(stationId, steps);
  }

  #tellStation(stationId: string, steps: readonly Step[]): void {
    const { onboarding, clock } = this.#parts;
    if (!onboarding.isOnboarding(stationId)) return;
    const at = new Date(clock()).toISOString();
    for (const step of steps) onboarding.onboardingStep(stationId, { at, ...step });
  }

  #stepsOf({ stationId, readings }: AcceptedMessage): Step[] {
    const sensors = readings.map(({ sensor }) => sensor);
    const steps: Step[] = [{ step: 'understood', sensors }];
    const values = validValues(readings);
    if (Object.keys(values).length > 0) steps.push({ step: 'plausible', values });
    const station = this.#parts.registry.station(stationId);
    if (station !== undefined && isPublic(station)) steps.push({ step: 'on-map' });
    return steps;
  }
}

function validValues(readings: readonly Reading[]): Values {
  const valid: Values = {};
  for (const { values, flags } of readings) {
    for (const [name, value] of Object.entries(values)) {
      if (isValid(flags, name as Quantity)) valid[name as Quantity] ??= value;
    }
  }
  return valid;
}

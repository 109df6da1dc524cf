import {
  type AcceptedMessage,
  type DeviceHealth,
  type DeviceMessage,
  isRejection,
  type MessageFormat,
  type Reading,
  type Rejection,
  reject,
} from '../domain/reading.ts';
import { type AppendOutcome, StoreUnavailableError } from '../store/readingStore.ts';
import type { Accept, Arrival, Origin, Settled } from './arrival.ts';
import { type Committer, MAX_KEY_MOVES, type Waiter } from './committer.ts';
import { type Decode, MAX_PAYLOAD_BYTES } from './decoders/decoder.ts';
import { identify, type StationRegistry } from './identify.ts';
import type { Stamper } from './stamp.ts';
import { validate } from './validate.ts';
import { withoutFields } from './withoutFields.ts';

/** Who looks on: counters, the rejections shown to host and operator, the steps of onboarding. */
export interface PipelineObserver {
  /** A message was refused, or with `field` only one of its fields. */
  refused(arrival: Arrival, rejection: Rejection, field?: string): void;
  /** The same unstamped bytes came again. */
  repeated(arrival: Arrival): void;
  /** A message is on disk. */
  stored(origin: Origin, message: AcceptedMessage, outcome: AppendOutcome): void;
  /** A decoder threw: a mistake of ours that no message may turn into an outage. */
  failed(arrival: Arrival, error: unknown): void;
}

/** The parts of the pipeline, composed in `main.ts`. */
export interface PipelineParts {
  decoders: Readonly<Record<MessageFormat, Decode>>;
  registry: StationRegistry;
  stamper: Stamper;
  committer: Committer;
  observer: PipelineObserver;
  /** Absent in a process that does everything. */
  elsewhere?: Elsewhere | undefined;
}

/** Another process of the instance, for messages that only it can place. */
export interface Elsewhere {
  /** True for a message that belongs there. */
  isFor(arrival: Arrival, message: DeviceMessage): boolean;
  /** Hands it on; settled when it is stored there. */
  hand: Accept;
  /** False while the registry may know more than we do: then who is unknown here is not refused. */
  knowsAll(): boolean;
}

/**
 * The way of every message, in order: decode, identify, stamp, validate, store, acknowledge. Everything that needs
 * history (aggregate, broadcast) hangs behind the committer's `onStored` and nowhere else.
 */
export function createPipeline(parts: PipelineParts): Accept {
  return (arrival, settle) => {
    const taken = take(parts, arrival, settle);
    if (taken === 'duplicate') return afterFirstCopy(parts, arrival, settle);
    if (taken === 'elsewhere') return parts.elsewhere?.hand(arrival, settle);
    if (!isRejection(taken)) return parts.committer.commit(taken);
    if (isOpen(parts, taken)) return settle(new StoreUnavailableError('The registry is not all here yet.'));
    parts.observer.refused(arrival, taken);
    settle(undefined, taken);
  };
}

type Settle = Parameters<Accept>[1];

/**
 * A message on its way to disk: all that is kept of its arrival until the commit, not its bytes. Sees to it that a time
 * of our own making never hits a key that is taken: after a clock was set back, or beside a stamped reading, the store
 * is the one who knows.
 */
class OnItsWay implements Waiter, Origin {
  message: AcceptedMessage;
  readonly topic: Arrival['topic'];
  readonly deviceId: string;
  readonly #parts: PipelineParts;
  readonly #settle: Settle;
  /** Its time is of our making, and no other message has it on purpose. */
  readonly #mayMove: boolean;
  readonly #isSpooled: boolean;
  #moves = 0;

  constructor(parts: PipelineParts, { arrival, message, isPart }: TakenMessage, settle: Settle) {
    this.#parts = parts;
    this.topic = arrival.topic;
    this.deviceId = arrival.deviceId;
    this.message = message;
    this.#settle = settle;
    this.#mayMove = message.fingerprint !== undefined && !isPart;
    this.#isSpooled = arrival.isSpooled === true;
  }

  committed(error: Error | undefined, outcome?: AppendOutcome): void {
    const { committer, observer, stamper } = this.#parts;
    if (outcome !== undefined && this.#mustMove(outcome)) {
      this.#moves++;
      this.message = movedByOne(this.message, outcome.stored);
      committer.commit(this);
      return;
    }
    if (outcome === undefined) stamper.release(this.message);
    else observer.stored(this, this.message, outcome);
    this.#settle(error, outcome && acknowledgement(this.message, outcome));
  }

  /** Parts of a cycle share their key on purpose; what a bridge sends again after a day is known by its equal values. */
  #mustMove({ result, conflicts }: AppendOutcome): boolean {
    if (!this.#mayMove || this.#moves >= MAX_KEY_MOVES) return false;
    return conflicts.length > 0 || (result === 'duplicate' && !this.#isSpooled);
  }
}

/** What the stages before the disk made of an arrival. */
interface TakenMessage {
  arrival: Arrival;
  message: AcceptedMessage;
  /** One of several messages that share a time on purpose. */
  isPart: boolean;
}

/** From bytes to a message that may be stored: the stages that need no disk. */
function take(
  parts: PipelineParts,
  arrival: Arrival,
  settle: Settle,
): OnItsWay | 'duplicate' | 'elsewhere' | Rejection {
  const { registry, stamper, observer, elsewhere } = parts;
  const message = decode(parts, arrival);
  if (isRejection(message)) return message;

  const station = identify(registry, arrival, message);
  if (isRejection(station)) return station;
  if (elsewhere?.isFor(arrival, message)) return 'elsewhere';

  const stamp = stamper.stamp(arrival, message, station.id);
  if (isRejection(stamp) || stamp === 'duplicate') return stamp;

  const { measuredAt, isClaimed } = stamp;
  const context = { stationId: station.id, measuredAt, sensorModels: station.sensorModels, isClaimed };
  const judged = validate(message, context);
  if (isRejection(judged)) {
    stamper.release({ stationId: station.id, ...stamp });
    return judged;
  }
  for (const { field, reason } of judged.refused) observer.refused(arrival, reject(reason, `Field ${field}.`), field);
  const accepted = toAccepted(arrival, message.health, judged.readings, stamp);
  return new OnItsWay(parts, { arrival, message: accepted, isPart: message.part !== undefined }, settle);
}

/** True when a refusal rests on what may not be known here yet. */
function isOpen({ elsewhere }: PipelineParts, { reason }: Rejection): boolean {
  if (elsewhere === undefined || elsewhere.knowsAll()) return false;
  return reason === 'unknown-device' || reason === 'unbound-device';
}

function decode({ decoders, observer }: PipelineParts, arrival: Arrival): DeviceMessage | Rejection {
  const { payload, topic } = arrival;
  if (payload.byteLength > MAX_PAYLOAD_BYTES) return reject('too-large', 'The message is larger than 16 KiB.');
  try {
    return decoders[topic.format](payload, topic);
  } catch (error) {
    observer.failed(arrival, error);
    return reject('unreadable', 'The message could not be read.');
  }
}

/** A repeat is acknowledged when its first copy is on disk, which may still be on its way there. */
function afterFirstCopy({ committer, observer }: PipelineParts, arrival: Arrival, settle: Settle): void {
  committer.afterPending((error) => {
    if (error === undefined) observer.repeated(arrival);
    settle(error, error ? undefined : { kind: 'duplicate' });
  });
}

function toAccepted(
  arrival: Arrival,
  health: DeviceHealth,
  readings: Reading[],
  { measuredAt, fingerprint }: Pick<AcceptedMessage, 'measuredAt' | 'fingerprint'>,
): AcceptedMessage {
  const { receivedAt } = arrival;
  const stationId = readings[0]?.stationId ?? '';
  const accepted: AcceptedMessage = { stationId, measuredAt, receivedAt, health, readings };
  if (fingerprint !== undefined) accepted.fingerprint = fingerprint;
  return accepted;
}

/** What is left to store of a message whose key was taken: the fields that were new to that key are stored under it. */
function movedByOne(message: AcceptedMessage, stored: readonly Reading[]): AcceptedMessage {
  const measuredAt = message.measuredAt + 1;
  const readings = message.readings.flatMap((reading): Reading[] => {
    const part = stored.find(({ sensor }) => sensor === reading.sensor);
    const left = part === undefined ? reading : withoutFields(reading, part);
    return left === undefined ? [] : [{ ...left, measuredAt }];
  });
  return { ...message, measuredAt, readings };
}

function acknowledgement(message: AcceptedMessage, outcome: AppendOutcome): Settled {
  if (outcome.result === 'duplicate') return { kind: 'duplicate' };
  return { kind: 'stored', message, conflicts: outcome.conflicts };
}

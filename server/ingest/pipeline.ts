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
import type { Accept, Arrival, Settled } from './arrival.ts';
import type { Committer } from './committer.ts';
import { type Decode, MAX_PAYLOAD_BYTES } from './decoders/decoder.ts';
import { identify, type StationRegistry } from './identify.ts';
import type { Stamp, Stamper } from './stamp.ts';
import { validate } from './validate.ts';

/** An unstamped message whose key turns out to be taken moves on by 1 ms, at most so many times. */
const MAX_KEY_MOVES = 5;

/** Who looks on: counters, the rejections shown to host and operator, the steps of onboarding. */
export interface PipelineObserver {
  /** A message was refused, or with `field` only one of its fields. */
  refused(arrival: Arrival, rejection: Rejection, field?: string): void;
  /** The same unstamped bytes came again. */
  repeated(arrival: Arrival): void;
  /** A message is on disk. */
  stored(arrival: Arrival, message: AcceptedMessage, outcome: AppendOutcome): void;
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
    if (!isRejection(taken)) return store(parts, taken);
    if (isOpen(parts, taken)) return settle(new StoreUnavailableError('The registry is not all here yet.'));
    parts.observer.refused(arrival, taken);
    settle(undefined, taken);
  };
}

type Settle = Parameters<Accept>[1];

/** An arrival on its way to disk: all that is kept of it until the commit. Plain fields, no closures: ten thousand may wait. */
interface OnItsWay {
  arrival: Arrival;
  settle: Settle;
  message: AcceptedMessage;
  stamp: Stamp;
  /** One of several messages that share a time on purpose. */
  isPart: boolean;
  /** How often its time has moved on. */
  moves: number;
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
    stamper.release(station.id, stamp);
    return judged;
  }
  for (const { field, reason } of judged.refused) observer.refused(arrival, reject(reason, `Field ${field}.`), field);
  const accepted = toAccepted(arrival, message.health, judged.readings, stamp);
  return { arrival, settle, message: accepted, stamp, isPart: message.part !== undefined, moves: 0 };
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
  { measuredAt, fingerprint }: Stamp,
): AcceptedMessage {
  const { receivedAt } = arrival;
  const stationId = readings[0]?.stationId ?? '';
  const accepted: AcceptedMessage = { stationId, measuredAt, receivedAt, health, readings };
  if (fingerprint !== undefined) accepted.fingerprint = fingerprint;
  return accepted;
}

/**
 * Commits, and sees to it that a time of our own making never hits a key that is taken: after a clock was set back, or
 * beside a stamped reading, the store is the one who knows.
 */
function store(parts: PipelineParts, sent: OnItsWay): void {
  parts.committer.commit(sent.message, (error, outcome) => {
    if (outcome === undefined || !mustMove(sent, outcome)) return settled(parts, sent, { error, outcome });
    sent.moves++;
    sent.message = movedByOne(sent.message);
    store(parts, sent);
  });
}

function settled(
  { stamper, observer }: PipelineParts,
  { arrival, message, stamp, settle }: OnItsWay,
  { error, outcome }: { error: Error | undefined; outcome: AppendOutcome | undefined },
): void {
  if (outcome === undefined) stamper.release(message.stationId, stamp);
  else observer.stored(arrival, message, outcome);
  settle(error, outcome && acknowledgement(message, outcome));
}

/** Parts of a cycle share their key on purpose; what a bridge sends again after a day is known by its equal values. */
function mustMove({ stamp, isPart, moves, arrival }: OnItsWay, { result, conflicts }: AppendOutcome): boolean {
  if (stamp.fingerprint === undefined || isPart || moves >= MAX_KEY_MOVES) return false;
  return conflicts.length > 0 || (result === 'duplicate' && arrival.isSpooled !== true);
}

function movedByOne(message: AcceptedMessage): AcceptedMessage {
  const measuredAt = message.measuredAt + 1;
  return { ...message, measuredAt, readings: message.readings.map((reading) => ({ ...reading, measuredAt })) };
}

function acknowledgement(message: AcceptedMessage, outcome: AppendOutcome): Settled {
  if (outcome.result === 'duplicate') return { kind: 'duplicate' };
  return { kind: 'stored', message, conflicts: outcome.conflicts };
}

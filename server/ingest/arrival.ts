import type { AcceptedMessage, Rejection } from '../domain/reading.ts';
import type { DeviceTopic } from '../domain/topics.ts';

/** One message as it came in, from whichever door: the input of the pipeline. */
export interface Arrival {
  topic: DeviceTopic;
  /** At most 16 KiB. */
  payload: Uint8Array;
  /** Authenticated identity; wins over any id in the message. */
  deviceId: string;
  /** Our clock when the bytes came in, epoch ms (the bridge's stamp when it spooled them). */
  receivedAt: number;
  /** True when our own bridge stamped the payload: its time is ours, not claimed. */
  isStampedByBridge: boolean;
  /**
   * True when a bridge kept the message before it came here: `receivedAt` is when the bridge had it, newer ones of the
   * station may be stored already, and so may this one. A time in the payload is the device's own.
   */
  isSpooled?: boolean;
}

/** Whose message it was, without its bytes: what is kept of an arrival while it is on its way to disk. */
export type Origin = Pick<Arrival, 'topic' | 'deviceId'>;

/** What the door tells the sender: acknowledge in all three cases; only a StoreUnavailableError is no answer. */
export type Settled =
  | { kind: 'stored'; message: AcceptedMessage; conflicts: string[] }
  | { kind: 'duplicate' }
  | Rejection;

/**
 * Takes one arrival to durable storage. `settle` is called exactly once: with the outcome after the commit, or with an
 * error when it could not be stored (do not acknowledge). Callbacks instead of promises: this runs 40,000 times a second.
 */
export type Accept = (arrival: Arrival, settle: (error: Error | undefined, outcome?: Settled) => void) => void;

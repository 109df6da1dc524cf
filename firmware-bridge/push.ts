import { isRejection, type Rejection } from '../server/domain/reading.ts';
import type { Settled } from '../server/ingest/arrival.ts';

/** One push of an authenticated device: bytes in the form of the topic `buergerluft/<deviceId>/airrohr`. */
export interface Push {
  deviceId: string;
  /** At most 16 KiB and a few bytes that the door added. */
  body: Uint8Array;
  /** Arrival, epoch ms. */
  receivedAt: number;
}

/** What became of a push: nothing of it left to do, refused for what it says, or neither stored nor spooled. */
export type Taken = 'kept' | 'away' | Rejection;

/** What the pipeline's answer means for the push: what a device sends beside its readings is no error of its. */
export function takenOf(outcome: Settled | undefined): Exclude<Taken, 'away'> {
  return isRejection(outcome) && !outcome.isBeside ? outcome : 'kept';
}

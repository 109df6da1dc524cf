import type { Rejection } from '../server/domain/reading.ts';

/** One push of an authenticated device: bytes in the form of the topic `buergerluft/<deviceId>/airrohr`. */
export interface Push {
  deviceId: string;
  /** At most 16 KiB and a few bytes that the door added. */
  body: Uint8Array;
  /** Arrival, epoch ms. */
  receivedAt: number;
}

/** What became of a push: kept for good, refused for what it says, or neither stored nor spooled. */
export type Taken = 'kept' | 'away' | Rejection;

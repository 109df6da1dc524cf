import { DAY_MS } from '../domain/durations.ts';
import { RECORDED_DAYS, YESTERDAY } from './demoStations.ts';
import type { RecordedMessage } from './recording.ts';

/** Length of the recording, ms: whole days, so that a loop keeps evening at evening. */
export const RECORDED_MS = RECORDED_DAYS * DAY_MS;

/**
 * The real time at which the recording's offset 0 lies, epoch ms, when it is `now`: a start of a UTC day, such that the
 * recording's `YESTERDAY` is yesterday.
 */
export function recordingStart(now: number): number {
  return Math.floor(now / DAY_MS) * DAY_MS - (YESTERDAY + 1) * DAY_MS;
}

/** A message that is due, and in which round of the loop (0 is the first). */
export interface DueMessage {
  message: RecordedMessage;
  round: number;
}

/**
 * Goes through the recording from an offset on, over and over. `take(position)` gives what lies before `position`: ms of
 * recorded time since offset 0 of round 0, ever growing.
 */
export class RecordingCursor {
  readonly #messages: readonly RecordedMessage[];
  #next: number;
  #round = 0;

  constructor(messages: readonly RecordedMessage[], from: number) {
    this.#messages = messages;
    const first = messages.findIndex(({ offset }) => offset >= from);
    this.#next = first === -1 ? messages.length : first;
  }

  take(position: number): DueMessage[] {
    const due: DueMessage[] = [];
    for (;;) {
      const message = this.#messages[this.#next];
      if (message === undefined) {
        if (this.#messages.length === 0) return due;
        this.#round += 1;
        this.#next = 0;
        continue;
      }
      if (this.#round * RECORDED_MS + message.offset > position) return due;
      due.push({ message, round: this.#round });
      this.#next += 1;
    }
  }
}

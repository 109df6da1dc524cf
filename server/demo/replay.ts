import { DEFAULT_CADENCE_MS } from '../domain/aggregate.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import { SENDING_MS } from '../domain/means/cadence.ts';
import { airrohrBody } from './airrohrBody.ts';
import { type DueMessage, RecordingCursor } from './demoClock.ts';
import { DEMO_STATIONS } from './demoStations.ts';
import type { RecordedMessage } from './recording.ts';

/** How often is looked what is due, ms. */
const TICK_MS = 250;
/** A tick later than this means the machine slept: what was due meanwhile is left out, as a real outage would. */
const MAX_LATE_MS = MINUTE_MS;

/** How far the replay is, for the pages and for health. */
export interface DemoStatus {
  /** Recorded seconds a real second. */
  speed: number;
  /** How often the recording began anew. */
  loops: number;
  /** When it did so last, epoch ms; undefined in the first round. */
  loopedAt?: number;
  sent: number;
  dropped: number;
}

/** What a replay needs. */
export interface ReplayOptions {
  messages: readonly RecordedMessage[];
  /** Real time of the recording's offset 0, epoch ms. */
  start: number;
  clock: () => number;
  speed: number;
  /** Hands a body to the station's device; false when it could not. */
  send: (station: number, body: string) => boolean;
  onLoop: () => void;
}

/**
 * Plays the recording from now on. Bodies carry no time, as the firmware's do not: each is a new reading of the moment it
 * arrives. `samples` is only a running number, because two bodies with the same bytes within a day are the same reading.
 * With `speed` the gaps between readings shrink, and a station seems to measure more often than it says.
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #cursor: RecordingCursor;
  readonly #startedAt: number;
  readonly #status: DemoStatus;
  /** Named when played faster, so that an hour is complete with as many readings as it had when they were made. */
  readonly #pace: { interval?: number };
  #lastTick: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#startedAt = options.clock();
    this.#lastTick = this.#startedAt;
    this.#cursor = new RecordingCursor(options.messages, this.#startedAt - options.start);
    this.#status = { speed: options.speed, loops: 0, sent: 0, dropped: 0 };
    this.#pace = options.speed > 1 ? { interval: DEFAULT_CADENCE_MS - SENDING_MS } : {};
  }

  /** Begins to play. */
  start(): void {
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Stops. */
  close(): void {
    clearInterval(this.#timer);
  }

  /** How it goes. */
  status(): DemoStatus {
    return { ...this.#status };
  }

  /** Sends what became due since the last call. */
  tick(): void {
    const now = this.#options.clock();
    const hasSlept = now - this.#lastTick > MAX_LATE_MS;
    this.#lastTick = now;
    const elapsed = (now - this.#startedAt) * this.#options.speed;
    for (const due of this.#cursor.take(this.#startedAt - this.#options.start + elapsed))
      this.#play(due, hasSlept, now);
  }

  #play({ message, round }: DueMessage, isSkipped: boolean, now: number): void {
    if (round > this.#status.loops) {
      this.#status.loops = round;
      this.#status.loopedAt = now;
      this.#options.onLoop();
    }
    const isSent = !isSkipped && this.#options.send(message.station, this.#body(message));
    if (isSent) this.#status.sent += 1;
    else this.#status.dropped += 1;
  }

  #body(message: RecordedMessage): string {
    const sensor = DEMO_STATIONS[message.station]?.sensor ?? '';
    return airrohrBody(sensor, message.values, { samples: this.#status.sent + 1, ...this.#pace });
  }
}

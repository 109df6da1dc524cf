import { setTimeout as wait } from 'node:timers/promises';
import type { DelayHistogram } from '../support/delayHistogram.ts';
import { airAt } from './air.ts';
import type { Firmware, Publish, Push, Unit } from './firmwares.ts';
import type { Answer, Sender } from './senders.ts';

/** What happened to all devices of a run. */
export interface Tally {
  /** Different messages. */
  messages: number;
  taken: number;
  /** The same bytes again: after a restart, or because no acknowledgement came. */
  sentAgain: number;
  /** Never acknowledged, whatever was tried. */
  lost: number;
  reconnects: number;
  restarts: number;
  dropOuts: number;
  /** By status or `sign-in`. */
  refused: Record<string, number>;
  /** From the first byte to the acknowledgement. */
  delays: DelayHistogram;
}

/** What a device is made of. */
export interface SimulatedDeviceOptions {
  firmware: Firmware;
  unit: Unit;
  /** Over MQTT a message without an acknowledgement is sent again; a push is not. */
  way: { kind: 'mqtt'; sender: Sender<Publish> } | { kind: 'http'; sender: Sender<Push> };
  cadenceMs: number;
  /** Scales how often something goes wrong; 0: never. */
  trouble: number;
  random: () => number;
  tally: Tally;
}

/** In each cycle, with `trouble` 1. */
const RECONNECT = 0.01;
const RESTART = 0.005;
const DROP_OUT = 0.003;
/** Cycles a device stays away, at most. */
const LONGEST_DROP_OUT = 10;
/** A cycle is up to so much longer or shorter. */
const JITTER = 0.05;
const TRIES = 5;

/** One device: sends what its firmware sends, when it sends it, and has its bad moments. */
export class SimulatedDevice {
  readonly #options: SimulatedDeviceOptions;
  readonly #place: number;
  #timer: NodeJS.Timeout | undefined;
  #last: (Publish | Push)[] = [];
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: SimulatedDeviceOptions) {
    this.#options = options;
    this.#place = options.random();
  }

  /** Sends for the first time somewhere within the first cycle. */
  start(): void {
    this.#next(this.#options.random() * this.#options.cadenceMs);
  }

  /** Sends nothing more; resolves when what is on its way is answered. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    this.#options.way.sender.cut();
  }

  #next(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#cycle();
    }, afterMs);
  }

  async #cycle(): Promise<void> {
    const { cadenceMs, random } = this.#options;
    const begun = performance.now();
    const missed = await this.#haveTrouble();
    if (missed === 0) await this.#send(this.#messages());
    if (this.#isStopped) return;
    const cycleMs = cadenceMs * (1 + missed) * (1 + JITTER * (2 * random() - 1));
    this.#next(Math.max(0, cycleMs - (performance.now() - begun)));
  }

  /** Resolves to the cycles it misses now. */
  async #haveTrouble(): Promise<number> {
    const { random, trouble, tally, way, unit } = this.#options;
    const fate = random() / Math.max(trouble, Number.EPSILON);
    if (fate < DROP_OUT) {
      tally.dropOuts++;
      way.sender.cut();
      return 1 + Math.floor(random() * LONGEST_DROP_OUT);
    }
    if (fate < DROP_OUT + RESTART) {
      tally.restarts++;
      way.sender.cut();
      unit.samples = Math.floor(random() * 1000);
      tally.sentAgain += this.#last.length;
      await this.#send(this.#last, true);
    } else if (fate < DROP_OUT + RESTART + RECONNECT) {
      tally.reconnects++;
      way.sender.cut();
    }
    return 0;
  }

  #messages(): (Publish | Push)[] {
    const { firmware, unit, way, random } = this.#options;
    unit.samples += 600_000 + Math.floor(random() * 100_000);
    const air = airAt(Date.now(), this.#place, random);
    const make = way.kind === 'mqtt' ? firmware.publishes : firmware.pushes;
    this.#last = make?.(unit, air) ?? [];
    return this.#last;
  }

  async #send(messages: readonly (Publish | Push)[], isRepeat = false): Promise<void> {
    const { tally } = this.#options;
    if (!isRepeat) tally.messages += messages.length;
    for (const message of messages) {
      const answer = await this.#sendUntilAnswered(message);
      if (isRepeat) continue;
      if (answer === 'taken') tally.taken++;
      else if (answer === 'unanswered') tally.lost++;
      else tally.refused[answer.slice('refused '.length)] = (tally.refused[answer.slice('refused '.length)] ?? 0) + 1;
    }
  }

  async #sendUntilAnswered(message: Publish | Push): Promise<Answer> {
    const { way, tally, random } = this.#options;
    const tries = way.kind === 'mqtt' ? TRIES : 1;
    for (let attempt = 1; ; attempt++) {
      const begun = performance.now();
      // Each way has its own form of message, made for it in `#messages`.
      const answer = await (way.sender as Sender<Publish | Push>).send(message);
      if (answer === 'taken') tally.delays.add(performance.now() - begun);
      if (answer !== 'unanswered' || attempt >= tries) return answer;
      tally.sentAgain++;
      await wait(200 + random() * 800 * attempt);
    }
  }
}

import { io, type Socket } from 'socket.io-client';
import { AVERAGES } from '../../server/domain/aggregate.ts';
import type { ClientEvents, MapChanged, ServerEvents } from '../../server/domain/contract.ts';
import { DelayHistogram } from '../support/delayHistogram.ts';

/** How a crowd of viewers looks. */
export interface ViewerOptions {
  /** The dashboard, without a path. */
  url: string;
  count: number;
  /** Each looks at one of these at a time. */
  stationIds: readonly string[];
  /** Mean time until a viewer looks at another station and another layer, ms; 0: never. */
  moveEveryMs: number;
  /** Mean time until a viewer's connection ends and comes back, ms; 0: never. */
  reconnectEveryMs: number;
  random: () => number;
}

/** What a crowd of viewers saw. */
export interface ViewerTally {
  connected: number;
  /** Attempts to connect that failed. */
  failed: number;
  /** Connections that ended without being asked to. */
  droppedByServer: number;
  reconnects: number;
  moves: number;
  readings: number;
  changes: number;
  /** Changes of a layer that are missing between two that came. */
  gaps: number;
  /** Changes that came twice or in the wrong order. */
  repeated: number;
  /** A subscription that the server refused. */
  refused: number;
  /** From `measuredAt` of a reading to its event: from publish where devices stamp, else from arrival. */
  delays: DelayHistogram;
}

type Feed = Socket<ServerEvents, ClientEvents>;

/** Sockets opened at a time: as many as a busy minute brings, not all in one instant. */
const OPENED_TOGETHER = 50;
const QUANTITIES = ['pm25', 'pm10'] as const;
/** A viewer's clock that steps, ms. */
const STEP_MS = 1_000;

/** Many browsers on the live feed: each has a layer of the map and a station's page open, moves on, loses its connection. */
export class ViewerCrowd {
  readonly tally: ViewerTally = {
    ...{ connected: 0, failed: 0, droppedByServer: 0, reconnects: 0, moves: 0 },
    ...{ readings: 0, changes: 0, gaps: 0, repeated: 0, refused: 0 },
    delays: new DelayHistogram(),
  };
  readonly #options: ViewerOptions;
  readonly #viewers: Viewer[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ViewerOptions) {
    this.#options = options;
  }

  /** Resolves when every viewer is connected or has failed to. */
  async open(): Promise<void> {
    const { count } = this.#options;
    for (let i = 0; i < count; i += OPENED_TOGETHER) {
      const batch = Array.from(
        { length: Math.min(OPENED_TOGETHER, count - i) },
        () => new Viewer(this.#options, this.tally),
      );
      this.#viewers.push(...batch);
      await Promise.all(batch.map((viewer) => viewer.open()));
    }
    this.#timer = setInterval(() => {
      for (const viewer of this.#viewers) viewer.step();
    }, STEP_MS);
  }

  /** Forgets what was measured until now; connections stay. */
  beginMeasuring(): void {
    Object.assign(this.tally, { readings: 0, changes: 0, gaps: 0, repeated: 0, delays: new DelayHistogram() });
  }

  /** Disconnects everybody. */
  close(): void {
    clearInterval(this.#timer);
    for (const viewer of this.#viewers) viewer.close();
  }
}

type Cursor = { epoch: string; seq: number };

class Viewer {
  readonly #options: ViewerOptions;
  readonly #tally: ViewerTally;
  readonly #socket: Feed;
  #layer: { quantity: (typeof QUANTITIES)[number]; average: (typeof AVERAGES)[number] };
  #station: string | undefined;
  #cursor: Cursor | undefined;
  #isLeaving = false;

  constructor(options: ViewerOptions, tally: ViewerTally) {
    this.#options = options;
    this.#tally = tally;
    this.#layer = { quantity: 'pm25', average: '1h' };
    this.#station = pick(options.stationIds, options.random);
    this.#socket = io(options.url, { transports: ['websocket'], forceNew: true, autoConnect: false });
    this.#listen();
  }

  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('connect_error', () => resolve());
      this.#socket.connect();
    });
  }

  /** A second has passed: perhaps something happens. */
  step(): void {
    const { random, moveEveryMs, reconnectEveryMs } = this.#options;
    if (!this.#socket.connected) return;
    if (reconnectEveryMs > 0 && random() < STEP_MS / reconnectEveryMs) {
      this.#tally.reconnects++;
      // As a network that goes away does; socket.io comes back by itself.
      this.#isLeaving = true;
      this.#socket.io.engine.close();
    } else if (moveEveryMs > 0 && random() < STEP_MS / moveEveryMs) this.#move();
  }

  close(): void {
    this.#isLeaving = true;
    this.#socket.disconnect();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => {
      this.#tally.connected++;
      this.#isLeaving = false;
      this.#subscribe();
    });
    socket.on('connect_error', () => {
      this.#tally.failed++;
    });
    socket.on('disconnect', () => {
      this.#tally.connected--;
      if (!this.#isLeaving) this.#tally.droppedByServer++;
    });
    socket.on('map:snapshot', ({ epoch, seq }) => {
      this.#cursor = { epoch, seq };
    });
    socket.on('map:changed', (changed) => this.#changed(changed));
    socket.on('station:reading', ({ stationId, measuredAt }) => {
      if (stationId !== this.#station) return;
      this.#tally.readings++;
      this.#tally.delays.add(Date.now() - Date.parse(measuredAt));
    });
  }

  #subscribe(): void {
    const ack = (problem?: { error: string }) => {
      if (problem) this.#tally.refused++;
    };
    const cursor = this.#cursor;
    this.#socket.emit('map:subscribe', { ...this.#layer, ...(cursor && { cursor }) }, ack);
    if (this.#station !== undefined) this.#socket.emit('station:subscribe', { stationId: this.#station }, ack);
  }

  #move(): void {
    const { stationIds, random } = this.#options;
    this.#tally.moves++;
    this.#socket.emit('map:unsubscribe', this.#layer);
    if (this.#station !== undefined) this.#socket.emit('station:unsubscribe', { stationId: this.#station });
    this.#layer = { quantity: pick(QUANTITIES, random) ?? 'pm25', average: pick(AVERAGES, random) ?? '1h' };
    this.#station = pick(stationIds, random);
    this.#cursor = undefined;
    this.#subscribe();
  }

  /** Only of the layer it looks at now: those of the last one may still be on their way. */
  #changed({ quantity, average, epoch, seq }: MapChanged): void {
    if (quantity !== this.#layer.quantity || average !== this.#layer.average) return;
    this.#tally.changes++;
    const before = this.#cursor;
    this.#cursor = { epoch, seq };
    if (before === undefined || before.epoch !== epoch) return;
    if (seq <= before.seq) this.#tally.repeated++;
    else this.#tally.gaps += seq - before.seq - 1;
  }
}

function pick<Item>(items: readonly Item[], random: () => number): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

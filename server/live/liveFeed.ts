import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import type { ReadingFlags } from '../domain/assessment/stationAssessor.ts';
import type { ClientEvents, OnboardingStep, ServerEvents } from '../domain/contract.ts';
import { fieldWords } from '../domain/fieldWords.ts';
import type { Reading } from '../domain/reading.ts';
import { isPublic, type Station } from '../domain/station.ts';
import { FeedServers } from './feedServers.ts';
import * as events from './liveEvents.ts';
import { join, layersOf, leave, mapRoom, onboardingRoom, stationRoom } from './liveRooms.ts';
import type { LiveLayers } from './mapLayers.ts';
import { OnboardingSteps } from './onboardingSteps.ts';
import { publicReading } from './publicReading.ts';
import { SocketAdmission, type SocketLimits } from './socketAdmission.ts';
import { StationReplay } from './stationReplay.ts';

/** No event a browser sends is near this, bytes. */
const MAX_MESSAGE_BYTES = 4_096;
/** Events one browser may send in `EVENT_WINDOW_MS`; beyond, it is disconnected. */
const MAX_EVENTS = 100;
const EVENT_WINDOW_MS = 10_000;
/** Packets waiting for a browser that does not read; beyond, it is disconnected and resumes when it can. */
const MAX_WAITING_PACKETS = 100;
/** How often waiting packets and forgotten stations are looked at, ms. */
const HOUSEKEEPING_MS = 10_000;

type FeedSocket = Socket<ClientEvents, ServerEvents>;
type Ack = (problem?: { error: string }) => void;

/** What the feed needs from outside. */
export interface LiveFeedDeps {
  mapLayers: Omit<LiveLayers, 'body' | 'etag' | 'state'>;
  station: (stationId: string) => Station | undefined;
  /** Epoch ms of the station's newest reading. */
  lastSeenAt: (stationId: string) => number | undefined;
  isOwner: (stationId: string, ownerKey: string) => boolean;
  /** What one address may hold; without it as much as it likes. */
  limits?: Omit<SocketLimits, 'clock'>;
  clock: () => number;
  /** Told of a handler that failed; the browser gets `internal`. */
  onError: (error: unknown, event: string) => void;
}

/** The live side of the dashboard. */
export interface LiveFeed {
  /** Tells the browsers on these stations' pages; call with what was stored, after folding it, and its derived flags. */
  onStored(readings: readonly Reading[], derived?: readonly ReadingFlags[]): void;
  /** Tells the browsers on the map what changed; call at most twice a second. */
  tick(now: number): void;
  /** The registry changed: shows up on the maps with the next tick; pages of a hidden station get nothing more. */
  stationChanged(stationId: string): void;
  /** True when a host watches this station's first steps: only then are steps worth making. */
  isOnboarding(stationId: string): boolean;
  /** Stations whose first steps somebody watches. */
  readonly onboardingStations: readonly string[];
  /** Tells the host who watches this station's first steps. */
  onboardingStep(stationId: string, step: OnboardingStep): void;
  /** Also serves browsers that come over this server (HTTPS beside HTTP). */
  attach(server: HttpServer): void;
  /** Disconnects everybody and closes the HTTP servers it is attached to; answers under way have a moment to end. */
  close(): Promise<void>;
  /** Browsers connected now. */
  readonly connections: number;
  /** Counters since the start, for metrics. */
  readonly counts: Readonly<LiveCounts>;
}

/** Counters of the feed. */
export interface LiveCounts {
  invalidEvents: number;
  tooManyEvents: number;
  slowClients: number;
  /** Connections turned away because their address has too many or comes too often. */
  refusedConnections: number;
}

/** Starts the socket.io side on `httpServer`. */
export function createLiveFeed(httpServer: HttpServer, deps: LiveFeedDeps): LiveFeed {
  return new SocketFeed(httpServer, deps);
}

class SocketFeed implements LiveFeed {
  readonly #deps: LiveFeedDeps;
  readonly #io: Server<ClientEvents, ServerEvents>;
  readonly #replay = new StationReplay();
  readonly #steps = new OnboardingSteps();
  readonly counts: LiveCounts = { invalidEvents: 0, tooManyEvents: 0, slowClients: 0, refusedConnections: 0 };
  readonly #servers = new FeedServers();
  #housekeptAt = 0;

  constructor(httpServer: HttpServer, deps: LiveFeedDeps) {
    this.#deps = deps;
    const admission = deps.limits && new SocketAdmission({ ...deps.limits, clock: deps.clock });
    // Without permessage-deflate: it costs 250 kB a browser and five times the CPU for small deltas.
    this.#io = new Server(httpServer, {
      serveClient: false,
      perMessageDeflate: false,
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      allowRequest: (request, decide) => {
        const isAdmitted = admission?.admits(request) ?? true;
        if (!isAdmitted) this.counts.refusedConnections++;
        decide(isAdmitted ? null : 'too many connections', isAdmitted);
      },
    });
    admission?.watch(this.#io);
    this.#io.on('connection', (socket) => this.#connected(socket));
    this.#servers.add(httpServer);
  }

  get connections(): number {
    return this.#io.engine.clientsCount;
  }

  attach(server: HttpServer): void {
    // The same engine for both: `Server.attach` would make a second one and forget the first.
    this.#io.engine.attach(server, { path: this.#io.path() });
    this.#servers.add(server);
  }

  close(): Promise<void> {
    return this.#servers.close(() => this.#io.close());
  }

  onStored(readings: readonly Reading[], derived: readonly ReadingFlags[] = []): void {
    for (let at = 0; at < readings.length; at++) {
      const reading = readings[at]!;
      if (!this.#replay.isWatched(reading.stationId)) continue;
      const station = this.#deps.station(reading.stationId);
      const told = station && publicReading(station, reading, derived[at]);
      if (told === undefined) continue;
      this.#replay.add(told, this.#deps.clock());
      this.#io.to(stationRoom(told.stationId)).emit('station:reading', told);
    }
  }

  tick(now: number): void {
    const { rooms } = this.#io.of('/').adapter;
    for (const name of layersOf(rooms.keys())) this.#deps.mapLayers.keep(name, now);
    for (const changed of this.#deps.mapLayers.tick(now)) this.#io.to(mapRoom(changed)).emit('map:changed', changed);
    if (now - this.#housekeptAt >= HOUSEKEEPING_MS) this.#keepHouse(now);
  }

  stationChanged(stationId: string): void {
    this.#deps.mapLayers.stationChanged(stationId, this.#deps.clock());
    const station = this.#deps.station(stationId);
    if (station !== undefined && isPublic(station)) return;
    this.#replay.remove(stationId);
    this.#io.in(stationRoom(stationId)).socketsLeave(stationRoom(stationId));
  }

  isOnboarding(stationId: string): boolean {
    return this.#steps.isWatched(stationId);
  }

  get onboardingStations(): readonly string[] {
    return this.#steps.watched;
  }

  onboardingStep(stationId: string, step: OnboardingStep): void {
    if (this.#steps.add(stationId, step)) this.#io.to(onboardingRoom(stationId)).emit('onboarding:step', step);
  }

  #connected(socket: FeedSocket): void {
    this.#limitEvents(socket);
    this.#answer(socket, 'map:subscribe', events.mapSubscribe, (request) => this.#subscribeMap(socket, request));
    this.#answer(socket, 'map:unsubscribe', events.mapUnsubscribe, (name) => leave(socket, mapRoom(name)));
    this.#answer(socket, 'station:subscribe', events.stationSubscribe, (request) =>
      this.#subscribeStation(socket, request),
    );
    this.#answer(socket, 'station:unsubscribe', events.stationUnsubscribe, ({ stationId }) =>
      leave(socket, stationRoom(stationId)),
    );
    this.#answer(socket, 'onboarding:watch', events.onboardingWatch, (request) => this.#watchSteps(socket, request));
  }

  /** Parses what came for `event`, runs `handle`, and acknowledges with the problem, if any. */
  #answer<S extends z.ZodType>(
    socket: FeedSocket,
    event: keyof ClientEvents,
    schema: S,
    handle: (request: z.output<S>) => string | undefined,
  ): void {
    const listener = (payload: unknown, ack: unknown) => {
      const acknowledge: Ack = typeof ack === 'function' ? (ack as Ack) : () => undefined;
      const parsed = schema.safeParse(payload, { error: fieldWords });
      if (!parsed.success) {
        this.counts.invalidEvents++;
        acknowledge({ error: events.problemOf(parsed.error) });
        return;
      }
      try {
        const error = handle(parsed.data);
        if (error === undefined) acknowledge();
        else acknowledge({ error });
      } catch (error) {
        this.#deps.onError(error, event);
        acknowledge({ error: 'internal' });
      }
    };
    // The payload is unknown until parsed, whatever the event's type promises.
    (socket as unknown as { on: (name: string, run: typeof listener) => void }).on(event, listener);
  }

  #subscribeMap(socket: FeedSocket, request: z.output<typeof events.mapSubscribe>): string | undefined {
    const { quantity, average, cursor } = request;
    const name = { quantity, average };
    const problem = join(socket, mapRoom(name), 'map');
    if (problem !== undefined) return problem;
    const resumption = this.#deps.mapLayers.resume(name, cursor, this.#deps.clock());
    if (resumption.kind === 'snapshot') {
      const url = `/api/v1/map?quantity=${quantity}&average=${average}`;
      socket.emit('map:snapshot', { ...resumption.cursor, ...name, url });
    }
    for (const changed of resumption.changes) socket.emit('map:changed', changed);
    return undefined;
  }

  #subscribeStation(socket: FeedSocket, request: z.output<typeof events.stationSubscribe>): string | undefined {
    const { stationId, since } = request;
    const station = this.#deps.station(stationId);
    if (station === undefined || !isPublic(station)) return 'unknown station';
    const problem = join(socket, stationRoom(stationId), 'station');
    if (problem !== undefined) return problem;
    this.#replay.watch(stationId, this.#deps.clock());
    if (since === undefined) return undefined;
    const missed = this.#replay.missed(stationId, Date.parse(since), this.#deps.lastSeenAt(stationId));
    if (missed === undefined) socket.emit('station:refetch', { stationId, from: new Date(since).toISOString() });
    for (const reading of missed ?? []) socket.emit('station:reading', reading);
    return undefined;
  }

  #watchSteps(socket: FeedSocket, request: z.output<typeof events.onboardingWatch>): string | undefined {
    const { stationId, ownerKey } = request;
    if (!this.#deps.isOwner(stationId, ownerKey)) return 'wrong owner key';
    const problem = join(socket, onboardingRoom(stationId), 'onboarding');
    if (problem !== undefined) return problem;
    for (const step of this.#steps.watch(stationId, this.#deps.clock())) socket.emit('onboarding:step', step);
    return undefined;
  }

  #limitEvents(socket: FeedSocket): void {
    let windowStart = this.#deps.clock();
    let count = 0;
    socket.use((_packet, next) => {
      const now = this.#deps.clock();
      if (now - windowStart >= EVENT_WINDOW_MS) {
        windowStart = now;
        count = 0;
      }
      if (++count <= MAX_EVENTS) {
        next();
        return;
      }
      // What is already on its way still comes through here.
      if (!socket.connected) return;
      this.counts.tooManyEvents++;
      socket.disconnect(true);
    });
  }

  #keepHouse(now: number): void {
    this.#housekeptAt = now;
    const { rooms } = this.#io.of('/').adapter;
    this.#replay.prune(now, (stationId) => rooms.has(stationRoom(stationId)));
    this.#steps.prune(now);
    for (const socket of this.#io.of('/').sockets.values()) {
      if (waitingPackets(socket) <= MAX_WAITING_PACKETS) continue;
      this.counts.slowClients++;
      // Discards what waits: `disconnect` would wait for it to be read.
      socket.conn.close(true);
    }
  }
}

function waitingPackets(socket: FeedSocket): number {
  return (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;
}

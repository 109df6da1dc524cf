import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import type { Rejection } from '../domain/reading.ts';
import { STATUS_TOPIC } from '../domain/topics.ts';
import { AwakeClock } from '../process/awakeClock.ts';
import { openServer } from '../process/openServer.ts';
import { Audience } from './audience.ts';
import { type Accounts, type Session, Sessions } from './brokerAccess.ts';
import { ClosedConnections, type ClosedLately, type CloseReason, closeReasonOf } from './closedConnections.ts';
import { ConnectionWatch } from './connectionWatch.ts';
import { HeldPublishes } from './heldPublishes.ts';
import { PubackWriter } from './pubackWriter.ts';
import { type Acknowledge, PublishDoor, type PublishDoorParts } from './publishDoor.ts';
import { PublishLane } from './publishLane.ts';

/** An acknowledgement held longer closes the connection, ms (contract, Acknowledgement). */
const MAX_HOLD_MS = 5_000;
const SWEEP_MS = 500;
const MAX_CONNECTIONS = 20_000;
/** Silence is watched by us: the longest time a timer takes, ms. */
const NEVER_MS = 2 ** 31 - 1;
/** Longest wait for our last message to get out, ms. */
const FAREWELL_MS = 500;
/** QoS 2 publishes of a connection half-way through their handshake. They never become readings. */
const MAX_QOS2_IN_FLIGHT = 100;

/** Who looks on: counters, rejections for host and operator, the first steps of onboarding. */
export interface BrokerObserver {
  signedIn(user: string): void;
  /** A connection was refused; `user` is what it called itself. */
  signInRefused(user: string | undefined, why: string): void;
  /** A publish that never reached the pipeline. */
  publishRefused(user: string, rejection: Rejection): void;
}

/** What the broker needs. */
export interface BrokerOptions extends Omit<PublishDoorParts, 'held' | 'refused'> {
  /** 0 takes a free one. */
  port: number;
  host?: string | undefined;
  accounts: Accounts;
  observer: BrokerObserver;
  /** Something broke inside the broker. */
  onError: (error: Error) => void;
  /** Connections were closed; told once a minute at most. */
  onClosed?: (closed: ClosedLately) => void;
  maxHoldMs?: number;
  /** False for a connection that it ended, because its address has too many. */
  admit?: (socket: Socket) => boolean;
}

/**
 * The embedded MQTT 3.1.1 broker: takes device messages in, acknowledging each after its commit, and sends our
 * out-topics to whoever may read them. Sessions are always clean; wills are dropped. Device messages are not passed on,
 * except to a service account that asked for them.
 */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #awake = new AwakeClock(SWEEP_MS);
  readonly #closed = new ClosedConnections();
  readonly #watch = new ConnectionWatch(this.#awake, this.#closed);
  readonly #sessions: Sessions;
  readonly #held: HeldPublishes;
  readonly #door: PublishDoor;
  readonly #pubacks = new PubackWriter((stream) => this.#closed.close(stream, 'acknowledgements-unread'));
  readonly #audience: Audience;
  readonly #aedes: Aedes;
  readonly #server: Server;
  readonly #counts = { refusedConnections: 0, refusedSignIns: 0 };
  #sweep: NodeJS.Timeout | undefined;
  #isStopping = false;

  constructor(options: BrokerOptions) {
    const { accounts, observer } = options;
    this.#options = options;
    this.#sessions = new Sessions(accounts, this.#closed);
    this.#audience = new Audience(this.#sessions);
    this.#held = new HeldPublishes(options.maxHoldMs ?? MAX_HOLD_MS, this.#awake);
    this.#door = new PublishDoor({ ...options, held: this.#held, refused: observer.publishRefused.bind(observer) });
    this.#aedes = new Aedes({ connectTimeout: NEVER_MS, maxInflightInbound: MAX_QOS2_IN_FLIGHT });
    this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
  }

  /** Opens the door. Resolves to the port; rejects when it is taken. */
  async listen(): Promise<number> {
    this.#wire();
    await this.#aedes.listen();
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('connection', (socket) => this.#welcome(socket));
    this.#server.on('drop', () => this.#counts.refusedConnections++);
    const { port, host, onError } = this.#options;
    await openServer(this.#server, { port, host }, onError);
    this.#sweep = setInterval(() => this.#sweepNow(), SWEEP_MS);
    this.publish(STATUS_TOPIC, 'online');
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Sends a retained message on one of our own topics. */
  publish(topic: string, payload: string): void {
    void this.#send(topic, payload, true);
  }

  /** Sends a message to whoever listens now. */
  send(topic: string, payload: string): void {
    void this.#send(topic, payload, false);
  }

  /** Closes the connections at these stations whose token was changed or revoked. */
  recheck(stationIds: ReadonlySet<string>): void {
    this.#sessions.recheck(stationIds);
  }

  /** Figures for the metrics. */
  stats() {
    return {
      ...this.#counts,
      connections: this.#sessions.size,
      held: this.#held.size,
      refusedSubscriptions: this.#audience.refused,
      closed: Object.fromEntries(this.#closed.totals) as Record<CloseReason, number>,
    };
  }

  /** No new connections and no new messages from now on; those held are still acknowledged. */
  stopTaking(): void {
    this.#isStopping = true;
    this.#server.close();
  }

  /** Says that we are offline and closes every connection. */
  async close(): Promise<void> {
    this.stopTaking();
    clearInterval(this.#sweep);
    // A subscriber that does not read must not keep us.
    await Promise.race([this.#send(STATUS_TOPIC, 'offline', true), wait(FAREWELL_MS, undefined, { ref: false })]);
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
    this.#watch.endAll();
    this.#tellClosed(true);
  }

  /** Resolves when it is with the subscribers. */
  #send(topic: string, payload: string, retain: boolean): Promise<void> {
    const packet: PublishPacket = { cmd: 'publish', topic, payload, qos: 0, retain, dup: false };
    return new Promise((resolve) => {
      this.#aedes.publish(packet, (error) => {
        if (error) this.#options.onError(error);
        resolve();
      });
    });
  }

  #sweepNow(): void {
    const now = this.#options.clock();
    this.#awake.tick(now);
    this.#held.closeOverdue(now);
    this.#watch.closeSilent(now);
    this.#tellClosed();
  }

  #tellClosed(isLast = false): void {
    const news = this.#closed.news(this.#options.clock(), isLast);
    if (news !== undefined) this.#options.onClosed?.(news);
  }

  #noteFailure(connection: Duplex, error: Error): void {
    const reason = closeReasonOf(error);
    if (reason !== undefined) this.#closed.note(connection, reason);
  }

  /** A publish could not be taken: it comes again with the next connection. */
  #fail(socket: Socket, error: Error | null): void {
    if (error !== null && !socket.destroyed) this.#noteFailure(socket, error);
    socket.destroy();
  }

  #welcome(socket: Socket): void {
    if (this.#options.admit?.(socket) === false) {
      this.#counts.refusedConnections++;
      return;
    }
    this.#watch.add(socket, this.#options.clock());
    this.#openLane(this.#aedes.handle(socket), socket);
  }

  #openLane(client: Client, socket: Socket): void {
    let session: Session | undefined;
    const acknowledge: Acknowledge = (error, messageId) => {
      if (error || session === undefined) this.#fail(socket, error);
      else if (messageId !== undefined) this.#pubacks.add(session, socket, messageId);
      lane.settled();
    };
    const lane = new PublishLane(socket, {
      topic: () => {
        session ??= this.#sessions.of(client);
        return session && client.connected ? this.#laneTopic(session) : undefined;
      },
      waiting: () => session?.held ?? 0,
      take: (payload, messageId) => {
        if (session === undefined || this.#isStopping) return;
        this.#door.takeKnown(session, { payload, messageId }, acknowledge);
      },
      tooLarge: () => this.#closed.close(socket, 'packet-too-large'),
    });
    lane.open();
  }

  /** What a connection may publish past aedes: its one topic, while nobody else wants to read it. */
  #laneTopic({ lastTopic }: Session): Uint8Array | undefined {
    return this.#audience.isWatching || lastTopic?.topic === undefined ? undefined : lastTopic.bytes;
  }

  #wire(): void {
    const aedes = this.#aedes;
    aedes.on('error' as 'closed', ((error: Error) => this.#options.onError(error)) as () => void);
    // What it closes itself: bytes that are no MQTT, and what came of an acknowledgement with an error.
    for (const event of ['clientError', 'connectionError'] as const) {
      aedes.on(event, (client, error) => this.#noteFailure(client.conn, error));
    }
    aedes.preConnect = (client, packet, done) => {
      this.#watch.connected(client.conn, packet.keepalive ?? 0);
      packet.keepalive = 0;
      packet.clean = true;
      delete packet.will;
      done(null, !this.#isStopping);
    };
    aedes.authenticate = (client, username, password, done) => {
      const session = this.#sessions.signIn(client, username, password);
      if (!(session instanceof Error)) {
        this.#options.observer.signedIn(session.user);
        return done(null, true);
      }
      this.#counts.refusedSignIns++;
      this.#options.observer.signInRefused(username, session.message);
      done(session, false);
    };
    aedes.authorizePublish = (client, packet, done) => {
      const session = client === null ? undefined : this.#sessions.of(client);
      // Not answered: what is not acknowledged will be sent again, to the next run.
      if (client === null || session === undefined || this.#isStopping) return;
      const isOurs = packet.qos === 1 && !this.#audience.isPassedOn(session, packet);
      this.#door.take(session, packet, isOurs ? this.#acknowledging(session, client, packet, done) : done);
    };
    this.#audience.attend(aedes);
  }

  /** The acknowledgement of a QoS 1 publish by our own writer; to aedes it is one that needs none any more. */
  #acknowledging(session: Session, { conn }: Client, packet: PublishPacket, done: Acknowledge): Acknowledge {
    return (error) => {
      if (error) return done(error);
      this.#pubacks.add(session, conn, (packet as { messageId?: number }).messageId!);
      packet.qos = 0;
      done(null);
    };
  }
}

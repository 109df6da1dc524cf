import type { Duplex } from 'node:stream';
import type { MqttClient } from 'mqtt';
import { type AcknowledgedConnection, PubackWriter } from './pubackWriter.ts';
import { PublishSieve, type SentPublish } from './publishSieve.ts';

/** Part of mqtt.js that is private: where a connection begins. The package is pinned; a test holds this to it. */
interface WithStreams {
  streamBuilder(client: MqttClient): Duplex;
}

/** A connection to the broker. */
interface Connection extends AcknowledgedConnection {
  readonly stream: Duplex;
  /** Acknowledgements it is owed. */
  held: number;
}

/** Takes a publish; its acknowledgement is absent with QoS 0. */
export type TakeSent = (publish: SentPublish, ack: HeldAck | undefined) => void;

/**
 * The short way of publishes from an external broker, past mqtt.js: what `PublishLane` is to the embedded one. Their
 * acknowledgements are ours to give, those of one commit as one write. mqtt.js handles everything else; its own ways to
 * wait for a commit (`handleMessage`, `customHandleAcks`) take one message at a time, 4 a second at a commit of 250 ms.
 */
export class SourceLane {
  readonly #take: TakeSent;
  // However slowly the broker reads, it is not to be cut off: at most 65,535 acknowledgements wait for it.
  readonly #pubacks = new PubackWriter(undefined, Number.POSITIVE_INFINITY);
  #connection: Connection | undefined;

  constructor(take: TakeSent) {
    this.#take = take;
  }

  /** Begins to look at what the client reads. Call before it connects. */
  wrap(client: MqttClient): void {
    const inside = client as unknown as WithStreams;
    const build = inside.streamBuilder;
    inside.streamBuilder = (each) => this.#sieved(build(each));
  }

  /** Acknowledgements held now. */
  get held(): number {
    return this.#connection?.held ?? 0;
  }

  /** True while a connection is the one to the broker: an earlier one's messages come again. */
  isCurrent(connection: Connection): boolean {
    return connection === this.#connection;
  }

  /** Sends an acknowledgement with the others of this turn. */
  acknowledge(connection: Connection, messageId: number): void {
    if (!this.isCurrent(connection)) return;
    connection.held--;
    this.#pubacks.add(connection, connection.stream, messageId);
  }

  #sieved(stream: Duplex): Duplex {
    const connection: Connection = { stream, pubacks: [], held: 0 };
    this.#connection = connection;
    // Packet ids mean nothing to the next connection, which brings everything unacknowledged again.
    stream.once('close', () => {
      if (this.isCurrent(connection)) this.#connection = undefined;
    });
    const sieve = new PublishSieve((publish) => this.#taken(publish, connection));
    const pipe = stream.pipe.bind(stream);
    stream.pipe = ((target: NodeJS.WritableStream) => pipe(sieve).pipe(target)) as typeof stream.pipe;
    return stream;
  }

  #taken(publish: SentPublish, connection: Connection): void {
    if (!this.isCurrent(connection)) return;
    const { messageId } = publish;
    if (messageId !== undefined) connection.held++;
    this.#take(publish, messageId === undefined ? undefined : new HeldAck(this, connection, messageId));
  }
}

/** One received message whose acknowledgement is ours to give. */
export class HeldAck {
  readonly #lane: SourceLane;
  readonly #connection: Connection;
  readonly #messageId: number;

  constructor(lane: SourceLane, connection: Connection, messageId: number) {
    this.#lane = lane;
    this.#connection = connection;
    this.#messageId = messageId;
  }

  /** False once the connection it came over is gone: the broker will send it again. */
  isCurrent(): boolean {
    return this.#lane.isCurrent(this.#connection);
  }

  /** Lets the acknowledgement go; once. */
  release(): void {
    this.#lane.acknowledge(this.#connection, this.#messageId);
  }
}

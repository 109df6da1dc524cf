import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { AcceptedMessage, Rejection } from '../domain/reading.ts';
import { type Logger, warnOnce } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { listenError } from '../process/startError.ts';
import { type AppendOutcome, type ReadingStore, StoreUnavailableError } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';
import { storeFault } from '../store/storeFault.ts';
import type { Accept } from './arrival.ts';
import { ArrivalGate } from './arrivalGate.ts';
import { Broker } from './broker.ts';
import { Committer } from './committer.ts';
import { decoders } from './decoders/index.ts';
import { exposeIngestMetrics } from './ingestMetrics.ts';
import { IngestObserver, type Onboarding } from './ingestObserver.ts';
import { createMqttDoor } from './mqttDoor.ts';
import { MqttSource } from './mqttSource.ts';
import { createPipeline, type Elsewhere } from './pipeline.ts';
import { RejectionLog } from './rejectionLog.ts';
import { Stamper, slotOf, UNIQUE_BYTES_MS } from './stamp.ts';

/**
 * A broker redelivers as soon as we are back what it was owed an answer for when we went: fingerprints this much older
 * than the newest reading are loaded before the doors open, however long ago that was, ms. It covers a broker that came
 * back with what it had saved last (Mosquitto: half an hour ago, unless told otherwise).
 */
export const FIRST_RESTORE_MS = 3_600_000;
const RESTORE_RETRY_MS = 2_000;
/** Longest wait at the end for messages on their way to disk, ms. */
const DRAIN_MS = 3_000;

/** What ingest is made from. */
export interface IngestParts {
  config: Pick<
    Config,
    'MQTT_PORT' | 'MQTT_URL' | 'MQTT_USERNAME' | 'MQTT_PASSWORD' | 'NODE_ID' | 'ROLES' | 'ADDRESS_LIMIT'
  >;
  stationStore: Registry;
  store: Pick<ReadingStore, 'append' | 'fingerprints' | 'span'>;
  /** Everything that needs history: called after each commit, behind the acknowledgements. */
  onStored: (messages: readonly AcceptedMessage[], outcomes: readonly AppendOutcome[]) => void;
  /** The broker can be reached (again): time to send what should be retained there. */
  onConnected: () => void;
  onDisconnected?: () => void;
  /** The other processes of the instance, if there are any. */
  elsewhere?: Elsewhere;
  onboarding: Onboarding;
  /** Told of every refusal of a device. */
  onRefused?: (deviceId: string, rejection: Rejection) => void;
  metrics: Metrics;
  log: Logger;
  clock: () => number;
}

/** The part of the program that needs no history: the MQTT door, the pipeline and the committer. */
export class Ingest {
  /** Last refusals by device, and all by reason. */
  readonly rejections: RejectionLog;
  /** Takes messages that come through other doors, such as the HTTP ones. */
  readonly accept: Accept;
  /** Who is told of sign-ins and refusals. */
  readonly observer: IngestObserver;
  readonly #parts: IngestParts;
  readonly #stamper: Stamper;
  readonly #committer: Committer;
  readonly #door: Broker | MqttSource;
  /** Between door and pipeline of one node among several. */
  readonly #gate: ArrivalGate;
  readonly #changedStations = new Set<string>();
  #isStoreFailing = false;
  /** What is wrong with the machine, when that shows. */
  #fault: string | undefined;
  #isClosing = false;
  #restored: Promise<void> = Promise.resolve();

  constructor(parts: IngestParts) {
    this.#parts = parts;
    const { ROLES, NODE_ID } = parts.config;
    this.#stamper = new Stamper(ROLES.includes('all') ? undefined : ROLES.includes('ingest') ? slotOf(NODE_ID) : 0);
    this.rejections = new RejectionLog(parts.onRefused);
    this.observer = new IngestObserver({ ...parts, registry: parts.stationStore, rejections: this.rejections });
    this.#committer = new Committer({
      store: this.#watched(parts.store),
      onStored: parts.onStored,
      onFailure: (stage, error, messages) => {
        // The first of an outage; every batch of it would fill the log.
        const level = this.#isStoreFailing ? 'debug' : 'error';
        const fault = storeFault(error);
        parts.log[level]({ err: error, stage, messages, fault }, 'a batch failed');
        if (stage !== 'append') return;
        this.#isStoreFailing = true;
        this.#fault = fault ?? this.#fault;
      },
    });
    this.accept = createPipeline({
      decoders,
      registry: parts.stationStore,
      stamper: this.#stamper,
      committer: this.#committer,
      observer: this.observer,
      elsewhere: parts.elsewhere,
    });
    this.#gate = new ArrivalGate(this.accept);
    this.#door = createMqttDoor(parts, parts.elsewhere === undefined ? this.accept : this.#gate.accept, this.observer);
    const { rejections } = this;
    exposeIngestMetrics(parts.metrics, {
      rejections,
      committer: this.#committer,
      stamper: this.#stamper,
      door: this.#door,
    });
  }

  /**
   * Learns what earlier runs stored and opens the door; `isHeldBack`: learns nothing, whoever holds messages back sees to
   * that. Resolves to the broker's port, undefined for an external one.
   */
  async open(isHeldBack = false): Promise<number | undefined> {
    const now = this.#parts.clock();
    if (!isHeldBack) await this.#restoreFirst(now);
    this.#parts.stationStore.onChange((stationId) => this.#stationChanged(stationId));
    const port = await this.#openDoor();
    if (!isHeldBack) this.#restored = this.#restoreUntilDone(now - UNIQUE_BYTES_MS);
    return port;
  }

  /** Resolves when repeats of everything that earlier runs stored in the last day are known as such. */
  get restored(): Promise<void> {
    return this.#restored;
  }

  /** What another node stored: the same bytes are a repeat here too, and it is one more of the device's messages. */
  learn(messages: readonly AcceptedMessage[]): void {
    this.#stamper.restore(messages.flatMap(fingerprintOf), this.#parts.clock());
    for (const { stationId, measuredAt, fingerprint } of messages) {
      const [device, second] = this.#parts.stationStore.devicesOf(stationId);
      // Which of several devices of a station it was is not told.
      const isKnown = device !== undefined && second === undefined;
      if (isKnown && fingerprint !== undefined) this.#stamper.noteElsewhere(device.id, measuredAt);
    }
  }

  /** True while everything that comes is looked at, nothing held back. */
  get isLettingIn(): boolean {
    return this.#gate.isOpen;
  }

  /** Lets nothing in from now on until `over`. */
  holdBack(over: Promise<unknown>): void {
    this.#gate.shutUntil(over);
  }

  /** Resolves when repeats of what anybody stored since `from`, epoch ms, are known as such. */
  async learnAgain(from: number): Promise<void> {
    await this.#restoreUntilDone(from);
  }

  /** Sends a retained message to everybody who may read its topic. */
  publish(topic: string, payload: string): void {
    this.#door.publish(topic, payload);
  }

  /** Why messages cannot be taken now; empty when they can. */
  problems(): string[] {
    const problems: string[] = [];
    if (this.#isStoreFailing) problems.push(`The store does not take readings. ${this.#fault ?? ''}`.trim());
    if (this.#door instanceof MqttSource && !this.#door.isConnected)
      problems.push('The MQTT broker cannot be reached.');
    return problems;
  }

  /** Resolves when everything taken until now is stored or has failed. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.#committer.afterPending(() => resolve()));
  }

  /** Takes nothing more, stores and acknowledges what is on its way, says goodbye. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#door.stopTaking();
    await Promise.race([this.#committer.drain(), wait(DRAIN_MS, undefined, { ref: false })]);
    await this.#door.close();
  }

  async #openDoor(): Promise<number | undefined> {
    if (this.#door instanceof MqttSource) {
      this.#door.start();
      return undefined;
    }
    try {
      return await this.#door.listen();
    } catch (error) {
      throw listenError(error, this.#parts.config.MQTT_PORT, 'MQTT_PORT');
    }
  }

  async #restore(from: number): Promise<void> {
    const { store, clock } = this.#parts;
    for await (const page of store.fingerprints(from)) this.#stamper.restore(page, clock());
  }

  /**
   * A store that is away must not keep the doors shut: readings wait on disk then, see `stores.ts`. Those that wait are
   * learnt all the same.
   */
  async #restoreFirst(now: number): Promise<void> {
    try {
      await this.#restore((await this.#lastStored(now)) - FIRST_RESTORE_MS);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#parts.log.warn({ err: error }, 'fingerprints of the last hour are not loaded yet');
    }
  }

  /** When the store took its newest reading, at the latest `now`; `now` while that cannot be known. */
  async #lastStored(now: number): Promise<number> {
    try {
      const { last = now } = (await this.#parts.store.span()) ?? {};
      return Math.min(now, last);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      return now;
    }
  }

  /** The rest of the day, beside the work; again while the store is away. */
  async #restoreUntilDone(from: number): Promise<void> {
    const warn = warnOnce(this.#parts.log);
    while (!this.#isClosing) {
      try {
        await this.#restore(from);
        return;
      } catch (error) {
        if (this.#isClosing) return;
        warn(error, 'fingerprints of the last day are not loaded yet');
        await wait(RESTORE_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** Changes come in bulk: connections are looked through once for all of one turn. */
  #stationChanged(stationId: string): void {
    if (this.#changedStations.size === 0) setImmediate(() => this.#recheck());
    this.#changedStations.add(stationId);
  }

  #recheck(): void {
    if (this.#door instanceof Broker) this.#door.recheck(this.#changedStations);
    this.#changedStations.clear();
  }

  /** The store's append, timed, and remembered as failing until it works again. */
  #watched(store: IngestParts['store']): Pick<ReadingStore, 'append'> {
    const { metrics } = this.#parts;
    return {
      append: async (messages) => {
        const stop = metrics.commitSeconds.startTimer();
        metrics.commitBatchSize.observe(messages.length);
        const outcomes = await store.append(messages);
        if (this.#isStoreFailing) this.#parts.log.info('the store takes readings again');
        this.#isStoreFailing = false;
        this.#fault = undefined;
        stop();
        return outcomes;
      },
    };
  }
}

function fingerprintOf({ stationId, measuredAt, fingerprint }: AcceptedMessage) {
  return fingerprint === undefined ? [] : [{ stationId, measuredAt, ...fingerprint }];
}

import { decodeConfirmations, encodeEnvelope } from '../../firmware-bridge/envelope.ts';
import { HOUR_MS } from '../domain/durations.ts';
import { type DeviceMessage, isRejection } from '../domain/reading.ts';
import { confirmTopic, lateTopic, STATUS_TOPIC } from '../domain/topics.ts';
import type { Accept, Arrival } from '../ingest/arrival.ts';
import type { Elsewhere } from '../ingest/pipeline.ts';
import { StoreUnavailableError } from '../store/readingStore.ts';
import type { NodeBus } from './nodeBus.ts';

/** A message the aggregator is silent about for so long is offered again, ms. */
const CONFIRM_MS = 15_000;
/** Messages handed on at once; beyond, they wait with the broker. */
const MAX_UNDERWAY = 5_000;

/** What the hand-over needs. */
export interface LateMessagesParts {
  bus: NodeBus;
  clock: () => number;
  /** Where hours begin, ms east of UTC. */
  dayOffsetMs: number;
  knowsAll: () => boolean;
}

type Settle = Parameters<Accept>[1];

/**
 * Hands on to the aggregator what only one process can place: messages of hours that are closed, whose means are to be
 * made anew, and parts of a measuring cycle, which share the time of its first. Each goes in the envelope of a bridge,
 * with the time it came in, and is acknowledged when the aggregator has stored it.
 */
export class LateMessages implements Elsewhere {
  readonly #parts: LateMessagesParts;
  readonly #underway = new Map<number, { settle: Settle; timer: NodeJS.Timeout }>();
  #isAggregatorThere = false;
  #closedUntil = 0;
  #nextNumber: number;

  constructor(parts: LateMessagesParts) {
    this.#parts = parts;
    // Confirmations meant for an earlier run must fit no number of this one.
    this.#nextNumber = Math.floor(parts.clock()) * 1_000;
    const { bus } = parts;
    bus.follow(STATUS_TOPIC, (_topic, payload) => {
      this.#isAggregatorThere = payload.toString() === 'online';
    });
    bus.follow(confirmTopic(bus.nodeId), (_topic, payload) => this.#confirmed(payload));
    bus.onDisconnected(() => this.#disconnected());
  }

  /** Messages the aggregator has not stored yet. */
  get underway(): number {
    return this.#underway.size;
  }

  /** From now on what was measured before is for the aggregator, epoch ms. */
  closeUntil(time: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, time);
  }

  isFor({ receivedAt }: Arrival, { part, claimedAt }: DeviceMessage): boolean {
    return part !== undefined || (claimedAt ?? receivedAt) < this.openSince();
  }

  knowsAll(): boolean {
    return this.#parts.knowsAll();
  }

  readonly hand: Accept = (arrival, settle) => {
    const { bus } = this.#parts;
    if (!this.#isAggregatorThere || this.#underway.size >= MAX_UNDERWAY) return settle(AWAY);
    const number = this.#nextNumber++;
    const { deviceId, payload: body, receivedAt, topic } = arrival;
    const envelope = encodeEnvelope({ deviceId, body, receivedAt }, bus.nodeId, number);
    if (!bus.send(lateTopic(topic), envelope)) return settle(AWAY);
    const timer = setTimeout(() => this.#settle(number, AWAY), CONFIRM_MS);
    this.#underway.set(number, { settle, timer });
  };

  /** Start of the hour that runs, or a later time the aggregator has told of, epoch ms. */
  openSince(): number {
    const { clock, dayOffsetMs } = this.#parts;
    return Math.max(this.#closedUntil, Math.floor((clock() + dayOffsetMs) / HOUR_MS) * HOUR_MS - dayOffsetMs);
  }

  #confirmed(payload: Buffer): void {
    for (const [number, taken] of decodeConfirmations(payload) ?? []) {
      this.#settle(number, undefined, isRejection(taken) ? taken : { kind: 'duplicate' });
    }
  }

  #settle(number: number, ...outcome: Parameters<Settle>): void {
    const underway = this.#underway.get(number);
    if (underway === undefined) return;
    clearTimeout(underway.timer);
    this.#underway.delete(number);
    underway.settle(...outcome);
  }

  #disconnected(): void {
    this.#isAggregatorThere = false;
    for (const number of [...this.#underway.keys()]) this.#settle(number, AWAY);
  }
}

const AWAY = new StoreUnavailableError('The aggregator is away.');

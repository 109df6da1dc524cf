import { type Confirmation, decodeEnvelope, encodeConfirmations } from '../../firmware-bridge/envelope.ts';
import { takenOf } from '../../firmware-bridge/push.ts';
import { decodeSeen } from '../../firmware-bridge/seenAtDoor.ts';
import { confirmTopic, isSeenTopic } from '../domain/topics.ts';
import type { Accept } from './arrival.ts';
import type { BrokerObserver } from './broker.ts';

/** Sends a message that is not retained. */
export type Send = (topic: string, payload: string) => void;

/**
 * Opens what a bridge of ours put into an envelope, hands on the device's own bytes with the bridge's arrival time, and
 * tells the bridge what became of them: only then does it let go of them. Everything else passes as it is.
 */
export function openEnvelopes(accept: Accept, send: Send, observer: Pick<BrokerObserver, 'signedIn'>): Accept {
  const confirmations = new BridgeConfirmations(send);
  return (arrival, settle) => {
    const opened = arrival.isStampedByBridge ? decodeEnvelope(arrival.payload) : undefined;
    if (opened === undefined) return accept(arrival, settle);
    const { body, receivedAt, bridgeId, number } = opened;
    observer.signedIn(arrival.deviceId);
    const inside = { ...arrival, payload: body, receivedAt, isStampedByBridge: false, isSpooled: true };
    accept(inside, (error, outcome) => {
      settle(error, outcome);
      if (error === undefined) confirmations.add(bridgeId, [number, takenOf(outcome)]);
    });
  };
}

/** What the processes of one instance tell each other besides messages of devices. True when it was that. */
export type TakeInternal = (topic: string, payload: Uint8Array) => boolean;

/** Hands on whom bridges turned away at their doors. */
export function takeReports(observer: Omit<BrokerObserver, 'signedIn'>): TakeInternal {
  return (topic, payload) => {
    if (!isSeenTopic(topic)) return false;
    for (const { deviceId, rejection } of decodeSeen(payload)) {
      if (rejection.reason === 'wrong-token') observer.signInRefused(deviceId, 'no or wrong token at a bridge');
      else observer.publishRefused(deviceId, rejection);
    }
    return true;
  };
}

/** Gathers confirmations: those of one commit go out as one message a bridge. */
class BridgeConfirmations {
  readonly #send: Send;
  readonly #byBridge = new Map<string, Confirmation[]>();

  constructor(send: Send) {
    this.#send = send;
  }

  add(bridgeId: string, confirmation: Confirmation): void {
    if (this.#byBridge.size === 0) setImmediate(() => this.#flush());
    const gathered = this.#byBridge.get(bridgeId);
    if (gathered === undefined) this.#byBridge.set(bridgeId, [confirmation]);
    else gathered.push(confirmation);
  }

  #flush(): void {
    for (const [bridgeId, gathered] of this.#byBridge)
      this.#send(confirmTopic(bridgeId), encodeConfirmations(gathered));
    this.#byBridge.clear();
  }
}

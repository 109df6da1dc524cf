import type { MqttClient } from 'mqtt';

/** Part of mqtt.js that is private: where every packet leaves. The package is pinned; a test holds this to it. */
interface Outgoing {
  _sendPacket(packet: { cmd: string; messageId?: number }, callback?: () => void, ...rest: unknown[]): void;
}

/** One received message whose acknowledgement is ours to give. */
export interface HeldAck {
  /** False once the connection it came over is gone: the broker will send it again. */
  isCurrent(): boolean;
  /** Lets the acknowledgement go. */
  release(): void;
}

/**
 * Holds back the PUBACKs mqtt.js sends by itself until the message is stored. Its own ways to wait (`handleMessage`,
 * `customHandleAcks`) handle one message at a time: 4 messages a second at a commit of 250 ms.
 */
export class PubackHold {
  #waiting = new Map<number, { send?: () => void }>();

  /** Begins to hold back the client's acknowledgements. Call before it connects. */
  wrap(client: MqttClient): void {
    const outgoing = client as unknown as Outgoing;
    const send = outgoing._sendPacket.bind(outgoing);
    outgoing._sendPacket = (packet, callback, ...rest) => {
      const held = packet.cmd === 'puback' ? this.#waiting.get(packet.messageId ?? 0) : undefined;
      if (held === undefined) {
        send(packet, callback, ...rest);
        return;
      }
      held.send = () => send(packet);
      callback?.();
    };
    // Packet ids mean nothing to the next connection, which brings everything unacknowledged again.
    client.on('close', () => {
      this.#waiting = new Map();
    });
  }

  /** Holds the acknowledgement of the message just received. */
  hold(messageId: number): HeldAck {
    const waiting = this.#waiting;
    const held: { send?: () => void } = {};
    waiting.set(messageId, held);
    return {
      isCurrent: () => waiting === this.#waiting,
      release: () => {
        if (waiting !== this.#waiting) return;
        // Without `send` mqtt.js has not got that far: its PUBACK then passes.
        waiting.delete(messageId);
        held.send?.();
      },
    };
  }

  /** Acknowledgements held now. */
  get size(): number {
    return this.#waiting.size;
  }
}

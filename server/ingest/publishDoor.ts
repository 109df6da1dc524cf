import type { PublishPacket } from 'aedes';
import { type Rejection, reject } from '../domain/reading.ts';
import { type DeviceTopic, isStatusTopic, mayPublish, parseBridgeTopic, parseDeviceTopic } from '../domain/topics.ts';
import type { Accept } from './arrival.ts';
import type { TakeInternal } from './bridgedMessages.ts';
import type { Session } from './brokerAccess.ts';
import { FloodingError } from './closedConnections.ts';
import type { HeldPublishes } from './heldPublishes.ts';
import type { StationRegistry } from './identify.ts';

/** Publishes one connection may have waiting for their commit; a device that floods beyond is cut off. */
const MAX_HELD_PER_CONNECTION = 2_000;

/** What the door needs. */
export interface PublishDoorParts {
  registry: Pick<StationRegistry, 'device'>;
  /** Device id behind a Zigbee2MQTT friendly name, for publishes of a service account. */
  deviceOfZigbeeName: (name: string) => string | undefined;
  accept: Accept;
  /** Is shown what a service account publishes elsewhere. */
  takeInternal?: TakeInternal;
  held: HeldPublishes;
  /** A publish that never reached the pipeline. */
  refused: (deviceId: string, rejection: Rejection) => void;
  clock: () => number;
}

/** Told when the publish may be acknowledged; an error closes the connection instead. */
export type Acknowledge = (error: Error | null, messageId?: number) => void;

/** One publish on a topic that is known: its bytes, and its message id with QoS 1. */
export interface KnownPublish {
  payload: Buffer;
  messageId: number | undefined;
}

/**
 * Takes the publishes of signed-in connections to the pipeline and holds their acknowledgement until the commit. What
 * is refused is acknowledged all the same: a device would send it for ever.
 */
export class PublishDoor {
  readonly #parts: PublishDoorParts;

  constructor(parts: PublishDoorParts) {
    this.#parts = parts;
  }

  /** One publish of a signed-in connection. */
  take(session: Session, packet: PublishPacket, acknowledge: Acknowledge) {
    const topic = readTopic(session, packet.topic);
    if (topic === undefined && session.isService) {
      this.#parts.takeInternal?.(packet.topic, Buffer.from(packet.payload as Buffer));
      return acknowledge(null);
    }
    const deviceId = topic && this.#publisher(session, topic);
    const rejection = deviceId === undefined ? elsewhere(session) : unfitPublish(packet);
    if (topic === undefined || deviceId === undefined || rejection !== undefined) {
      this.#parts.refused(session.user, rejection ?? FOREIGN_TOPIC);
      // Whatever the broker still does with it, it does with nothing in it.
      packet.payload = '';
      return acknowledge(null);
    }
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    this.#accept(session, topic, deviceId, { payload, messageId: undefined }, acknowledge);
  }

  /** One publish of a connection on the topic it published to last. `acknowledge` may be one for all of them. */
  takeKnown(session: Session, publish: KnownPublish, acknowledge: Acknowledge) {
    const topic = session.lastTopic?.topic;
    const deviceId = topic && this.#publisher(session, topic);
    if (topic !== undefined && deviceId !== undefined) {
      return this.#accept(session, topic, deviceId, publish, acknowledge);
    }
    this.#parts.refused(session.user, elsewhere(session));
    acknowledge(null, publish.messageId);
  }

  /** Whose message it is; undefined when this user may not publish there. */
  #publisher(session: Session, topic: DeviceTopic): string | undefined {
    if (session.isService) return topic.deviceId ?? this.#parts.deviceOfZigbeeName(topic.object ?? '');
    const device = this.#parts.registry.device(session.user);
    return device !== undefined && mayPublish(device, topic) ? device.id : undefined;
  }

  #accept(
    session: Session,
    topic: DeviceTopic,
    deviceId: string,
    { payload, messageId }: KnownPublish,
    acknowledge: Acknowledge,
  ) {
    if (session.held >= MAX_HELD_PER_CONNECTION) {
      return acknowledge(new FloodingError('too many publishes at once'), messageId);
    }
    const { accept, held, clock } = this.#parts;
    const receivedAt = clock();
    const hold = held.hold(session, receivedAt);
    // A service account is our bridge, which stamps, or an operator, whose word on the time we take as well.
    accept({ topic, payload, deviceId, receivedAt, isStampedByBridge: session.isService }, (error) => {
      held.release(hold);
      acknowledge(error ?? null, messageId);
    });
  }
}

const FOREIGN_TOPIC = reject('foreign-topic', 'A publish to a topic that this device has not registered.');
const BESIDE: Rejection = {
  ...reject('foreign-topic', 'A status message of the device, beside its readings.'),
  isBeside: true,
};
const RETAINED = reject('retained', 'A retained message is old news to every later subscriber; send without retain.');
const QOS_2 = reject('qos2', 'QoS 2 is not taken; send with QoS 0 or 1.');

/** A device publishes to the same topic again and again: the last one read is kept with its session. */
function readTopic(session: Session, text: string): DeviceTopic | undefined {
  if (session.lastTopic?.text === text) return session.lastTopic.topic;
  const topic = parseDeviceTopic(text) ?? (session.isService ? parseBridgeTopic(text) : undefined);
  session.lastTopic = { text, bytes: Buffer.from(text), topic };
  return topic;
}

/** What a publish is that became nothing, on the topic the session published to last. */
function elsewhere({ lastTopic, user }: Session): Rejection {
  return lastTopic !== undefined && isStatusTopic(lastTopic.text, user) ? BESIDE : FOREIGN_TOPIC;
}

/** Why a publish never becomes a reading, whatever is in it; undefined when it may. */
export function unfitPublish(packet: { qos: number; retain: boolean }): Rejection | undefined {
  if (packet.qos === 2) return QOS_2;
  return packet.retain ? RETAINED : undefined;
}

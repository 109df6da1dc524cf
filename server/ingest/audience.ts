import type { Aedes, Client, PublishPacket, Subscription } from 'aedes';
import { INTERNAL_PREFIX, isPublicTopic, parseBridgeTopic, parseDeviceTopic } from '../domain/topics.ts';
import type { Session, Sessions } from './brokerAccess.ts';
import { SubscriptionBudget } from './subscriptionBudget.ts';

type Granted = (error: Error | null, granted?: Subscription | null) => void;

/** Who may listen to what at the embedded broker, and what is passed on to them. */
export class Audience {
  readonly #sessions: Sessions;
  readonly #budget = new SubscriptionBudget();
  #isWatching = false;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /** True once a service account listens to more than the public topics and those between our own processes. */
  get isWatching(): boolean {
    return this.#isWatching;
  }

  /** Subscriptions refused for their number, for the metrics. */
  get refused(): number {
    return this.#budget.refused;
  }

  /** Decides subscriptions from now on, and what is passed on. */
  attend(aedes: Aedes): void {
    aedes.authorizeSubscribe = (client, subscription, done) => this.#authorize(client, subscription, done);
    aedes.on('unsubscribe', (topics, client) => this.#budget.give(client, topics));
    this.#keepDeviceMessagesIn(aedes);
  }

  /** What is passed on to subscribers keeps its quality of service; all else only has to be acknowledged. */
  isPassedOn(session: Session, { topic }: PublishPacket): boolean {
    if (!session.isService && !this.#isWatching) return false;
    return parseBridgeTopic(topic) === undefined;
  }

  #authorize(client: Client, subscription: Subscription, done: Granted): void {
    const session = this.#sessions.of(client);
    const isPublic = isPublicTopic(subscription.topic);
    const isGranted =
      session !== undefined &&
      (session.isService || (isPublic && this.#budget.take(client, session.user, subscription.topic)));
    if (isGranted && !isPublic && !subscription.topic.startsWith(INTERNAL_PREFIX)) this.#isWatching = true;
    done(null, isGranted ? subscription : null);
  }

  /**
   * aedes publishes what it has acknowledged: it looks for subscribers, queues and retains. None of that is wanted of a
   * device message, which is on disk by then, and it would cost a third of the throughput.
   */
  #keepDeviceMessagesIn(broker: Aedes): void {
    type Done = (error?: Error) => void;
    type Publish = (packet: PublishPacket, client: Client | Done | null, done?: Done) => void;
    const aedes = broker as unknown as { publish: Publish };
    const passOn = aedes.publish.bind(aedes);
    aedes.publish = (packet, client, done) => {
      const session = typeof client === 'object' && client !== null ? this.#sessions.of(client) : undefined;
      const mayPass = session === undefined ? !isFromClient(client) : this.#mayPassOn(session, packet);
      if (mayPass) passOn(packet, client, done);
      else done?.();
    };
  }

  #mayPassOn(session: Session, packet: PublishPacket): boolean {
    if (!this.isPassedOn(session, packet)) return false;
    const isDeviceMessage = parseDeviceTopic(packet.topic) !== undefined;
    if (!isDeviceMessage) return session.isService && !packet.topic.startsWith('$SYS/');
    packet.retain = false;
    return this.#isWatching && packet.payload.length > 0;
  }
}

function isFromClient(client: unknown): boolean {
  return typeof client === 'object' && client !== null;
}

import type { Client } from 'aedes';

/** Topics of all its connections that one device may listen to. A Home Assistant at the broker takes one a station. */
const MAX_TOPICS = 1_000;

/** Counts what each device listens to: every subscription takes memory of the broker, and names of topics are endless. */
export class SubscriptionBudget {
  readonly #topicsByClient = new Map<Client, { user: string; topics: Set<string> }>();
  readonly #countByUser = new Map<string, number>();
  #refused = 0;

  /** Subscriptions turned away so far. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes one more into account; false when its user has enough. */
  take(client: Client, user: string, topic: string): boolean {
    const { topics } = this.#ofClient(client, user);
    if (topics.has(topic)) return true;
    const count = this.#countByUser.get(user) ?? 0;
    if (count >= MAX_TOPICS) {
      this.#refused++;
      return false;
    }
    topics.add(topic);
    this.#countByUser.set(user, count + 1);
    return true;
  }

  /** The connection no longer listens to these. */
  give(client: Client, topics: readonly string[]): void {
    const held = this.#topicsByClient.get(client);
    const given = held && topics.filter((topic) => held.topics.delete(topic));
    if (given) this.#left(held.user, given.length);
  }

  #ofClient(client: Client, user: string) {
    const known = this.#topicsByClient.get(client);
    if (known !== undefined) return known;
    const made = { user, topics: new Set<string>() };
    this.#topicsByClient.set(client, made);
    client.conn.once('close', () => {
      this.#topicsByClient.delete(client);
      this.#left(user, made.topics.size);
    });
    return made;
  }

  #left(user: string, count: number): void {
    const left = (this.#countByUser.get(user) ?? 0) - count;
    if (left > 0) this.#countByUser.set(user, left);
    else this.#countByUser.delete(user);
  }
}

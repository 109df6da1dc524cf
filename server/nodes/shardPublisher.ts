import { contentHash, encodeManifest, SHARDS } from '../../firmware-bridge/registryShards.ts';

/** Changes come in bulk (an import) and one by one (a token is revoked): both are with those who follow within this, ms. */
const GATHER_MS = 200;

/** What the publisher needs. */
export interface ShardPublisherParts {
  /** The parts, one for each of `SHARDS`. */
  payloads: () => readonly string[];
  /** Topic of a part, or of the `manifest`. */
  topicOf: (name: string) => string;
  onChange: (listener: () => void) => () => void;
  /** Sends a retained message. */
  publish: (topic: string, payload: string) => void;
  clock: () => number;
}

/** Publishes something that changes as 256 retained parts and a manifest of their hashes. */
export class ShardPublisher {
  readonly #parts: ShardPublisherParts;
  #hashes: string[] = [];
  #generation = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(parts: ShardPublisherParts) {
    this.#parts = parts;
  }

  /** Sends everything and begins to follow changes. Returns how to end it. */
  start(): () => void {
    this.connected();
    this.#stopListening = this.#parts.onChange(() => {
      this.#timer ??= setTimeout(() => this.#publishChanged(), GATHER_MS);
      this.#timer.unref();
    });
    return () => this.#close();
  }

  /** Sends now what has changed. */
  flush(): void {
    this.#publishChanged();
  }

  /** Sends everything: the broker may have forgotten it. */
  connected(): void {
    this.#hashes = [];
    this.#publishChanged();
  }

  #close(): void {
    this.#stopListening?.();
    clearTimeout(this.#timer);
  }

  /** Sends the parts that changed, then the manifest: a follower that has both knows that it has everything. */
  #publishChanged(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { publish, clock, topicOf } = this.#parts;
    const payloads = this.#parts.payloads();
    const hashes = payloads.map(contentHash);
    const changed = SHARDS.filter((_shard, index) => hashes[index] !== this.#hashes[index]);
    if (changed.length === 0) return;
    for (const shard of changed) publish(topicOf(shard), payloads[SHARDS.indexOf(shard)] ?? '');
    this.#hashes = hashes;
    this.#generation = Math.max(clock(), this.#generation + 1);
    publish(topicOf('manifest'), encodeManifest({ generation: this.#generation, hashes }));
  }
}

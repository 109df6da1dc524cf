import {
  contentHash,
  encodeManifest,
  encodeShard,
  type RegistryDevice,
  SHARDS,
  shardOf,
} from '../firmware-bridge/registryShards.ts';
import { REGISTRY_MANIFEST_TOPIC, registryTopic } from './domain/topics.ts';
import type { StationStore } from './store/stationStore.ts';

/** Changes come in bulk (an import) and one by one (a token is revoked): both are with the bridges within this, ms. */
const GATHER_MS = 200;

/** What the publisher needs. */
export interface RegistryPublisherParts {
  directory: Pick<StationStore, 'credentials' | 'onChange'>;
  /** Sends a retained message. */
  publish: (topic: string, payload: string) => void;
  clock: () => number;
}

/**
 * Publishes who may push, for bridges on other machines: 256 retained parts and a manifest of their hashes. Holds device
 * ids, hashes of tokens and names of Zigbee devices; nothing of stations or owners.
 */
export class RegistryPublisher {
  readonly #parts: RegistryPublisherParts;
  #hashes: string[] = [];
  #generation = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;

  constructor(parts: RegistryPublisherParts) {
    this.#parts = parts;
  }

  /** Sends everything and begins to follow changes. Returns how to end it. */
  start(): () => void {
    this.connected();
    this.#stopListening = this.#parts.directory.onChange(() => {
      this.#timer ??= setTimeout(() => this.#publishChanged(), GATHER_MS);
      this.#timer.unref();
    });
    return () => this.#close();
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
    const { publish, clock } = this.#parts;
    const payloads = this.#payloads();
    const hashes = payloads.map(contentHash);
    const changed = SHARDS.filter((_shard, index) => hashes[index] !== this.#hashes[index]);
    if (changed.length === 0) return;
    for (const shard of changed) publish(registryTopic(shard), payloads[SHARDS.indexOf(shard)] ?? '');
    this.#hashes = hashes;
    this.#generation = Math.max(clock(), this.#generation + 1);
    publish(REGISTRY_MANIFEST_TOPIC, encodeManifest({ generation: this.#generation, hashes }));
  }

  #payloads(): string[] {
    const byShard = new Map<string, RegistryDevice[]>(SHARDS.map((shard) => [shard, []]));
    for (const { device, tokenHash } of this.#parts.directory.credentials()) {
      const { id, names } = device;
      byShard.get(shardOf(id))?.push(names === undefined ? { id, tokenHash } : { id, tokenHash, names });
    }
    return SHARDS.map((shard) => encodeShard(byShard.get(shard) ?? []));
  }
}

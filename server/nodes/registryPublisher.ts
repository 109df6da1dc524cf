import { encodeShard, type RegistryDevice, SHARDS, shardOf } from '../../firmware-bridge/registryShards.ts';
import { registryTopic } from '../domain/topics.ts';
import type { StationStore } from '../store/registry/stationStore.ts';
import { ShardPublisher } from './shardPublisher.ts';

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
  readonly #shards: ShardPublisher;

  constructor({ directory, publish, clock }: RegistryPublisherParts) {
    this.#shards = new ShardPublisher({
      payloads: () => payloadsOf(directory),
      topicOf: registryTopic,
      onChange: (listener) => directory.onChange(listener),
      publish,
      clock,
    });
  }

  /** Sends everything and begins to follow changes. Returns how to end it. */
  start(): () => void {
    return this.#shards.start();
  }

  /** Sends everything: the broker may have forgotten it. */
  connected(): void {
    this.#shards.connected();
  }
}

function payloadsOf(directory: Pick<StationStore, 'credentials'>): string[] {
  const byShard = new Map<string, RegistryDevice[]>(SHARDS.map((shard) => [shard, []]));
  for (const { device, tokenHash } of directory.credentials()) {
    const { id, names } = device;
    byShard.get(shardOf(id))?.push(names === undefined ? { id, tokenHash } : { id, tokenHash, names });
  }
  return SHARDS.map((shard) => encodeShard(byShard.get(shard) ?? []));
}

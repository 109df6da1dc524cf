import { isSameHash, keyHash, normaliseKey } from '../server/process/keys.ts';
import type { Credentials } from './credentials.ts';
import type { Identified } from './doors.ts';
import { decodeShard } from './registryShards.ts';
import { ShardCopy } from './shardCopy.ts';

/** What the follower needs. */
export interface RegistryFollowerOptions {
  /** The last complete copy. */
  path: string;
  onError: (error: unknown) => void;
}

/**
 * Who may push, as the server publishes it over the broker. A part counts as a whole, so that a revoked token ends with
 * it. Who is not in it is only turned away for good while everything is known to be there:
 * before, and while the broker is away, the answer is `unready`.
 */
export class RegistryFollower {
  readonly #copy: ShardCopy;
  readonly #idsByShard = new Map<string, string[]>();
  readonly #idByHash = new Map<string, string>();
  readonly #hashById = new Map<string, string>();

  constructor(options: RegistryFollowerOptions) {
    this.#copy = new ShardCopy({ ...options, apply: (shard, payload) => this.#apply(shard, payload) });
  }

  /** Reads the copy of an earlier run, if there is a whole one. */
  open(): Promise<void> {
    return this.#copy.open();
  }

  /** Devices known now. */
  get size(): number {
    return this.#hashById.size;
  }

  /** True once there is something to go by: pushes of known devices are taken. */
  get isKnown(): boolean {
    return this.#copy.isKnown;
  }

  /** True while all of it is known to be there. */
  get isComplete(): boolean {
    return this.#copy.isComplete;
  }

  /** Takes a message, see `ShardCopy.receive`. */
  receive(name: string, payload: string, isKept: boolean): void {
    this.#copy.receive(name, payload, isKept);
  }

  /** The broker is away: what it has may change without us. */
  disconnected(): void {
    this.#copy.disconnected();
  }

  /** Whose token it is. */
  authenticate({ deviceId, token: typed }: Credentials): Identified {
    const token = normaliseKey(typed);
    const hash = token === undefined ? undefined : keyHash(token);
    const id = hash === undefined ? undefined : this.#holderOf(hash, deviceId);
    if (id !== undefined) return { id };
    // What never was a key is nobody's, whatever is missing.
    return this.isComplete || (hash === undefined && this.isKnown) ? undefined : 'unready';
  }

  /** Writes what is not on disk yet. */
  close(): Promise<void> {
    return this.#copy.close();
  }

  #holderOf(hash: string, deviceId: string | undefined): string | undefined {
    if (deviceId === undefined) return this.#idByHash.get(hash);
    const known = this.#hashById.get(deviceId);
    return known !== undefined && isSameHash(known, hash) ? deviceId : undefined;
  }

  #apply(shard: string, payload: string): boolean {
    const devices = decodeShard(payload);
    if (devices === undefined) return false;
    for (const id of this.#idsByShard.get(shard) ?? []) {
      this.#idByHash.delete(this.#hashById.get(id) ?? '');
      this.#hashById.delete(id);
    }
    for (const { id, tokenHash } of devices) {
      this.#idByHash.set(tokenHash, id);
      this.#hashById.set(id, tokenHash);
    }
    this.#idsByShard.set(
      shard,
      devices.map(({ id }) => id),
    );
    return true;
  }
}

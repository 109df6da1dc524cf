import { open, readFile, rename } from 'node:fs/promises';
import { isSameHash, keyHash, normaliseKey } from '../server/keys.ts';
import type { Credentials } from './credentials.ts';
import type { Identified } from './doors.ts';
import { contentHash, decodeManifest, decodeShard, encodeManifest, type Manifest, SHARDS } from './registryShards.ts';

/** Changes come in bulk; the copy on disk may be this much behind, ms. */
const SAVE_MS = 500;

/** What the follower needs. */
export interface RegistryFollowerOptions {
  /** The last complete copy. */
  path: string;
  onError: (error: unknown) => void;
}

/**
 * Who may push, as the server publishes it over the broker. A part counts as soon as it is there, as a whole, so that a
 * revoked token ends with it. Who is not in it is only turned away for good while everything is known to be there:
 * before, and while the broker is away, the answer is `unready`.
 */
export class RegistryFollower {
  readonly #options: RegistryFollowerOptions;
  readonly #payloads = new Map<string, { payload: string; hash: string; ids: string[] }>();
  readonly #idByHash = new Map<string, string>();
  readonly #hashById = new Map<string, string>();
  #manifest: Manifest | undefined;
  #isComplete = false;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: RegistryFollowerOptions) {
    this.#options = options;
  }

  /** Reads the copy of an earlier run, if there is a whole one. */
  async open(): Promise<void> {
    const copy = await this.#readCopy();
    const manifest = decodeManifest(copy[0] ?? '');
    const payloads = copy.slice(1, SHARDS.length + 1);
    if (manifest === undefined || payloads.some((payload, index) => contentHash(payload) !== manifest.hashes[index])) {
      return;
    }
    for (const [index, payload] of payloads.entries()) this.#apply(SHARDS[index] ?? '', payload);
  }

  /** Devices known now. */
  get size(): number {
    return this.#hashById.size;
  }

  /** True once there is something to go by: pushes of known devices are taken. */
  get isKnown(): boolean {
    return this.#payloads.size > 0;
  }

  /** True while all of it is known to be there. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Takes a retained message: `name` is a part's name or `manifest`. What is not understood is left out. */
  receive(name: string, payload: string): void {
    if (name === 'manifest') this.#manifest = decodeManifest(payload) ?? this.#manifest;
    else this.#apply(name, payload);
    this.#isComplete = this.#matches();
    if (this.#isComplete) this.#saveSoon();
  }

  /** The broker is away: what it has may change without us. */
  disconnected(): void {
    this.#manifest = undefined;
    this.#isComplete = false;
  }

  /** Whose token it is. */
  authenticate({ deviceId, token: typed }: Credentials): Identified {
    const token = normaliseKey(typed);
    const hash = token === undefined ? undefined : keyHash(token);
    const id = hash === undefined ? undefined : this.#holderOf(hash, deviceId);
    if (id !== undefined) return { id };
    // What never was a key is nobody's, whatever is missing.
    return this.#isComplete || (hash === undefined && this.isKnown) ? undefined : 'unready';
  }

  /** Writes what is not on disk yet. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#save();
    await this.#saving;
  }

  #holderOf(hash: string, deviceId: string | undefined): string | undefined {
    if (deviceId === undefined) return this.#idByHash.get(hash);
    const known = this.#hashById.get(deviceId);
    return known !== undefined && isSameHash(known, hash) ? deviceId : undefined;
  }

  #apply(shard: string, payload: string): void {
    const devices = decodeShard(payload);
    if (devices === undefined) return;
    for (const id of this.#payloads.get(shard)?.ids ?? []) {
      this.#idByHash.delete(this.#hashById.get(id) ?? '');
      this.#hashById.delete(id);
    }
    for (const { id, tokenHash } of devices) {
      this.#idByHash.set(tokenHash, id);
      this.#hashById.set(id, tokenHash);
    }
    this.#payloads.set(shard, { payload, hash: contentHash(payload), ids: devices.map(({ id }) => id) });
  }

  #matches(): boolean {
    const hashes = this.#manifest?.hashes;
    return hashes !== undefined && SHARDS.every((shard, index) => this.#payloads.get(shard)?.hash === hashes[index]);
  }

  #saveSoon(): void {
    this.#timer ??= setTimeout(() => this.#save(), SAVE_MS);
    this.#timer.unref();
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // Only a whole copy is worth anything after a restart.
    if (!this.#isComplete || this.#manifest === undefined) return;
    const lines = [encodeManifest(this.#manifest), ...SHARDS.map((shard) => this.#payloads.get(shard)?.payload ?? '')];
    this.#saving = this.#saving.then(() => this.#writeCopy(lines.join('\n')));
  }

  async #writeCopy(text: string): Promise<void> {
    const { path, onError } = this.#options;
    try {
      const file = await open(`${path}.new`, 'w', 0o600);
      await file.writeFile(text);
      await file.datasync();
      await file.close();
      await rename(`${path}.new`, path);
    } catch (error) {
      onError(error);
    }
  }

  /** The lines of the copy; none when there is no copy. */
  async #readCopy(): Promise<string[]> {
    try {
      return (await readFile(this.#options.path, 'utf8')).split('\n');
    } catch (error) {
      const isMissing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
      if (!isMissing) this.#options.onError(error);
      return [];
    }
  }
}

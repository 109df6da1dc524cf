import { open, readFile, rename } from 'node:fs/promises';
import { contentHash, decodeManifest, encodeManifest, type Manifest, SHARDS } from './registryShards.ts';

/** Changes come in bulk; the copy on disk may be this much behind, ms. */
const SAVE_MS = 500;

/** What a copy needs. */
export interface ShardCopyOptions {
  /** The last complete copy. */
  path: string;
  /** Takes a part as a whole, in place of what it was; false when it cannot be read, which leaves it as it was. */
  apply: (shard: string, payload: string) => boolean;
  onError: (error: unknown) => void;
}

/**
 * Something that is published as 256 retained parts and a manifest of their hashes, as it is known here. A part that is
 * published counts as soon as it is there, as a whole; one that the broker had kept, once a manifest names it that is no
 * older than the last: a broker may come back with an earlier state of its own, in which revoked tokens are good and new
 * devices unknown. What is complete is kept on disk, so that a start needs no broker.
 */
export class ShardCopy {
  readonly #options: ShardCopyOptions;
  readonly #payloads = new Map<string, { payload: string; hash: string }>();
  #manifest: Manifest | undefined;
  #isComplete = false;
  /** Generation of the newest manifest that counted. */
  #generation = 0;
  /** Parts that the broker had kept and that no manifest has named yet. */
  readonly #waiting = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: ShardCopyOptions) {
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
    this.#generation = manifest.generation;
    for (const [index, payload] of payloads.entries()) this.#apply(SHARDS[index] ?? '', payload);
  }

  /** True once there is something to go by. */
  get isKnown(): boolean {
    return this.#payloads.size > 0;
  }

  /** True while all of it is known to be there. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /**
   * Takes a message: `name` is a part's name or `manifest`. What is not understood is left out.
   *
   * @param isKept the broker had kept it (MQTT's retain flag); otherwise it was published just now.
   */
  receive(name: string, payload: string, isKept: boolean): void {
    if (name === 'manifest') this.#takeManifest(payload, isKept);
    else this.#takePart(name, payload, isKept);
    this.#isComplete = this.#matches();
    if (this.#isComplete) this.#saveSoon();
  }

  /** The broker is away: what it has may change without us. */
  disconnected(): void {
    if (this.#timer !== undefined) this.#save();
    this.#manifest = undefined;
    this.#isComplete = false;
    this.#waiting.clear();
  }

  /** Writes what is not on disk yet. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) this.#save();
    await this.#saving;
  }

  #takeManifest(payload: string, isKept: boolean): void {
    const manifest = decodeManifest(payload);
    if (manifest === undefined || (isKept && manifest.generation < this.#generation)) return;
    this.#manifest = manifest;
    this.#generation = manifest.generation;
    for (const [shard, part] of this.#waiting) this.#takePart(shard, part, true);
  }

  #takePart(shard: string, payload: string, isKept: boolean): void {
    if (isKept && this.#manifest?.hashes[SHARDS.indexOf(shard)] !== contentHash(payload)) {
      this.#waiting.set(shard, payload);
      return;
    }
    this.#waiting.delete(shard);
    this.#apply(shard, payload);
  }

  #apply(shard: string, payload: string): void {
    if (!this.#options.apply(shard, payload)) return;
    this.#payloads.set(shard, { payload, hash: contentHash(payload) });
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

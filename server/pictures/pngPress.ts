import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../log.ts';
import { packageRoot } from '../process/packageRoot.ts';

/** Pictures kept, bytes altogether. */
const MAX_KEPT_BYTES = 16_000_000;
/** Pictures waiting to be drawn; beyond, the answer is "try again". */
const MAX_WAITING = 40;
/** Holding the thread costs some 80 MB. */
const IDLE_MS = 30_000;

/** No picture: too many are wanted at once, or it could not be drawn. */
export class PictureError extends Error {
  override name = 'PictureError';
}

interface Waiting {
  resolve: (png: Buffer) => void;
  reject: (error: Error) => void;
}

/** How a press works. */
export interface PngPressOptions {
  /** Told what was not drawn, and why. */
  log?: Pick<Logger, 'warn'>;
  /** Without work the thread ends after it, ms. */
  idleMs?: number;
}

/** Draws SVG of our own as PNG, in a thread that lives only while there is work, and keeps what it drew last. */
export class PngPress {
  readonly #kept = new Map<string, Buffer>();
  readonly #drawing = new Map<string, Promise<Buffer>>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #options: PngPressOptions;
  #keptBytes = 0;
  #nextId = 1;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: PngPressOptions = {}) {
    this.#options = options;
  }

  /**
   * The picture, `width` pixels wide.
   * @throws PictureError
   */
  async draw(svg: string, width: number): Promise<Buffer> {
    const key = createHash('sha256').update(`${width}\n${svg}`).digest('base64');
    const known = this.#kept.get(key) ?? this.#drawing.get(key);
    if (known !== undefined) return known;
    if (this.#waiting.size >= MAX_WAITING) throw new PictureError('too many pictures are wanted at once');
    const drawing = this.#ask(svg, width);
    this.#drawing.set(key, drawing);
    try {
      const png = await drawing;
      this.#keep(key, png);
      return png;
    } finally {
      this.#drawing.delete(key);
    }
  }

  /** Ends the thread; what waits is refused. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #ask(svg: string, width: number): Promise<Buffer> {
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.postMessage({ id, svg, width });
    });
  }

  #start(): Worker {
    const worker = new Worker(join(packageRoot(), 'server', 'pictures', 'pngWorker.mjs'), { execArgv: [] });
    worker.on('message', ({ id, png, error }: { id: number; png?: Uint8Array; error?: string }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (png === undefined) this.#refuse(waiting ? [waiting] : [], error);
      else waiting?.resolve(Buffer.from(png));
      if (this.#waiting.size === 0) this.#restLater(worker);
    });
    worker.on('error', (error) => this.#ended(worker, error));
    worker.on('exit', () => this.#ended(worker, new Error('the thread ended')));
    worker.unref();
    return worker;
  }

  #restLater(worker: Worker): void {
    const { idleMs = IDLE_MS } = this.#options;
    this.#idle = setTimeout(() => {
      // Given up before it has ended: what is asked meanwhile goes to a new one.
      this.#worker = undefined;
      void worker.terminate();
    }, idleMs).unref();
  }

  #ended(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    if (waiting.length > 0) this.#refuse(waiting, cause);
  }

  #refuse(waiting: readonly Waiting[], cause: unknown): void {
    const error = new PictureError('not drawn', { cause });
    this.#options.log?.warn({ err: error }, 'a picture is not drawn');
    for (const { reject } of waiting) reject(error);
  }

  #keep(key: string, png: Buffer): void {
    this.#kept.set(key, png);
    this.#keptBytes += png.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= MAX_KEPT_BYTES || oldest === key) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

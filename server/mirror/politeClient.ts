/** What a request brought. */
export type Fetched = { kind: 'file'; json: unknown } | { kind: 'unchanged' } | { kind: 'failed'; why: string };

/** How a client introduces itself and where it asks. */
export interface PoliteClientOptions {
  url: string;
  /** Program, version and a contact address: sensor.community blocks whom it cannot ask. */
  userAgent: string;
  clock: () => number;
}

const TIMEOUT_MS = 60_000;
/** Their whole file is about 25 MB. */
const MAX_BYTES = 100_000_000;
/** After a failure the next request waits this long, ms, twice as long after each further one, up to an hour. */
const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Asks for one file again and again: only what is new, and less often while it fails. */
export class PoliteClient {
  readonly #options: PoliteClientOptions;
  #lastModified: string | undefined;
  #etag: string | undefined;
  #failures = 0;
  #notBefore = 0;

  constructor(options: PoliteClientOptions) {
    this.#options = options;
  }

  /** The file if it changed; undefined while it is too early to ask again. */
  async fetch(): Promise<Fetched | undefined> {
    const { url, userAgent, clock } = this.#options;
    if (clock() < this.#notBefore) return undefined;
    const headers = {
      'User-Agent': userAgent,
      Accept: 'application/json',
      ...(this.#lastModified !== undefined && { 'If-Modified-Since': this.#lastModified }),
      ...(this.#etag !== undefined && { 'If-None-Match': this.#etag }),
    };
    try {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status === 304) return this.#succeeded({ kind: 'unchanged' });
      if (response.status !== 200) {
        await response.body?.cancel();
        return this.#failed(`status ${response.status}`, Number(response.headers.get('retry-after') ?? 0) * 1000);
      }
      const json: unknown = JSON.parse(await textOf(response));
      this.#lastModified = response.headers.get('last-modified') ?? undefined;
      this.#etag = response.headers.get('etag') ?? undefined;
      return this.#succeeded({ kind: 'file', json });
    } catch (error) {
      // Network, time-out or no JSON: all of them are the other side's, and over in a while.
      return this.#failed(error instanceof Error ? error.message : String(error), 0);
    }
  }

  #succeeded(fetched: Fetched): Fetched {
    this.#failures = 0;
    return fetched;
  }

  #failed(why: string, askedToWaitMs: number): Fetched {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    const asked = Number.isFinite(askedToWaitMs) ? askedToWaitMs : 0;
    this.#notBefore = this.#options.clock() + Math.max(pause, asked);
    return { kind: 'failed', why };
  }
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

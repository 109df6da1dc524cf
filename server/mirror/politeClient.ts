import { DAY_MS, HOUR_MS, MINUTE_MS } from '../domain/durations.ts';
import { MirrorMemory } from './mirrorMemory.ts';

/** What a request brought. */
export type Fetched = FetchedFile | { kind: 'unchanged' } | { kind: 'failed'; why: string };

/** A file that is not the one held. */
export interface FetchedFile {
  kind: 'file';
  json: unknown[];
  /** Its rows are stored: from now on only a newer one is asked for. */
  taken: () => void;
}

/** How a client introduces itself and where it asks. */
export interface PoliteClientOptions {
  url: string;
  /** Program, version and a contact address: sensor.community blocks whom it cannot ask. */
  userAgent: string;
  clock: () => number;
  /** Of requests before a restart. */
  memory?: MirrorMemory;
}

const TIMEOUT_MS = MINUTE_MS;
/** Their whole file is about 25 MB. */
const MAX_BYTES = 100_000_000;
/** After a failure the next request waits this long, ms, twice as long after each further one, up to an hour. */
const FIRST_PAUSE_MS = 5 * MINUTE_MS;
const LONGEST_PAUSE_MS = HOUR_MS;
/** However long the other side asks us to wait: a mistaken header must not end the mirror for good. */
const LONGEST_ASKED_MS = DAY_MS;

/** Asks for one file again and again: only what is new, and less often while it fails. */
export class PoliteClient {
  readonly #options: PoliteClientOptions;
  readonly #memory: MirrorMemory;
  readonly #closing = new AbortController();
  #lastModified: string | undefined;
  #etag: string | undefined;

  constructor(options: PoliteClientOptions) {
    this.#options = options;
    this.#memory = options.memory ?? new MirrorMemory();
  }

  /** Ends a request under way: nobody waits for its answer any more. */
  close(): void {
    this.#closing.abort();
  }

  /** The file if it changed; undefined while it is too early to ask again. */
  async fetch(): Promise<Fetched | undefined> {
    const { url, clock } = this.#options;
    const { notBefore } = this.#memory.notes;
    // A clock that was put back does not keep us from asking longer than we would ever wait.
    if (clock() < notBefore && notBefore - clock() <= LONGEST_ASKED_MS) return undefined;
    this.#memory.note({ askedAt: clock() });
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const response = await fetch(url, { headers: this.#headers(), signal });
      if (response.status === 304) return this.#succeeded({ kind: 'unchanged' });
      if (response.status !== 200) {
        await response.body?.cancel();
        return this.#failed(`status ${response.status}`, waitAsked(response.headers.get('retry-after'), clock()));
      }
      const json: unknown = JSON.parse(await textOf(response));
      if (!Array.isArray(json)) return this.#failed('what came is no file of sensor.community', 0);
      return this.#succeeded({ kind: 'file', json, taken: () => this.#hold(response.headers) });
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      // Network, time-out or no JSON: all of them are the other side's, and over in a while.
      return this.#failed(error instanceof Error ? error.message : String(error), 0);
    }
  }

  #headers(): Record<string, string> {
    return {
      'User-Agent': headerText(this.#options.userAgent),
      Accept: 'application/json',
      ...(this.#lastModified !== undefined && { 'If-Modified-Since': this.#lastModified }),
      ...(this.#etag !== undefined && { 'If-None-Match': this.#etag }),
    };
  }

  #hold(headers: Headers): void {
    this.#lastModified = headers.get('last-modified') ?? undefined;
    this.#etag = headers.get('etag') ?? undefined;
  }

  #succeeded(fetched: Fetched): Fetched {
    if (this.#memory.notes.failures > 0) this.#memory.note({ failures: 0 });
    return fetched;
  }

  #failed(why: string, askedToWaitMs: number): Fetched {
    const { failures } = this.#memory.notes;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    const wait = Math.max(pause, Math.min(askedToWaitMs, LONGEST_ASKED_MS));
    this.#memory.note({ failures: failures + 1, notBefore: this.#options.clock() + wait });
    return { kind: 'failed', why };
  }
}

/** `Retry-After` in ms: seconds, or a date (RFC 9110 section 10.2.3); 0 for anything else. */
function waitAsked(text: string | null, now: number): number {
  if (text === null) return 0;
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}

/** What of a text a header can carry: a contact in somebody's own words has umlauts and dashes. */
function headerText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?');
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

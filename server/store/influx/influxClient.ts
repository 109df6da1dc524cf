import { HttpError, InfluxDB, setLogger, type WriteApi } from '@influxdata/influxdb-client';
import { MINUTE_MS } from '../../domain/durations.ts';
import { StoreUnavailableError } from '../readingStore.ts';
import {
  authorizationFor,
  dialectOf,
  ensureDatabase,
  type InfluxCredentials,
  type InfluxDialect,
} from './influxDialect.ts';
import { blockOf, blocksOf, type LineBlock } from './influxLineBlock.ts';

/** Where the server is and what to sign in with. */
export interface InfluxConnection extends InfluxCredentials {
  url: string;
  /** Organisation of 2.x; needed there only when the bucket has yet to be made. */
  org?: string;
  /** Bucket, or database on 1.x; `database/retentionPolicy` names both. */
  bucket: string;
}

/** One series of a query's answer, as InfluxDB gives it. Times are epoch ms. */
export interface InfluxSeries {
  tags?: Record<string, string>;
  columns: string[];
  values: unknown[][];
  /** The server left rows out. */
  partial?: boolean;
}

interface InfluxResult {
  series?: InfluxSeries[];
  /** The server left series out: it cut between two. */
  partial?: boolean;
  error?: string;
}

/** A line the server will never take, and why. */
export interface RefusedLine {
  line: string;
  reason: string;
}

/** The server has a `max-row-limit` and left rows out: the question is to be asked in parts. */
export class CutAnswerError extends StoreUnavailableError {
  override name = 'CutAnswerError';
}

/** When all lines of a batch this large are refused, the server is at fault and not the lines. */
const WHOLE_BATCH = 10;
const WRITE_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = MINUTE_MS;
const PING_TIMEOUT_MS = 3_000;

// Everything the client logs it also throws to us; it is logged once, where it is caught.
setLogger({ error: () => undefined, warn: () => undefined });

/**
 * Writes line protocol to `/write` through the official client and queries `/query` in InfluxQL through its transport.
 * What goes wrong on the way is a StoreUnavailableError, but for lines the server refuses for good.
 */
export class InfluxClient {
  readonly #connection: InfluxConnection;
  readonly #target: string;
  #reader: InfluxDB;
  #writeApi: WriteApi | undefined;

  constructor(connection: InfluxConnection) {
    this.#connection = connection;
    this.#target = targetOf(connection.bucket);
    this.#reader = this.#clientWith(authorizationFor(undefined, connection), QUERY_TIMEOUT_MS);
  }

  /** Asks the server which generation it is, signs in its way and makes the database when it is missing. */
  async connect(): Promise<InfluxDialect> {
    const dialect = dialectOf(await this.ping(), this.#connection);
    this.#reader = this.#clientWith(dialect.authorization, QUERY_TIMEOUT_MS);
    this.#writeApi = this.#clientWith(dialect.authorization, WRITE_TIMEOUT_MS).getWriteApi('', '', 'ms', {
      // A full batch would be sent without anybody waiting for it: none ever fills up.
      batchSize: 2,
      flushInterval: 0,
      maxRetries: 0,
      // Packing lines costs more than making them, and the server has to unpack them: 400 bytes a message are no load.
      gzipThreshold: Number.POSITIVE_INFINITY,
    });
    this.#writeApi.path = `/write?${this.#target}&precision=ms`;
    try {
      await ensureDatabase(dialect.generation, this.#connection, {
        query: (q) => this.query(q),
        request: (method, path, body) => this.#request(method, path, { body }),
      });
    } catch (error) {
      // At the start a refused sign-in is a wrong setting; later on it is an outage like others, and readings wait.
      throw isRefusedSignIn(error)
        ? new Error(`${error.message} (check user, password or token)`, { cause: error })
        : error;
    }
    return dialect;
  }

  /** Resolves to the server's version. `/health` is missing on 1.x; `/ping` is everywhere. */
  async ping(): Promise<string> {
    let version: unknown;
    const answer = await this.#request('GET', '/ping', {
      signal: AbortSignal.timeout(PING_TIMEOUT_MS),
      onHeaders: (headers) => {
        version = headers['x-influxdb-version'];
      },
    });
    version ??= (answer as { version?: unknown } | undefined)?.version;
    if (typeof version !== 'string') throw new Error(`${this.#connection.url} answers, but not as an InfluxDB does`);
    return version;
  }

  /** Runs one InfluxQL statement; nothing is escaped here. */
  async query(q: string): Promise<InfluxSeries[]> {
    const answer = await this.#request('POST', '/query', {
      body: `${this.#target}&epoch=ms&q=${encodeURIComponent(q)}`,
      contentType: 'application/x-www-form-urlencoded',
    });
    const [result] = (answer as { results?: InfluxResult[] } | undefined)?.results ?? [];
    if (result?.error !== undefined) throw new StoreUnavailableError(`InfluxDB: ${result.error}`);
    const series = result?.series ?? [];
    if (result?.partial === true || series.some(({ partial }) => partial)) {
      throw new CutAnswerError('InfluxDB cut an answer short: set its max-row-limit to 0 (no limit)');
    }
    return series;
  }

  /** Writes the lines; resolves to those the server refused for good. */
  write(lines: readonly string[]): Promise<RefusedLine[]> {
    return this.writeBlocks(blocksOf(lines));
  }

  /** Writes lines that are texts already, one request a block; otherwise as `write`. */
  async writeBlocks(blocks: Iterable<LineBlock>): Promise<RefusedLine[]> {
    const refused: RefusedLine[] = [];
    let count = 0;
    for (const block of blocks) {
      refused.push(...(await this.#writeHalving(block)));
      count += block.count;
    }
    if (refused.length >= WHOLE_BATCH && refused.length === count) {
      throw new StoreUnavailableError(`InfluxDB takes none of ${count} lines: ${refused[0]?.reason}`);
    }
    return refused;
  }

  /**
   * A refusal names no line and may have stored the others, so the block is halved until the lines at fault stand alone;
   * writing the good ones again changes nothing.
   */
  async #writeHalving(block: LineBlock): Promise<RefusedLine[]> {
    const reason = await this.#send(block.text);
    if (reason === undefined) return [];
    const lines = block.lines();
    if (lines.length === 1) return [{ line: lines[0] ?? '', reason }];
    const middle = lines.length >> 1;
    const first = await this.#writeHalving(blockOf(lines.slice(0, middle)));
    return [...first, ...(await this.#writeHalving(blockOf(lines.slice(middle))))];
  }

  /** Resolves to why some of the lines were refused, or to nothing when all are stored. */
  async #send(text: string): Promise<string | undefined> {
    if (this.#writeApi === undefined) throw new StoreUnavailableError('InfluxDB is not connected');
    try {
      // As one record: the client joins records by line breaks and does nothing else with them.
      this.#writeApi.writeRecord(text);
      await this.#writeApi.flush();
      return undefined;
    } catch (error) {
      const isRefusal = error instanceof HttpError && (error.statusCode === 400 || error.statusCode === 422);
      if (isRefusal) return reasonOf(error);
      throw this.#unavailable(error);
    }
  }

  async #request(
    method: 'GET' | 'POST',
    path: string,
    { body = '', contentType = 'application/json', signal, onHeaders }: RequestParts,
  ): Promise<unknown> {
    const options = { method, headers: { 'content-type': contentType }, ...(signal && { signal }) };
    try {
      return await this.#reader.transport.request(path, body, options, onHeaders);
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  #unavailable(cause: unknown): StoreUnavailableError {
    return new StoreUnavailableError(`InfluxDB at ${this.#connection.url}: ${reasonOf(cause)}`, { cause });
  }

  #clientWith(authorization: string | undefined, timeout: number): InfluxDB {
    return new InfluxDB({ url: this.#connection.url, timeout, ...(authorization && { headers: { authorization } }) });
  }
}

interface RequestParts {
  body?: string | undefined;
  contentType?: string;
  signal?: AbortSignal;
  onHeaders?: (headers: Record<string, unknown>) => void;
}

/** `bucket` as the parameters of `/write` and `/query`. */
function targetOf(bucket: string): string {
  const slash = bucket.indexOf('/');
  if (slash < 0) return `db=${encodeURIComponent(bucket)}`;
  return `db=${encodeURIComponent(bucket.slice(0, slash))}&rp=${encodeURIComponent(bucket.slice(slash + 1))}`;
}

function isRefusedSignIn(error: unknown): error is StoreUnavailableError {
  const cause = error instanceof StoreUnavailableError ? error.cause : undefined;
  return cause instanceof HttpError && (cause.statusCode === 401 || cause.statusCode === 403);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { json } = error as { json?: { error?: unknown } };
  return typeof json?.error === 'string' ? json.error : error.message;
}

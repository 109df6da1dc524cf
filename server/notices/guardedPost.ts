import { lookup as resolveName } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { IsAddressAllowed } from './publicAddress.ts';

/** Longest wait for the whole exchange, ms. */
const TIMEOUT_MS = 10_000;
/** Most of an answer that is read, bytes: no challenge is longer. */
const MAX_ANSWER_BYTES = 4_096;

/** Why nothing was sent, in words that hold no address. */
export class PostError extends Error {
  override name = 'PostError';
}

/** What came back. */
export interface PostAnswer {
  status: number;
  /** At most 4 KiB. */
  body: string;
}

/** What is sent. */
export interface Post {
  url: URL;
  body: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * Posts to a URL somebody else gave us. The name is resolved once, every address it has must be allowed, and the
 * connection goes to one of exactly these: a second answer of the DNS changes nothing. Redirects are not followed.
 * @throws PostError when the address is refused or nobody answers.
 */
export function guardedPost({ url, body, headers }: Post, isAddressAllowed: IsAddressAllowed): Promise<PostAnswer> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // For an IP address no lookup happens, so it is checked here.
  if (isIP(host) !== 0 && !isAddressAllowed(host)) return Promise.reject(new PostError('address not allowed'));
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' },
    lookup: guardedLookup(isAddressAllowed),
  };
  return exchange(url, options, body);
}

function exchange(url: URL, options: RequestOptions, body: string): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        clearTimeout(timer);
        request.destroy();
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      };
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) finish();
        else chunks.push(chunk);
      });
      response.on('end', finish);
      response.on('error', () => finish());
    });
    const timer = setTimeout(() => request.destroy(new PostError('no answer in time')), TIMEOUT_MS);
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error instanceof PostError ? error : new PostError(reasonOf(error), { cause: error }));
    });
    request.end(body);
  });
}

function guardedLookup(isAddressAllowed: IsAddressAllowed): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      if (addresses.length === 0 || !addresses.every(({ address }) => isAddressAllowed(address))) {
        return callback(new PostError('address not allowed'), '');
      }
      // `all` is asked for by Node's own race between IPv6 and IPv4.
      if (options.all) return (callback as (error: null, found: typeof addresses) => void)(null, addresses);
      const [first] = addresses;
      return callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** Codes such as ECONNREFUSED; messages hold addresses. */
function reasonOf(error: Error): string {
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : 'connection failed';
}

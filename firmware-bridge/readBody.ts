import type { IncomingMessage } from 'node:http';

/** Largest body, bytes (contract, Device doors); every sensor at once makes about 2,400. */
const MAX_BODY_BYTES = 16 * 1024;
/** Longest wait for a whole body, ms. The firmware itself gives up after 20 s. */
const MAX_BODY_MS = 10_000;

/** Why there is no body: over the limit, never finished, or its sender is gone. */
export type BodyFailure = 'too-large' | 'too-slow' | 'gone';

/** Reads a request's body, bounded in size and time, without looking at what it says of itself. */
export function readBody(request: IncomingMessage, maxMs = MAX_BODY_MS): Promise<Buffer | BodyFailure> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (result: Buffer | BodyFailure) => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      resolve(result);
    };
    const timer = setTimeout(() => finish('too-slow'), maxMs);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MAX_BODY_BYTES) finish('too-large');
    });
    request.once('end', () => finish(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('close', () => finish('gone'));
    request.once('error', () => finish('gone'));
  });
}

/**
 * Resolves when the rest of the request was read and thrown away, or after `maxMs`. A connection closed with bytes
 * unread is reset, and a device would lose the answer it has not read yet (RFC 9112, section 9.6).
 */
export function discardRest(request: IncomingMessage, maxMs = 1_000): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(finish, maxMs);
    request.once('close', finish);
    request.once('end', finish);
    request.resume();
  });
}

import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { packageRoot } from '../../server/process/packageRoot.ts';
import { closeAfterTest } from '../support/closing.ts';

/** What came back, byte for byte. */
export interface RawAnswer {
  status: number;
  head: string;
  body: string;
  /** All of it. */
  text: string;
  elapsedMs: number;
}

/** A fixture of `tests/fixtures/wire`, as a string of bytes. */
export function wireFixture(name: string): string {
  return readFileSync(join(packageRoot(), 'tests/fixtures/wire', name), 'latin1');
}

/** Opens a bare connection; closed after the test. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  closeAfterTest(() => socket.destroy());
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

/** Sends the bytes (latin1) and reads until the other side closes. */
export async function exchange(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await openSocket(port);
  const answer = readAnswer(socket);
  socket.write(bytes, 'latin1' as BufferEncoding);
  return answer;
}

/** Reads until the other side closes, or until the answer's announced length is there. */
export function readAnswer(socket: Socket): Promise<RawAnswer> {
  const begun = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const finish = () => {
      const end = text.indexOf('\r\n\r\n');
      const head = end < 0 ? text : text.slice(0, end);
      const body = end < 0 ? '' : text.slice(end + 4);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      resolve({ status, head, body, text, elapsedMs: performance.now() - begun });
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      const end = text.indexOf('\r\n\r\n');
      const isWhole = /^HTTP\/1\.1 204/.test(text)
        ? end >= 0
        : length !== undefined && text.length >= end + 4 + Number(length);
      if (isWhole && end >= 0) finish();
    });
    socket.on('close', finish);
  });
}

/** A request with the headers given, in that order; `Content-Length` and the body last. */
export function request(method: string, path: string, headers: readonly string[], body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body as string, 'utf8');
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: bridge.example:8080', ...headers];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\nContent-Length: ${bytes.length}\r\n\r\n`), bytes]);
}

/** `Authorization: Basic` of a device. */
export function basic({ deviceId, token }: { deviceId: string; token: string }): string {
  return `Authorization: Basic ${Buffer.from(`${deviceId}:${token}`).toString('base64')}`;
}

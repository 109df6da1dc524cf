import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, connect as netConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { closeAfterTest } from '../support/closing.ts';

/** So long a conversation may take on a machine with other work, ms. */
const PATIENCE_MS = 60_000;

/** PEM files of a self-signed certificate. */
export interface Certificate {
  cert: string;
  key: string;
}

const made = new Map<string, Certificate>();

afterAll(() => {
  for (const { cert } of made.values()) rmSync(dirname(cert), { recursive: true, force: true });
});

/** A self-signed certificate made with openssl, once a test file; `names` makes it long. */
export function selfSigned(kind: 'rsa' | 'ec', names = 1): Certificate {
  const known = made.get(`${kind} ${names}`);
  if (known !== undefined) return known;
  const dir = mkdtempSync(join(tmpdir(), 'tls-'));
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  const newKey = kind === 'rsa' ? ['rsa:2048'] : ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const alt = Array.from({ length: names }, (_, i) => `DNS:station-${i}.luft.example.org`).join(',');
  const subject = ['-subj', '/CN=luft.example.org', '-addext', `subjectAltName=${alt}`];
  const out = ['-keyout', files.key, '-out', files.cert, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', '-newkey', ...newKey, '-nodes', ...out, ...subject], { stdio: 'ignore' });
  made.set(`${kind} ${names}`, files);
  return files;
}

/** Runs `openssl s_client` with `args`, sends the request, and resolves with everything it printed. */
export async function sClient(port: number, args: readonly string[], request: string | Buffer): Promise<string> {
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-ign_eof', ...args]);
  closeAfterTest(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  // It ends without reading when the handshake fails.
  child.stdin.on('error', () => undefined);
  child.stdin.write(request);
  const timer = setTimeout(() => child.kill(), PATIENCE_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return output;
}

/** A TCP proxy in front of a TLS server that notes the length of every record the server sends. */
export async function watchRecords(port: number): Promise<{ port: number; lengths: number[] }> {
  const lengths: number[] = [];
  const proxy = createServer((client) => {
    const server = netConnect(port, '127.0.0.1');
    let pending = Buffer.alloc(0);
    server.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 5 && pending.length >= 5 + pending.readUInt16BE(3)) {
        lengths.push(pending.readUInt16BE(3));
        pending = pending.subarray(5 + pending.readUInt16BE(3));
      }
      client.write(chunk);
    });
    client.on('data', (chunk) => server.write(chunk));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => proxy.close());
  return { port: (proxy.address() as AddressInfo).port, lengths };
}

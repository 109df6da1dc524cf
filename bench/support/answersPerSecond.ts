import { Worker } from 'node:worker_threads';

/** How long a client asks, s. */
export const SECONDS = 2;
const CONNECTIONS = 32;

/**
 * A client in a thread of its own that keeps 32 connections busy: each sends the next request as soon as the answer is
 * whole, which it tells by Content-Length alone, so that the client costs less than the server.
 */
const CLIENT = `
const { connect } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const { port, path, headers, seconds, connections } = workerData;
const lines = Object.entries(headers).map(([name, value]) => name + ': ' + value + '\\r\\n').join('');
const request = 'GET ' + path + ' HTTP/1.1\\r\\nHost: localhost\\r\\nAccept-Encoding: gzip\\r\\n' + lines + '\\r\\n';
let answers = 0;
const sockets = [];
for (let i = 0; i < connections; i++) {
  const socket = connect(port, '127.0.0.1', () => socket.write(request));
  sockets.push(socket);
  let left = -1;
  socket.on('data', (chunk) => {
    if (left < 0) {
      const end = chunk.indexOf('\\r\\n\\r\\n');
      const length = /content-length: (\\d+)/i.exec(chunk.subarray(0, end).toString('latin1'));
      left = (length === null ? 0 : Number(length[1])) - (chunk.length - end - 4);
    } else left -= chunk.length;
    if (left > 0) return;
    left = -1;
    answers++;
    socket.write(request);
  });
}
setTimeout(() => {
  for (const socket of sockets) socket.destroy();
  parentPort.postMessage(answers / seconds);
}, seconds * 1000);
`;

/** Answers a second to one address. */
export function answersPerSecond(port: number, path: string, headers: Record<string, string> = {}): Promise<number> {
  const workerData = { port, path, headers, seconds: SECONDS, connections: CONNECTIONS };
  return new Promise((resolve, reject) => {
    const worker = new Worker(CLIENT, { eval: true, workerData });
    worker.once('message', resolve).once('error', reject);
  });
}

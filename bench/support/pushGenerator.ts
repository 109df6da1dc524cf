import { connect } from 'node:net';
import { pushBody } from './pushBody.ts';
import type { SeededStation } from './seed.ts';

/** What a run of HTTP pushes is asked to do. */
export interface PushOrder {
  port: number;
  devices: SeededStation[];
  ratePerSecond: number;
  seconds: number;
}

/** What came of it. */
export interface PushResult {
  sent: number;
  /** Answers by status; 0: none came. */
  answers: Record<string, number>;
  /** From the first byte of a push to its answer, ms, sorted. */
  delaysMs: number[];
}

/** Pushes as the firmware does, a new connection each, at a fixed rate whatever the answers; waits for the last one. */
async function runPushes({ port, devices, ratePerSecond, seconds }: PushOrder): Promise<PushResult> {
  const answers: Record<string, number> = {};
  const delaysMs: number[] = [];
  const running = new Set<Promise<void>>();
  const begun = performance.now();
  let sent = 0;
  const sequence = Math.floor(Math.random() * 1e6);
  for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - begun) / 1000) {
    while (sent < elapsed * ratePerSecond) {
      const device = devices[(sent * 7919) % devices.length];
      if (device === undefined) throw new Error('no devices');
      const one: Promise<void> = push(port, device, sequence + sent++).then(({ status, ms }) => {
        answers[status] = (answers[status] ?? 0) + 1;
        delaysMs.push(ms);
        running.delete(one);
      });
      running.add(one);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(running);
  return { sent, answers, delaysMs: delaysMs.sort((a, b) => a - b) };
}

function push(
  port: number,
  { deviceId, token }: SeededStation,
  sequence: number,
): Promise<{ status: number; ms: number }> {
  const body = pushBody(deviceId.slice(8), sequence);
  const login = Buffer.from(`${deviceId}:${token}`).toString('base64');
  const head = `POST /data.php HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic ${login}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
  const begun = performance.now();
  return new Promise((resolve) => {
    let status = 0;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(head + body));
    socket.on('data', (chunk) => {
      status ||= Number(chunk.toString('latin1').slice(9, 12));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ status, ms: performance.now() - begun }));
  });
}

// Run as a process of its own: the order comes on the IPC channel, the result goes back on it.
process.on('message', (order: PushOrder) => {
  runPushes(order).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
  );
});

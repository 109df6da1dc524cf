import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sumOf } from './devices.ts';
import type { BadOrder, BadResult } from './support/badGenerator.ts';
import { type ChildServer, startServer } from './support/childServer.ts';
import { seedStations } from './support/seed.ts';

/** A flood of messages that no device should send. */
export interface BadFigure extends Record<string, number> {
  sentOverMqtt: number;
  sentOverHttp: number;
  /** Refused as a whole, all reasons together. */
  refused: number;
  /** Spoilt and still a reading: a digit more, a name less. */
  stored: number;
  duplicates: number;
  /** Sent and in no counter, or counted and not sent. */
  uncounted: number;
  /** HTTP requests without an answer. */
  unanswered: number;
  /** Heap in use after a full collection, after the first tenth and at the end: what a leak would raise. */
  heapFirstMb: number;
  heapLastMb: number;
  heapGrowthMb: number;
  /** After the first tenth and at the end; the engine keeps what it once took. */
  residentBeforeMb: number;
  residentAfterMb: number;
  growthMb: number;
  perSecond: number;
}

const PREFIXES = ['esp8266', 'tasmota', 'esphome', 'airgradient'];
const DEVICES = 24;
/** One in ten over HTTP. */
const HTTP_SHARE = 0.1;
/** Time for what is garbage to be collected, ms. */
const REST_MS = 5_000;

/** Sends `count` spoilt messages over MQTT and HTTP, then compares the counters and the memory. */
export async function benchBadMessages(count: number, seed: number): Promise<BadFigure> {
  const dataDir = mkdtempSync(join(tmpdir(), 'buergerluft-bench-'));
  const stations = await seedStations(dataDir, DEVICES, (n) => `${PREFIXES[n % PREFIXES.length]}-${30_000_000 + n}`);
  const server = await startServer(dataDir, { RATE_LIMIT: '1000000,90000', LOG_LEVEL: 'fatal' });
  try {
    let residentBeforeMb = 0;
    let heapFirst = Promise.resolve(0);
    const begun = performance.now();
    const overHttp = Math.round(count * HTTP_SHARE);
    const order = { devices: stations, mqttPort: server.mqttPort, httpPort: server.httpPort, overHttp, seed };
    const generated = generateBad({ ...order, overMqtt: count - overHttp }, () => {
      residentBeforeMb = server.residentMb();
      heapFirst = server.collectedHeapMb();
    });
    const result = await generated.catch(async (error: unknown) => {
      throw new Error(`${String(error)} (${await whyClosed(server)})`, { cause: error });
    });
    const perSecond = count / ((performance.now() - begun) / 1000);
    await wait(REST_MS);
    const residentAfterMb = server.residentMb();
    const [heapFirstMb, heapLastMb] = [await heapFirst, await server.collectedHeapMb()];
    const { sentOverMqtt, sentOverHttp, answers } = result;
    return {
      ...{ sentOverMqtt, sentOverHttp },
      ...(await countsOf(server, sentOverMqtt + sentOverHttp)),
      unanswered: answers[0] ?? 0,
      ...{ heapFirstMb, heapLastMb, heapGrowthMb: heapLastMb - heapFirstMb },
      ...{ residentBeforeMb, residentAfterMb, growthMb: residentAfterMb - residentBeforeMb, perSecond },
    };
  } finally {
    await server.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Commits by duration, what waits for one, and how late the event loop was. */
const HELD_UP = /commit_seconds_bucket|committer_waiting|mqtt_held|eventloop_lag_max/;

/** What the broker closed connections for, and what may have held it up. */
async function whyClosed(server: ChildServer): Promise<string> {
  const metrics = await server.metrics();
  const closed = [...metrics].filter(([name, count]) => name.includes('mqtt_closed_total') && count > 0);
  const reasons = closed.map(([name, count]) => `${/why="(.*)"/.exec(name)?.[1]}: ${count}`);
  const slow = [...metrics].filter(([name, value]) => HELD_UP.test(name) && value > 0);
  return [...reasons, ...slow.map(([name, value]) => `${name}: ${value}`)].join(', ');
}

/** Every message is stored, a repeat, refused as a whole, or a push without a good token. */
async function countsOf(server: ChildServer, sent: number) {
  const metrics = await server.metrics();
  const withoutToken = metrics.get('buergerluft_rejections_total{reason="wrong-token"}') ?? 0;
  const refused = sumOf(metrics, 'buergerluft_messages_refused_total') + withoutToken;
  const duplicates = sumOf(metrics, 'buergerluft_duplicates_total');
  const stored = metrics.get('buergerluft_committer_total{what="messages"}') ?? 0;
  const reasons: Record<string, number> = { 'refused wrong-token': withoutToken };
  for (const [key, value] of metrics) {
    const reason = /^buergerluft_messages_refused_total\{reason="(.*)"\}$/.exec(key)?.[1];
    if (reason !== undefined) reasons[`refused ${reason}`] = value;
  }
  return { ...reasons, refused, stored, duplicates, uncounted: Math.abs(sent - refused - stored - duplicates) };
}

function generateBad(order: BadOrder, onTenth: () => void): Promise<BadResult> {
  const child = fork(fileURLToPath(new URL('./support/badGenerator.js', import.meta.url)), { execArgv: [] });
  return new Promise((resolve, reject) => {
    child.on('message', (message: { phase?: string; result?: BadResult; error?: string }) => {
      if (message.phase === 'tenth') onTenth();
      else if (message.result) resolve(message.result);
      else reject(new Error(message.error));
    });
    child.once('exit', (code) => code !== 0 && reject(new Error(`the generator ended with ${code}`)));
    child.send(order);
  });
}

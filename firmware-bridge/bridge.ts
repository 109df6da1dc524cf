import express, { type Express, type Router } from 'express';
import type { Logger } from '../server/log.ts';
import type { Metrics } from '../server/metrics.ts';
import { type Allowance, TokenBuckets } from '../server/process/tokenBuckets.ts';
import { AnswerCounts } from './answerCounts.ts';
import { ArrivalStamps } from './arrivalStamps.ts';
import { Delivery, type Destination } from './delivery.ts';
import { createDoors, type DoorObserver, type DoorParts } from './doors.ts';
import { Spool } from './spool.ts';

/** What a bridge is made from, inside the server or alone. */
export interface BridgeParts {
  destination: Destination;
  authenticate: DoorParts['authenticate'];
  /** Who is told of sign-ins and refusals. */
  observer: Omit<DoorObserver, 'answered'>;
  rateLimit: Allowance;
  /** Folder of the spool and how much may wait there, how long. */
  spoolDir: string;
  spoolLimit: { bytes: number; ageMs: number };
  metrics: Pick<Metrics, 'gauge' | 'totals'>;
  log: Pick<Logger, 'error'>;
  clock: () => number;
  /** Longest wait for the destination before a push goes to disk, ms. */
  directMs?: number | undefined;
}

/** Doors, spool and delivery. */
export interface Bridge {
  router: Router;
  answers: AnswerCounts;
  spool: Spool;
  /** Finds what an earlier run left in the spool, and sends it on as soon as `isReady` resolves. */
  open(isReady: Promise<void>): Promise<void>;
  /** What waits stays on disk for the next run. */
  close(): Promise<void>;
}

/** Puts doors, spool and delivery together: 2xx when the destination or the spool has a push for good. */
export function createBridge(parts: BridgeParts): Bridge {
  const { spoolDir, spoolLimit, destination, rateLimit, authenticate, metrics, log, clock } = parts;
  const onError = (error: unknown) => log.error({ err: error, stage: 'spool' }, 'the spool failed');
  const spool = new Spool({ dir: spoolDir, maxBytes: spoolLimit.bytes, maxAgeMs: spoolLimit.ageMs, clock, onError });
  const timing = parts.directMs === undefined ? {} : { directMs: parts.directMs };
  const delivery = new Delivery({ spool, destination, onError, ...timing });
  const answers = new AnswerCounts(metrics);
  const buckets = new TokenBuckets(rateLimit);
  const stamps = new ArrivalStamps();
  metrics.gauge('spool_bytes', 'Pushes waiting on disk', () => spool.bytes);
  metrics.totals('spool_total', 'What became of pushes in the spool', 'what', () => Object.entries(spool.counts));
  const router = createDoors({
    authenticate,
    take: (push) => delivery.take(push),
    isAllowed: (deviceId) => buckets.take(deviceId, clock()) === 0,
    observer: { ...parts.observer, answered: (door, status) => answers.add(door, status) },
    arrivedAt: (deviceId) => stamps.next(deviceId, clock()),
  });
  const open = async (isReady: Promise<void>) => {
    await spool.open();
    // Nothing old waits: nothing new needs to wait for it.
    if (spool.isEmpty) delivery.start();
    else void isReady.then(() => delivery.start());
  };
  const close = async () => {
    await delivery.close();
    await spool.close();
  };
  return { router, answers, spool, open, close };
}

/** The doors and nothing else, for the device TLS listener: any other path gets a bare 404. */
export function createDeviceApp(router: Router): Express {
  const app = express();
  app.disable('x-powered-by').set('query parser', 'simple');
  app.use(router);
  app.use((_request, response) => response.writeHead(404, { 'Content-Length': 0 }).end());
  return app;
}

import type { Router } from 'express';
import { createDoors, type Push, type Taken } from '../firmware-bridge/doors.ts';
import type { OpenApiPaths } from './api/openApiTypes.ts';
import { TokenBuckets } from './api/rateLimit.ts';
import type { Config } from './config.ts';
import { isRejection } from './domain/reading.ts';
import type { Accept } from './ingest/arrival.ts';
import type { Metrics } from './metrics.ts';
import type { StationStore } from './store/stationStore.ts';

/** Longest wait for the commit before a device hears that we cannot store now, ms. Firmware gives up after 20 s. */
const MAX_HOLD_MS = 5_000;

/** What the doors are made from. */
export interface FirmwareDoorsParts {
  config: Pick<Config, 'RATE_LIMIT'>;
  stationStore: Pick<StationStore, 'authenticateDevice' | 'deviceByToken'>;
  accept: Accept;
  metrics: Pick<Metrics, 'totals'>;
  clock: () => number;
}

/** What the one door below `/api` says of itself; the others are no API. */
export const firmwareDoorPaths: OpenApiPaths = {
  '/api/v2/write': {
    post: {
      operationId: 'writeLineProtocol',
      summary: "Takes an airRohr's readings as line protocol, as its InfluxDB 2 target sends them",
      tags: ['Devices'],
      security: [],
      responses: {
        204: { description: 'Stored' },
        400: { description: 'Unreadable' },
        401: { description: 'No or wrong device token' },
        413: { description: 'Over 16 KiB' },
        429: { description: 'Too often' },
        503: { description: 'Cannot be stored now' },
      },
    },
  },
};

/** The HTTP doors of stock firmware on the main port, straight into the pipeline: 2xx means on disk. */
export function createFirmwareDoors(parts: FirmwareDoorsParts): Router {
  const { config, stationStore, accept, metrics, clock } = parts;
  const answers = new Map<string, number>();
  metrics.totals('http_pushes_total', 'Answers to devices by door and status', 'answer', () => answers);
  const buckets = new TokenBuckets(config.RATE_LIMIT);
  return createDoors({
    authenticate: ({ deviceId, token }) =>
      deviceId === undefined ? stationStore.deviceByToken(token) : stationStore.authenticateDevice(deviceId, token),
    take: (push) => take(accept, push),
    isAllowed: (deviceId) => buckets.take(deviceId, clock()) === 0,
    onAnswer: (door, status) => {
      const answer = `${door} ${status}`;
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    },
    clock,
  });
}

function take(accept: Accept, { deviceId, body, receivedAt }: Push): Promise<Taken> {
  const topic = { format: 'airrohr', deviceId } as const;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('away'), MAX_HOLD_MS);
    accept({ topic, payload: body, deviceId, receivedAt, isStampedByBridge: false }, (error, outcome) => {
      clearTimeout(timer);
      if (error !== undefined) resolve('away');
      else resolve(isRejection(outcome) ? outcome : 'kept');
    });
  });
}

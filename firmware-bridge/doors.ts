import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { isRejection, type Rejection } from '../server/domain/reading.ts';
import { readCredentials } from './credentials.ts';

/** One push as it leaves the bridge: bytes in the form of the topic `buergerluft/<deviceId>/airrohr`. */
export interface Push {
  deviceId: string;
  body: Uint8Array;
  /** Arrival, epoch ms. */
  receivedAt: number;
}

/** What became of a push: kept for good, refused for what it says, or neither stored nor spooled. */
export type Taken = 'kept' | 'away' | Rejection;

/** What a request says about who sends it. */
export interface DoorCredentials {
  deviceId?: string;
  token: string;
  /** `X-Sensor`: what the firmware calls the device on every push. A hint where only a token came, never an identity. */
  claimedId?: string;
}

/** The device a token belongs to; undefined when it is nobody's. */
export type Identified = { id: string } | undefined | 'unready';

/** What the doors need. */
export interface DoorParts {
  /** Who a token belongs to; `unready` while that cannot be known yet, which is never a 401. */
  authenticate: (credentials: DoorCredentials) => Identified | Promise<Identified>;
  /** Takes a push to safety; answers within a second whatever is slow behind it. */
  take: (push: Push) => Promise<Taken>;
  /** False when this device pushes too often. */
  isAllowed: (deviceId: string) => boolean;
  /** Counts answers by door and status; is told of every refusal of a known device. */
  onAnswer: (door: string, status: number) => void;
  clock: () => number;
}

/** Largest body, bytes; every sensor at once makes about 2,400. */
const MAX_BODY_BYTES = 16 * 1024;
/** X-PIN values that name a sensor, see facts of the firmware's `ext_def.h`. */
const PIN = /^\d{1,2}$/;

/**
 * The HTTP doors of stock firmware: its own-API target, the per-sensor push of sensor.community and the InfluxDB
 * target. Transport and identity only; nothing is decoded here. Answers are plain text under 100 bytes, never a redirect.
 */
export function createDoors(parts: DoorParts): Router {
  const doors = express.Router({ caseSensitive: true });
  const body = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false });
  for (const door of DOORS) {
    doors.post(door.paths, body, (request, response) => answer(parts, door, request, response));
    doors.all(door.paths, (_request, response) => {
      response.set('Allow', 'POST');
      finish(parts, door.name, response, 405, 'Use POST.');
    });
  }
  doors.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const door = DOORS.find(({ paths }) =>
      paths.some((path) => request.path.startsWith(path.replace('{/}', '').replace(':token', ''))),
    );
    if (door === undefined || response.headersSent) return next(error);
    const status = statusOf(error);
    finish(parts, door.name, response, status, status === 413 ? 'Body over 16 KiB.' : 'Body unreadable.');
  });
  return doors;
}

interface Door {
  name: string;
  paths: string[];
  success: 201 | 204;
  /** Brings the bytes into the topic's form. */
  toBody: (request: Request, bytes: Buffer) => Buffer;
}

const DOORS: readonly Door[] = [
  { name: 'data.php', paths: ['/data.php'], success: 204, toBody: (_request, bytes) => bytes },
  { name: 'push', paths: ['/push/:token'], success: 204, toBody: (_request, bytes) => bytes },
  { name: 'push-sensor-data', paths: ['/v1/push-sensor-data{/}'], success: 201, toBody: withPin },
  { name: 'write', paths: ['/write', '/api/v2/write'], success: 204, toBody: (_request, bytes) => bytes },
];

async function answer(parts: DoorParts, door: Door, request: Request, response: Response): Promise<void> {
  const receivedAt = parts.clock();
  const device = await parts.authenticate(credentialsOf(request));
  if (device === 'unready') return finish(parts, door.name, response, 503, 'Starting, try again.');
  if (device === undefined) return finish(parts, door.name, response, 401, 'No or wrong token.');
  if (!parts.isAllowed(device.id)) return finish(parts, door.name, response, 429, 'Too often.');
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) {
    return finish(parts, door.name, response, 400, 'Empty body.');
  }
  const taken = await parts.take({ deviceId: device.id, body: door.toBody(request, request.body), receivedAt });
  if (taken === 'away') return finish(parts, door.name, response, 503, 'Cannot store now.');
  if (isRejection(taken)) return finish(parts, door.name, response, 400, taken.detail.slice(0, 90));
  response.status(door.success).end();
  parts.onAnswer(door.name, door.success);
}

function credentialsOf(request: Request): DoorCredentials {
  const pathToken = request.params.token;
  const queryToken = request.query.token;
  const claimedId = request.get('x-sensor');
  const credentials = readCredentials({
    authorization: request.get('authorization'),
    pathToken: typeof pathToken === 'string' ? pathToken : undefined,
    queryToken: typeof queryToken === 'string' ? queryToken : undefined,
  });
  return { token: '', ...credentials, ...(claimedId === undefined ? {} : { claimedId }) };
}

function finish(parts: DoorParts, door: string, response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(`${text}\n`);
  parts.onAnswer(door, status);
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return status === 413 ? 413 : 400;
}

/** A per-sensor push names its sensor in a header only; the topic's form carries it as a top-level `pin`. */
function withPin(request: Request, bytes: Buffer): Buffer {
  const pin = request.get('x-pin') ?? '';
  const brace = bytes.indexOf('{');
  if (!PIN.test(pin) || brace < 0) return bytes;
  return Buffer.concat([bytes.subarray(0, brace + 1), Buffer.from(`"pin":${Number(pin)},`), bytes.subarray(brace + 1)]);
}

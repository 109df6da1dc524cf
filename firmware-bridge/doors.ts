import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { isRejection, type Rejection, reject } from '../server/domain/reading.ts';
import { DEVICE_ID } from '../server/domain/station.ts';
import { contradictsIdentity } from '../server/ingest/decoders/claimedDevice.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { withPin } from './pinnedBody.ts';
import type { Push, Taken } from './push.ts';
import { type BodyFailure, discardRest, readBody } from './readBody.ts';

export type { Push, Taken } from './push.ts';

/** The device a token belongs to; undefined when it is nobody's; `unready` while that cannot be known, never a 401. */
export type Identified = { id: string } | undefined | 'unready';

/** Who looks on. */
export interface DoorObserver {
  /** A request was answered, or its sender was `gone` before. */
  answered(door: string, status: number | 'gone'): void;
  /** A device came with its own token. */
  signedIn(deviceId: string): void;
  /** A request without a good token; what it called itself, when that has the form of a device id. */
  signInRefused(claimedId: string | undefined): void;
  /** A push of a known device that went no further than the door. */
  refused(deviceId: string, rejection: Rejection): void;
}

/** What the doors need. */
export interface DoorParts {
  authenticate: (credentials: Credentials) => Identified;
  /** Takes a push to safety; answers within a second whatever is slow behind it; never rejects. */
  take: (push: Push) => Promise<Taken>;
  /** False when this device pushes too often. */
  isAllowed: (deviceId: string) => boolean;
  observer: DoorObserver;
  /** When a push of the device that is here now arrived, epoch ms. */
  arrivedAt: (deviceId: string) => number;
  /** Longest wait for a body, ms. */
  maxBodyMs?: number;
}

interface Door {
  name: string;
  paths: readonly string[];
  success: 201 | 204;
  /** Brings the bytes into the topic's form. */
  toBody: (request: Request, bytes: Buffer) => Buffer;
}

const asItIs = (_request: Request, bytes: Buffer) => bytes;
const DOORS: readonly Door[] = [
  { name: 'data.php', paths: ['/data.php'], success: 204, toBody: asItIs },
  { name: 'push', paths: ['/push/:token'], success: 204, toBody: asItIs },
  {
    name: 'push-sensor-data',
    paths: ['/v1/push-sensor-data{/}'],
    success: 201,
    toBody: (request, bytes) => withPin(bytes, request.get('x-pin')),
  },
  { name: 'write', paths: ['/write', '/api/v2/write'], success: 204, toBody: asItIs },
];

/**
 * The HTTP doors of stock firmware: its own-API target, the per-sensor push of sensor.community and the InfluxDB
 * target. Transport and identity only; nothing is decoded here. Answers are plain text under 100 bytes, never a
 * redirect. A request is judged by its head first: without a good token nothing of its body is kept.
 */
export function createDoors(parts: DoorParts): Router {
  const doors = express.Router({ caseSensitive: true });
  for (const door of DOORS) {
    // One route a path: the log names a request by its route.
    for (const path of door.paths) {
      doors.post(path, (request, response) => answer(parts, door, request, response));
      doors.all(path, (request, response) => send(parts, door, { request, response }, METHOD_NOT_ALLOWED));
    }
  }
  doors.use((request, response, next) => answerElsewhere(parts, request, response, next));
  doors.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    // The only error of this router's own: a token in the path that is no percent-encoded text.
    const door = DOORS.find(({ name }) => name === 'push');
    if (door === undefined || response.headersSent || !request.path.startsWith('/push/')) return next(error);
    return send(parts, door, { request, response }, UNREADABLE);
  });
  return doors;
}

interface Exchange {
  request: Request;
  response: Response;
}

interface Answer {
  status: number;
  text: string;
}

const METHOD_NOT_ALLOWED: Answer = { status: 405, text: 'Use POST.' };
const UNREADABLE: Answer = { status: 400, text: 'Unreadable.' };
const COMPRESSED: Answer = { status: 400, text: 'Compressed bodies are not taken.' };
const EMPTY: Answer = { status: 400, text: 'Empty body.' };
const UNREADY: Answer = { status: 503, text: 'Starting, try again.' };
const AWAY: Answer = { status: 503, text: 'Cannot store now, try again.' };
const NO_TOKEN: Answer = { status: 401, text: 'No or wrong token.' };
const TOO_OFTEN: Answer = { status: 429, text: 'Too often.' };
const NO_DOOR: Answer = { status: 404, text: 'No such path; devices send to /data.php, /push/ or /write.' };
const FAILED: Readonly<Record<Exclude<BodyFailure, 'gone'>, Answer>> = {
  'too-large': { status: 413, text: 'Body over 16 KiB.' },
  'too-slow': { status: 408, text: 'Body too slow.' },
};

async function answer(parts: DoorParts, door: Door, request: Request, response: Response): Promise<void> {
  const exchange = { request, response };
  const { observer, isAllowed, take, arrivedAt } = parts;
  const credentials = credentialsOf(request);
  const device = parts.authenticate(credentials);
  if (device === 'unready') return send(parts, door, exchange, UNREADY);
  if (device === undefined) {
    observer.signInRefused(deviceIdIn(credentials.deviceId) ?? claimedId(request));
    return send(parts, door, exchange, NO_TOKEN);
  }
  observer.signedIn(device.id);
  const rejection = isAllowed(device.id) ? headProblem(request, device.id) : OFTEN;
  if (rejection !== undefined) {
    observer.refused(device.id, rejection);
    return send(parts, door, exchange, rejection === OFTEN ? TOO_OFTEN : refusal(rejection));
  }
  const bytes = await readBody(request, parts.maxBodyMs);
  if (bytes === 'gone') return observer.answered(door.name, 'gone');
  if (bytes === 'too-large') observer.refused(device.id, LARGE);
  if (typeof bytes === 'string') return send(parts, door, exchange, FAILED[bytes]);
  if (bytes.length === 0) {
    observer.refused(device.id, NOTHING);
    return send(parts, door, exchange, EMPTY);
  }
  const body = door.toBody(request, bytes);
  const taken = await take({ deviceId: device.id, body, receivedAt: arrivedAt(device.id) });
  if (taken === 'away') return send(parts, door, exchange, AWAY);
  if (isRejection(taken)) return send(parts, door, exchange, refusal(taken));
  return send(parts, door, exchange, { status: door.success, text: '' });
}

/**
 * A device whose token is right at a path that is none of the doors: its host is told, who would wait for ever otherwise.
 * Whatever comes without a device's token, or to the API, goes on to what else there is.
 */
function answerElsewhere(parts: DoorParts, request: Request, response: Response, next: NextFunction) {
  if (request.method !== 'POST' || request.path.startsWith('/api/v1/')) return next();
  const credentials = credentialsOf(request);
  const lastPart = request.path.split('/').findLast((part) => part !== '') ?? '';
  const device = parts.authenticate(credentials.token === '' ? { token: lastPart } : credentials);
  if (device === undefined || device === 'unready') return next();
  const isAllowed = parts.isAllowed(device.id);
  parts.observer.signedIn(device.id);
  parts.observer.refused(device.id, isAllowed ? ELSEWHERE : OFTEN);
  return send(parts, { name: 'elsewhere' }, { request, response }, isAllowed ? NO_DOOR : TOO_OFTEN);
}

const ELSEWHERE = reject('wrong-path', 'The device sends to a path where no device is listened to.');
const OFTEN = reject('too-often', 'The device pushes too often.');
const LARGE = reject('too-large', 'The body is larger than 16 KiB.');
const FOREIGN = reject('wrong-identity', 'X-Sensor names another device than the token.');
const NOTHING = reject('unreadable', 'The body is empty.');
const ENCODED = reject('unreadable', COMPRESSED.text);

/** What speaks against a push before its body is read. */
function headProblem(request: Request, deviceId: string): Rejection | undefined {
  if (contradictsIdentity(claimedId(request), deviceId)) return FOREIGN;
  return (request.get('content-encoding') ?? 'identity') === 'identity' ? undefined : ENCODED;
}

/** What the firmware calls the device; only a name that could be registered here says anything about who it is. */
function claimedId(request: Request): string | undefined {
  return deviceIdIn(request.get('x-sensor'));
}

function deviceIdIn(name: string | undefined): string | undefined {
  return name !== undefined && DEVICE_ID.test(name) ? name : undefined;
}

function credentialsOf(request: Request): Credentials {
  const pathToken = request.params.token;
  const queryToken = request.query.token;
  const credentials = readCredentials({
    authorization: request.get('authorization'),
    pathToken: typeof pathToken === 'string' ? pathToken : undefined,
    queryToken: typeof queryToken === 'string' ? queryToken : undefined,
  });
  return credentials ?? { token: '' };
}

/** The reason as an answer: ASCII, under 100 bytes. The firmware reads the whole body of an error into its memory. */
function refusal({ detail }: Rejection): Answer {
  return { status: 400, text: detail.replaceAll(/[^ -~]/g, '?').slice(0, 90) };
}

/** Answers with nothing but what is needed; then reads what the device still sends, for a moment. */
function send(
  { observer }: DoorParts,
  door: Pick<Door, 'name'>,
  { request, response }: Exchange,
  { status, text }: Answer,
): void {
  observer.answered(door.name, status);
  const body = text === '' ? '' : `${text}\n`;
  response.writeHead(status, {
    ...(status === 204 ? {} : { 'Content-Length': body.length }),
    ...(text === '' ? {} : { 'Content-Type': 'text/plain' }),
    ...(status === 401 ? { 'WWW-Authenticate': 'Basic realm="device"' } : {}),
    ...(status === 405 ? { Allow: 'POST' } : {}),
    ...(request.complete ? {} : { Connection: 'close' }),
  });
  if (request.complete) {
    response.end(body);
    return;
  }
  response.write(body);
  void discardRest(request).then(() => response.end());
}

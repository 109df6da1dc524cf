import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream';
import type { Request, RequestHandler, Response } from 'express';
import { problem, sendProblem } from '../api/http/problem.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import type { Logger } from '../log.ts';

/** Longest wait for an answer to begin, ms: a report over years takes seconds. */
const ANSWER_MS = MINUTE_MS;
/** Headers that are about one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * What a node with pages answers by itself: what only reads, rests on readings and means, and shows the same to everybody.
 * Everything else goes to the aggregator, whatever is added one day.
 */
const OWN_PATHS: readonly RegExp[] = [
  /^\/(healthz|readyz|metrics)$/,
  /^\/$/,
  /^\/(station|area)\/[^/]+$/,
  /^\/(area|compare|methods|map\.pmtiles)$/,
  /^\/assets\//,
  /^\/[^/]+\.(js|css|svg|png|ico|woff2|webmanifest)$/,
  /^\/api\/v1\/(map|stations|districts|places|limits|indices|methods|days-above|notices)$/,
  /^\/api\/v1\/stations\/[a-z0-9]{10}(\/series)?$/,
  /^\/api\/v1\/areas(\/[^/]+(\/(series|officials))?)?$/,
];

/** What the proxy needs. */
export interface RegistryProxyParts {
  /** Where the aggregator answers. */
  url: string;
  log: Logger;
}

/** Hands on to the aggregator what only it can answer: writes, whatever carries a key, and what rests on its own files. */
export function createRegistryProxy({ url, log }: RegistryProxyParts): RequestHandler {
  return (request, response, next) => {
    if (isOwn(request)) return next();
    return forward({ url, log }, request, response);
  };
}

/** True for a request this node answers itself. */
export function isOwn({ method, path, headers }: Pick<Request, 'method' | 'path' | 'headers'>): boolean {
  if (/^\/(healthz|readyz|metrics)$/.test(path)) return true;
  if ((method !== 'GET' && method !== 'HEAD') || headers.authorization !== undefined) return false;
  return OWN_PATHS.some((own) => own.test(path));
}

const AWAY = problem(503, 'registry-away', 'This part of the site is being restarted; please try again in a moment.', {
  headers: { 'Retry-After': '5' },
});

function forward({ url, log }: RegistryProxyParts, request: Request, response: Response): void {
  // The address of the aggregator is a setting: a request can only choose the path.
  const { hostname, port, protocol } = new URL(url);
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  const options = { hostname, port, path: request.originalUrl, method: request.method };
  const forwarded = send({ ...options, headers: headersOf(request), timeout: ANSWER_MS }, (answer) => {
    response.status(answer.statusCode ?? 502);
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !HOP_BY_HOP.has(name)) response.setHeader(name, value);
    }
    pipeline(answer, response, () => undefined);
  });
  forwarded.on('timeout', () => forwarded.destroy(new Error('no answer in time')));
  forwarded.on('error', (error) => {
    log.warn({ err: error }, 'the aggregator does not answer');
    if (response.headersSent) response.destroy();
    else sendProblem(response, AWAY);
  });
  response.on('close', () => forwarded.destroy());
  request.pipe(forwarded);
}

/** The sender's headers, and who it is: the aggregator counts requests per address. */
function headersOf(request: Request): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) headers[name] = value;
  }
  const sender = request.socket.remoteAddress ?? '';
  const before = request.headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before === undefined ? sender : `${before}, ${sender}`;
  headers['x-forwarded-proto'] = request.protocol;
  return headers;
}

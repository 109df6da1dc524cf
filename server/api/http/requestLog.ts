import type { RequestHandler } from 'express';
import type { Logger } from '../../log.ts';

/** Logs each request at `debug` by its route's name: never the URL, an address or a header. */
export function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    if (!log.isLevelEnabled('debug')) return next();
    const startedAt = performance.now();
    response.on('finish', () => {
      const route = request.route === undefined ? 'none' : `${request.baseUrl}${request.route.path}`;
      const elapsedMs = Math.round(performance.now() - startedAt);
      log.debug({ method: request.method, route, status: response.statusCode, elapsedMs }, 'request');
    });
    return next();
  };
}

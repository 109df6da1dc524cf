import type { RequestHandler } from 'express';

/** What scripts of other origins may read of an answer's headers. */
export const EXPOSED_HEADERS = 'ETag, Link, Retry-After';

/** What their requests may carry: conditions, and what clients add to a plain GET without need. None of it is a key. */
const ALLOWED_HEADERS =
  'Accept, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, Pragma, Range, User-Agent, X-Requested-With';

/**
 * Lets pages of any origin read: `*` on GET and HEAD, and nothing else. A key in `Authorization` needs a preflight that
 * names the header; we do not allow it, so no foreign page can act with somebody's key.
 */
export const cors: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    response.set('Access-Control-Allow-Origin', '*').set('Access-Control-Expose-Headers', EXPOSED_HEADERS);
    return next();
  }
  if (request.method !== 'OPTIONS' || request.get('access-control-request-method') === undefined) return next();
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, HEAD',
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': '86400',
  });
  return void response.status(204).end();
};

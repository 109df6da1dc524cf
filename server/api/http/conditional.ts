import type { Express, Request } from 'express';

/**
 * True when the client holds the version with this ETag (weak comparison, RFC 9110 section 13.1.2). Unlike Express's
 * `fresh` also for scripts: `fetch` with its own If-None-Match adds `Cache-Control: no-cache`, which means "ask", not "send".
 */
export function isUnchanged(request: Pick<Request, 'headers'>, etag: string): boolean {
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === bare(etag));
}

/** Makes `isUnchanged` the rule for every answer `response.send` gives, pages too, instead of Express's own. */
export function answerConditionally(app: Express): void {
  Object.defineProperty(app.request, 'fresh', { get: isFresh });
}

/** Reads of what is there, held by the client in the version the answer has. */
function isFresh(this: Request): boolean {
  const { statusCode } = this.res!;
  const isRead = this.method === 'GET' || this.method === 'HEAD';
  const etag = this.res!.get('ETag');
  return (
    isRead &&
    (statusCode === 304 || (statusCode >= 200 && statusCode < 300)) &&
    etag !== undefined &&
    isUnchanged(this, etag)
  );
}

import type { Request } from 'express';

/**
 * True when the client holds the version with this ETag (weak comparison, RFC 9110 section 13.1.2). Unlike Express's
 * `fresh` also for scripts: `fetch` with its own If-None-Match adds `Cache-Control: no-cache`, which means "ask", not "send".
 */
export function isUnchanged(request: Request, etag: string): boolean {
  const known = request.get('if-none-match');
  if (known === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === bare(etag));
}

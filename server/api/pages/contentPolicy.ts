import { createHash } from 'node:crypto';

/**
 * The only script inside the HTML: sets the chosen theme before anything is painted, so that a dark page never flashes
 * white. Allowed in the policy by its hash.
 */
export const THEME_SCRIPT =
  "try{var t=localStorage.getItem('theme');if(t==='dark'||t==='light')document.documentElement.dataset.theme=t}catch(e){}";

const THEME_HASH = createHash('sha256').update(THEME_SCRIPT).digest('base64');
const HOST = /^[A-Za-z0-9.\-[\]:]{1,255}$/;

/**
 * Content-Security-Policy of a page: everything from this server, pictures also from the tile server if one is set.
 * `host` is the request's: Safari before 15.4 does not count `wss:` as part of 'self'.
 */
export function contentPolicy(host: string | undefined, tileUrl?: string): string {
  const sockets = host && HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  const tiles = tileUrl ? ` ${tileOrigin(tileUrl)}` : '';
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${THEME_HASH}'`,
    "style-src 'self'",
    `img-src 'self' data:${tiles}`,
    `connect-src 'self'${sockets}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** `https://{s}.tiles.example/{z}/{x}/{y}.png` as a source expression: `https://*.tiles.example`. */
function tileOrigin(tileUrl: string): string {
  const [, scheme = 'https:', host = ''] = /^(https?:)\/\/([^/]+)/.exec(tileUrl) ?? [];
  return `${scheme}//${host.replace('{s}', '*')}`;
}

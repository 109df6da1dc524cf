import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../../config.ts';
import { THEME_SCRIPT_SOURCE } from '../pages/themeScript.ts';

/** A host as it may stand in a policy; anything else in the Host header is left out. */
const HOST_FORM = /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/;

/**
 * Helmet with a policy that allows nothing but ourselves and, if configured, the tile server's images. What only makes
 * sense over HTTPS (HSTS, upgrades, opener policy) is sent only when PUBLIC_URL says that is how people come.
 */
export function securityHeaders(config: Pick<Config, 'TILE_URL' | 'PUBLIC_URL'>): RequestHandler {
  const isHttps = config.PUBLIC_URL?.startsWith('https:') ?? false;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        // Safari 14 does not count the page's own ws: as 'self'.
        connectSrc: ["'self'", (request) => socketOrigins(request.headers.host)],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        imgSrc: ["'self'", 'data:', ...tileOrigins(config.TILE_URL)],
        objectSrc: ["'none'"],
        // The pages' theme script, by its hash.
        scriptSrc: ["'self'", THEME_SCRIPT_SOURCE],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
        workerSrc: ["'self'"],
      },
    },
    crossOriginOpenerPolicy: isHttps,
    // The data is open: other sites may load it and its images.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    originAgentCluster: isHttps,
    // Tile servers (OpenStreetMap's policy) want to know the site that shows their tiles; nobody else learns anything.
    referrerPolicy: { policy: config.TILE_URL === undefined ? 'no-referrer' : 'strict-origin-when-cross-origin' },
    strictTransportSecurity: isHttps && { maxAge: 31_536_000, includeSubDomains: false },
  });
}

function socketOrigins(host: string | undefined): string {
  return host !== undefined && HOST_FORM.test(host) ? `ws://${host} wss://${host}` : "'self'";
}

/** The tile server's origin; `{s}` stands for any subdomain. */
function tileOrigins(tileUrl: string | undefined): string[] {
  const origin = tileUrl === undefined ? undefined : /^https?:\/\/[^/]+/.exec(tileUrl)?.[0];
  return origin === undefined ? [] : [origin.replace('{s}', '*')];
}

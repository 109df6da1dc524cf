import type { RequestHandler } from 'express';
import { presentIds } from '../../domain/formerIds.ts';
import type { Station } from '../../domain/station.ts';

/** Addresses of one station, and of what belongs to it. */
const ADDRESS = /^(\/station\/|\/embed\/station\/|\/api\/v1\/stations\/)([a-z0-9]{10})(?=\/|$)/;
/** Addresses that name stations in their query: the map, reports with their files, comparisons, alerts, days above. */
const ASKED = /^\/(?:report(?:\/[\w.-]+)?|compare|alerts|api\/v1\/days-above)?$/;
const NAMES = ['station', 'stations'] as const;

/**
 * Leads addresses of stations that were joined with another on to that one: links, bookmarks and citations name them.
 * `stations` gives the same array until something changes.
 */
export function leadOn(stations: () => readonly Station[]): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const ids = presentIds(stations());
    const { path, originalUrl } = request;
    const address =
      ids.size === 0 ? undefined : (ledByPath(path, originalUrl, ids) ?? ledByQuery(path, originalUrl, ids));
    if (address === undefined) return next();
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' });
    return void response.redirect(308, address);
  };
}

/** Both give a path below the host, so that no former id can lead anywhere else. */
function ledByPath(path: string, url: string, ids: ReadonlyMap<string, string>): string | undefined {
  const [, beginning, former = ''] = ADDRESS.exec(path) ?? [];
  const id = beginning === undefined ? undefined : ids.get(former);
  return id === undefined ? undefined : url.replace(`/${former}`, `/${id}`);
}

function ledByQuery(path: string, url: string, ids: ReadonlyMap<string, string>): string | undefined {
  const start = url.indexOf('?');
  if (start === -1 || !ASKED.test(path)) return undefined;
  const parameters = new URLSearchParams(url.slice(start));
  let hasFormer = false;
  for (const name of NAMES) {
    const asked = parameters.get(name) ?? '';
    const present = asked.replace(/[^\s,]+/g, (id) => ids.get(id) ?? id);
    if (present === asked) continue;
    parameters.set(name, present);
    hasFormer = true;
  }
  return hasFormer ? `${path}?${parameters}` : undefined;
}

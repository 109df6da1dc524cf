import type { RequestHandler } from 'express';
import { isPublic, type Station } from '../domain/station.ts';

/** Addresses of one station, and of what belongs to it. */
const ADDRESS = /^(\/station\/|\/embed\/station\/|\/api\/v1\/stations\/)([a-z0-9]{10})(?=\/|$)/;

const idsByFormer = new WeakMap<readonly Station[], ReadonlyMap<string, string>>();

/**
 * Leads addresses of stations that were joined with another on to that one: links, bookmarks and citations name them.
 * `stations` gives the same array until something changes.
 */
export function leadOn(stations: () => readonly Station[]): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const [, beginning, former = ''] = ADDRESS.exec(request.path) ?? [];
    const id = beginning === undefined ? undefined : intoOf(stations()).get(former);
    if (id === undefined) return next();
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' });
    // The path below the host, so that no former id can lead anywhere else.
    return void response.redirect(308, request.originalUrl.replace(`/${former}`, `/${id}`));
  };
}

function intoOf(stations: readonly Station[]): ReadonlyMap<string, string> {
  const known = idsByFormer.get(stations);
  if (known !== undefined) return known;
  // One that is not public must not be given away.
  const shown = stations.filter(isPublic);
  const made = new Map(shown.flatMap(({ id, formerIds = [] }) => formerIds.map((former) => [former, id] as const)));
  idsByFormer.set(stations, made);
  return made;
}

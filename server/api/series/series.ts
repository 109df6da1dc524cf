import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import type { Window } from '../../domain/contract.ts';
import { DAY_MS } from '../../domain/durations.ts';
import { publishes, type Station } from '../../domain/station.ts';
import { type Annotation, indoorPeriods } from '../../domain/stationHistory.ts';
import type { Aggregator } from '../../live/aggregator.ts';
import { correctionOf, fits } from '../../rollups/corrections.ts';
import { derivedFlags } from '../../rollups/derivedFlags.ts';
import { forOneAnswer, type ReadRollups } from '../../rollups/oneAnswer.ts';
import type { RawValue, ReadingStore } from '../../store/readingStore.ts';
import type { Access } from '../http/access.ts';
import { isUnchanged } from '../http/conditional.ts';
import type { LongFileTurns } from '../http/longFileTurns.ts';
import { isProblem, MEANS_BEHIND, NOT_FOUND, type Problem, parseInput, problem, sendProblem } from '../http/problem.ts';
import { instrumentOf } from './instrument.ts';
import type { MeansRequest } from './meansRequest.ts';
import { csvHead, csvMeans, csvValues } from './seriesCsv.ts';
import { areHoursKept, meansInPieces, meansOf, windowCount } from './seriesMeans.ts';
import { type SeriesRequest, seriesQuerySchema, seriesRequest } from './seriesQuery.ts';
import { meanPoints, rawPoints, seriesOf } from './seriesViews.ts';

export { seriesPaths } from './seriesViews.ts';

/** Longest window of raw values as JSON (contract); a file of any length streams as CSV. */
const RAW_JSON_MS = 31 * DAY_MS;
/** Most points of a JSON answer, about 30 MB: more than a year of 5-minute means, or 13 s between raw values of 31 days. */
const MAX_POINTS = 200_000;
/** Raw values of a file are read in pieces of this length, ms: their flags need a month around each. */
const PIECE_MS = 31 * DAY_MS;
/** Seconds a public answer may be kept: far below the 145 s between two pushes of a device. */
const MAX_AGE = 10;

/** What the series route needs. */
export interface SeriesRouterDeps {
  store: ReadingStore;
  rollups: ReadRollups;
  /** Where days of the rollups begin, ms east of UTC. */
  dayOffsetMs: number;
  aggregator: Pick<Aggregator, 'primarySensor'>;
  station: (stationId: string) => Station | undefined;
  /** Every station there is: reference stations and the sensors near them. */
  stations: () => readonly Station[];
  /** Lets owners and the admin see what is not public of a station; without it nobody does. */
  access?: Pick<Access, 'refuseNonOwner'>;
  /** Where files of many readings wait for their turn. */
  inTurn: LongFileTurns;
  config: { DAY_OFFSET: string; TIME_ZONE: string };
  clock: () => number;
}

/** A request that is answered: everything looked up and filled in. */
interface Asked {
  station: Station;
  request: SeriesRequest;
  /** Empty when the station never measured the quantity. */
  sensor: string;
  now: number;
}

/** `GET /stations/{id}/series`. */
export function createSeriesRouter(given: SeriesRouterDeps): Router {
  const router = Router();
  router.get('/stations/:id/series', async (request, response) => {
    const deps = { ...given, rollups: forOneAnswer(given.rollups) };
    const asked = await askedOf(deps, request);
    if (isProblem(asked)) return sendProblem(response, asked);
    const isPublicAnswer = publishes(asked.station, asked.request.quantity);
    response
      .set('Cache-Control', isPublicAnswer ? `public, max-age=${MAX_AGE}` : 'private, no-store')
      .vary('Authorization');
    const isUpToDate = await areMeansTrue(deps, asked);
    if (!isUpToDate) response.set('Cache-Control', 'private, no-store');
    if (asked.request.format === 'csv') {
      if (!isUpToDate) return sendProblem(response, MEANS_BEHIND);
      const send = () => sendCsv(deps, asked, response);
      return isLong(asked) ? deps.inTurn(request, response, send) : send();
    }
    const points = await pointsOf(deps, asked);
    if (isProblem(points)) return sendProblem(response, points);
    const state = isUpToDate ? {} : { isUpToDate };
    const answer = { ...seriesOf(asked, points), ...(await pruningOf(deps, asked)), ...state };
    sendJson(request, response, JSON.stringify(answer));
  });
  return router;
}

async function askedOf(deps: SeriesRouterDeps, httpRequest: Request<{ id: string }>): Promise<Asked | Problem> {
  const station = deps.station(httpRequest.params.id);
  if (station === undefined) return NOT_FOUND;
  const query = parseInput(seriesQuerySchema, httpRequest.query);
  const isOwn = deps.access?.refuseNonOwner(httpRequest, station.id) === undefined && deps.access !== undefined;
  // Before the query's own mistakes: they would tell that a hidden station exists.
  const { quantity } = isProblem(query) ? { quantity: 'pm25' as const } : query;
  if (!publishes(station, quantity) && !isOwn) return NOT_FOUND;
  if (isProblem(query)) return query;
  const now = deps.clock();
  const { DAY_OFFSET: dayOffset, TIME_ZONE: timeZone } = deps.config;
  const request = seriesRequest(query, { now, dayOffset, timeZone });
  const sensor = await instrumentOf(deps, station, request);
  if (isProblem(sensor)) return sensor;
  if (request.method !== 'raw' && !areHoursKept(deps, request)) return NOT_FOR_THESE_DAYS;
  return fits(request.method, sensor, quantity) ? { station, request, sensor, now } : NOT_FOR_THIS;
}

/** False while means that were asked for are missing or out of date. */
async function areMeansTrue({ rollups }: SeriesRouterDeps, { station, request, now }: Asked): Promise<boolean> {
  const { window, to } = request;
  return isOfReadings(window) || rollups.upToDate({ stationIds: [station.id], to: Math.min(to, now) });
}

/** Before when single readings are gone, for who asks for that time; those of official stations stay. */
async function pruningOf(deps: SeriesRouterDeps, asked: Asked): Promise<{ prunedBefore?: string }> {
  const { station, request } = asked;
  const until = station.reference ? undefined : await deps.store.prunedUntil();
  const { window } = request;
  // Hours that begin otherwise than the kept ones are made from readings too, and days of them.
  const needsReadings = isOfReadings(window) || !areHoursKept(deps, meansRequest(deps, asked, window));
  return until !== undefined && needsReadings && request.from < until
    ? { prunedBefore: new Date(until).toISOString() }
    : {};
}

async function pointsOf(deps: SeriesRouterDeps, asked: Asked) {
  const { request, station, sensor } = asked;
  const { window, quantity, from, to } = request;
  if (window !== 'raw') {
    const means = meansRequest(deps, asked, window);
    if (windowCount(means) > MAX_POINTS) return TOO_MANY;
    return sensor === '' ? [] : meanPoints(await meansOf(deps, means), station.annotations);
  }
  if (to - from > RAW_JSON_MS) return TOO_LONG;
  if (sensor === '') return [];
  const values = await deps.store.raw({ stationId: station.id, sensor, quantity, from, to, limit: MAX_POINTS + 1 });
  return values.length > MAX_POINTS
    ? TOO_MANY
    : rawPoints(kept(values, asked), quantity, {
        annotations: station.annotations,
        derived: await derivedOf(deps, asked),
      });
}

function derivedOf({ store }: SeriesRouterDeps, { station, request, sensor, now }: Asked) {
  const { quantity, from, to } = request;
  return derivedFlags(store, { stationId: station.id, sensor, quantity, from, to, now });
}

const NOT_FOR_THESE_DAYS = problem(
  400,
  'method-not-offered',
  'Corrections are made of whole hours: ask for other days.',
  {
    errors: [{ field: 'day', message: 'must begin on a full hour of the instance' }],
  },
);
const NOT_FOR_THIS = problem(
  400,
  'method-not-offered',
  'This correction was made for another instrument or quantity.',
  {
    errors: [{ field: 'method', message: 'was not made for this instrument and quantity' }],
  },
);
const TOO_LONG = problem(400, 'range-too-long', 'Raw values come as JSON for at most 31 days; ask for format=csv.', {
  errors: [{ field: 'from', message: 'must be at most 31 days before to' }],
});
const TOO_MANY = problem(
  400,
  'too-many-points',
  'These are too many points for JSON; ask for format=csv or less time.',
);

function meansRequest(deps: SeriesRouterDeps, asked: Asked, window: MeansRequest['window']): MeansRequest {
  const { station, request, sensor, now } = asked;
  const { quantity, dayRule, from, to } = request;
  const notBefore = station.createdAt;
  const correct = correctionOf(request.method, station, deps);
  return {
    stationId: station.id,
    sensor,
    quantity,
    window,
    dayRule,
    from,
    to,
    now,
    notBefore,
    leftOut: leftOut(asked),
    ...(correct && { correct }),
  };
}

/** Periods nothing is shown of: what was measured indoors, and on request what the owner marked. */
function leftOut({ station, request }: Pick<Asked, 'station' | 'request'>): readonly Pick<Annotation, 'from' | 'to'>[] {
  const marked = request.without === undefined ? [] : (station.annotations ?? []);
  return [...indoorPeriods(station), ...marked];
}

function kept(values: readonly RawValue[], asked: Asked): readonly RawValue[] {
  const periods = leftOut(asked);
  return periods.length === 0
    ? values
    : values.filter(({ measuredAt }) => !periods.some(({ from, to }) => from <= measuredAt && measuredAt < to));
}

function sendJson(request: Request, response: Response, body: string): void {
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
  response.set('ETag', etag).type('json');
  if (isUnchanged(request, etag)) response.status(304).end();
  else response.send(body);
}

/** True for a file that is made of many single readings. */
function isLong({ request: { window, from, to }, now }: Asked): boolean {
  return isOfReadings(window) && Math.min(to, now) - from > PIECE_MS;
}

/** True for what is made of single readings each time; hours and days are rows that lie there. */
function isOfReadings(window: Window): window is 'raw' | '5m' | '15m' {
  return window === 'raw' || window === '5m' || window === '15m';
}

async function sendCsv(deps: SeriesRouterDeps, asked: Asked, response: Response): Promise<void> {
  const { station, request } = asked;
  const { quantity, window } = request;
  const head = csvHead({ ...asked, ...(await pruningOf(deps, asked)), timeZone: deps.config.TIME_ZONE });
  const what = request.without === undefined ? '' : '-without-annotated';
  response.attachment(`${station.id}-${quantity}-${window}${what}.csv`).type('text/csv; charset=utf-8');
  try {
    await pipeline(Readable.from(csvPieces(head, deps, asked)), response);
  } catch (error) {
    // Whoever asked has gone: nobody is left to tell.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

async function* csvPieces(head: string, deps: SeriesRouterDeps, asked: Asked): AsyncGenerator<string> {
  yield head;
  const { request, station, sensor, now } = asked;
  const { window, quantity, to } = request;
  if (sensor === '') return;
  if (window !== 'raw') {
    for await (const means of meansInPieces(deps, meansRequest(deps, asked, window))) {
      yield csvMeans(means, station.annotations);
    }
    return;
  }
  const end = Math.min(to, now + DAY_MS);
  for (let from = request.from; from < end; from += PIECE_MS) {
    const piece = { stationId: station.id, sensor, quantity, from, to: Math.min(end, from + PIECE_MS) };
    const derived = await derivedFlags(deps.store, { ...piece, now });
    yield csvValues(kept(await deps.store.raw(piece), asked), quantity, { annotations: station.annotations, derived });
  }
}

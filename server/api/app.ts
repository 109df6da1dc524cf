import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import type { AreaDirectory } from '../areas/areaDirectory.ts';
import type { Config } from '../config.ts';
import type { Station } from '../domain/station.ts';
import type { StationTally } from '../erasure/tally.ts';
import type { Agreements } from '../live/agreements.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { exemptAddresses, tellClientsApart } from '../process/addressLimits.ts';
import type { RandomBytes } from '../process/keys.ts';
import type { ReadingStore } from '../store/readingStore.ts';
import type { Registry } from '../store/registry/stationStore.ts';
import { createHealthRouter, healthPaths } from './health.ts';
import { Access } from './http/access.ts';
import { answerConditionally } from './http/conditional.ts';
import { cors } from './http/cors.ts';
import type { RouterSpec } from './http/openApiTypes.ts';
import { createErrorHandler, problem, sendProblem } from './http/problem.ts';
import { limitRequestsByAddress } from './http/requestLimit.ts';
import { logRequests } from './http/requestLog.ts';
import { securityHeaders } from './http/securityHeaders.ts';
import { createUndescribedHandler } from './http/undescribed.ts';
import { createOpenApiRouter, openApiDocument } from './openapi.ts';
import { annotationsPaths, createAnnotationsRouter } from './stations/annotations.ts';
import { createDevicesRouter, devicesPaths } from './stations/devices.ts';
import { leadOn } from './stations/formerStations.ts';
import { createRegistrationRouter, registrationPaths } from './stations/registration.ts';
import { createStationEditsRouter, stationEditsPaths } from './stations/stationEdits.ts';
import { createStationsRouter, stationsPaths } from './stations/stations.ts';
import type { StationFacts } from './stations/stationViews.ts';

export type { RouterSpec } from './http/openApiTypes.ts';
export type { StationFacts } from './stations/stationViews.ts';

/** What the HTTP side is made from. */
export interface AppDeps {
  config: Config;
  log: Logger;
  clock: () => number;
  adminToken: string;
  stationStore: Registry;
  /** Districts, by public positions. */
  areas: AreaDirectory;
  /** What the live side knows of a station. */
  stationFacts: (stationId: string) => StationFacts;
  /** Another number than before when a station's values may have changed. */
  revisionOf: (stationId: string) => number;
  /** How a station agrees with those around it. */
  agreementOf: Agreements['of'];
  /** What a station ever measured, by instrument. */
  seriesOf?: ReadingStore['seriesOf'];
  /** Removes everything stored of a station but its registry entry, and says what that was. Durable when resolved. */
  erase: (stationId: string) => Promise<StationTally>;
  /** Told when a pending station was let through. */
  onApproved: (station: Station) => void;
  /** Told when a station link was replaced by whoever holds the old one, or by the operator. */
  onOwnerKeyRotated: (station: Station) => void;
  /** True while a station is being joined with another one. */
  isJoining: (stationId: string) => boolean;
  /** Told when a station was deleted, before what is kept of its owner goes. */
  onStationDeleted: (station: Station) => void;
  /** Told when an owner marked a period, or took the mark off: its figures are to be made again. */
  onAnnotated: (stationId: string, from: number, to: number) => Promise<void>;
  /** Told when a station's fields changed: what was public of it before may be too much now. */
  onStationChanged: (stationId: string) => Promise<void>;
  randomBytes: RandomBytes;
  /** Why the program cannot do its work now; empty when it can. */
  readiness: () => string[];
  metrics: Metrics;
  version: string;
  /** Further routers, in this order; those at `/` come after the API. */
  routers: readonly RouterSpec[];
}

/** Where pages of any origin may read. */
const OPEN_TO_PAGES = [
  ...['/api', '/sta', '/static', '/data', '/airrohr', '/v1', '/healthz', '/readyz', '/metrics'],
  ...['/catalog.jsonld', '/catalog.rdf'],
];

/** Largest body the API reads. */
const MAX_BODY = '16kb';

/** The whole HTTP side as one Express application; the caller listens with it. */
export function createApp(deps: AppDeps): Express {
  const { config, log } = deps;
  const specs = [...ownRouters(deps), ...deps.routers];
  const facts = { title: config.INSTANCE_NAME, version: deps.version, publicUrl: config.PUBLIC_URL };
  const document = openApiDocument(specs, facts);
  const notTaken = createUndescribedHandler(document.paths);
  const app = express();
  app.disable('x-powered-by').set('query parser', 'simple');
  tellClientsApart(app, config.TRUST_PROXY);
  answerConditionally(app);
  app.use(logRequests(log));
  const [first, rest] = [specs.filter(({ comesFirst }) => comesFirst), specs.filter(({ comesFirst }) => !comesFirst)];
  for (const { router } of first) app.use(router);
  // Before anything that may refuse: a page elsewhere must be able to read why.
  app.use(OPEN_TO_PAGES, cors);
  app.use(securityHeaders(config), requestLimit(deps), variesByEncoding, compression());
  app.use(leadOn(() => deps.stationStore.stations()));
  app.use('/api/v1', refuseOtherBodies, express.json({ limit: MAX_BODY }));
  // The page /docs shows the same document.
  app.locals.openApi = document;
  app.use('/api/v1', createOpenApiRouter(document));
  for (const { path, router } of rest.filter(({ path }) => path !== '/')) app.use(path, router);
  // Pages answer whatever is left with a page; an API address that nothing took must get a problem instead.
  const rootRoutes = describedAt('/', specs);
  app.use((request, response, next) => {
    const isApi = request.path.startsWith('/api/') && !rootRoutes.has(request.path.replace(/\/$/, ''));
    return isApi ? notTaken(request, response, next) : next();
  });
  for (const { router } of rest.filter(({ path }) => path === '/')) app.use(router);
  app.use(notTaken);
  app.use(createErrorHandler(log));
  return app;
}

/** `compression` says so of what it could compress only: that nothing changed must say what the answer itself said (RFC 9110 section 15.4.5). */
const variesByEncoding: RequestHandler = (_request, response, next) => {
  response.vary('Accept-Encoding');
  next();
};

/** What is sent as something else would be passed over, and every field of it called missing. */
const refuseOtherBodies: RequestHandler = (request, response, next) => {
  const isEmpty = request.headers['content-length'] === '0';
  // null: without a body.
  return isEmpty || request.is('application/json') !== false ? next() : sendProblem(response, NO_JSON);
};

const NO_JSON = problem(
  415,
  'unsupported-type',
  'Send the body as JSON, with the header Content-Type: application/json.',
);

/** Behind a proxy it is the client's address that counts. */
function requestLimit({ config, clock, metrics }: AppDeps): RequestHandler {
  let refused = 0;
  metrics.total('http_requests_limited_total', 'Requests refused because their address asks too often', () => refused);
  const onRefused = () => void refused++;
  return limitRequestsByAddress({
    ...{ allowance: config.ADDRESS_LIMIT, isExempt: exemptAddresses(false), clock, onRefused },
  });
}

/** The routers of this folder that every instance has. */
function ownRouters(deps: AppDeps): RouterSpec[] {
  const access = new Access(deps.adminToken, deps.stationStore);
  const withAccess = { ...deps, access };
  const health = { ...withAccess, isMetricsPublic: deps.config.METRICS_PUBLIC };
  return [
    { path: '/api/v1', router: createStationsRouter(withAccess), paths: stationsPaths },
    { path: '/api/v1', router: createRegistrationRouter(withAccess), paths: registrationPaths },
    { path: '/api/v1', router: createStationEditsRouter(withAccess), paths: stationEditsPaths },
    { path: '/api/v1', router: createDevicesRouter(withAccess), paths: devicesPaths },
    { path: '/api/v1', router: createAnnotationsRouter(withAccess), paths: annotationsPaths },
    { path: '/', router: createHealthRouter(health), paths: healthPaths },
  ];
}

function describedAt(path: string, specs: readonly RouterSpec[]): ReadonlySet<string> {
  return new Set(specs.filter((spec) => spec.path === path).flatMap(({ paths }) => Object.keys(paths ?? {})));
}

import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { offeredScales, type Scale, scaleTitle } from '../domain/airQuality.ts';
import { DERIVED_FLAGS, THRESHOLDS } from '../domain/assessment/assessment.ts';
import { RAW_FLAGS } from '../domain/assessment/flag.ts';
import { CORRECTIONS } from '../domain/correction/correction.ts';
import { QUALITY_OBJECTIVES, SENSOR_CLASSES, STANDING_TEXT } from '../domain/correction/uncertainty.ts';
import { INDICES_CHECKED_ON } from '../domain/indices/indexTable.ts';
import { INDICES } from '../domain/indices/indexTables.ts';
import { offeredIndices } from '../domain/indices/indices.ts';
import {
  confirmationNote,
  decidingRank,
  isoDate,
  LAW_STATE,
  limitsInForce,
  needsConfirmation,
} from '../domain/limits/limits.ts';
import { type IsoDate, LIMITS_CHECKED_ON } from '../domain/limits/limitTable.ts';
import {
  CAPTURE_RULES,
  COMPARING_RULES,
  EXPOSURE_OBJECTIVES,
  EXPOSURE_REDUCTIONS,
  LIMITS,
} from '../domain/limits/limitTables.ts';
import { limitTitle } from '../domain/limits/limitTexts.ts';
import { WINDOW_FLAGS } from '../domain/means/clockMean.ts';
import { METHODS } from '../domain/methods.ts';
import type { Versioned } from '../domain/methodVersion.ts';
import { QUANTITIES } from '../domain/quantity.ts';
import { SOURCES } from '../domain/sourceTable.ts';
import { type Sourced, unconfirmedMark, verificationText } from '../domain/verification.ts';
import { isUnchanged } from './http/conditional.ts';
import { jsonAnswer, type OpenApiPaths, problems, queryParameter } from './http/openApiTypes.ts';
import { isProblem, parseInput, sendProblem } from './http/problem.ts';
import { indicesSchema, limitsSchema, methodsSchema } from './tableSchemas.ts';

/** What the table routes need. */
export interface TablesRouterDeps {
  clock: () => number;
  /** True where the operator turned the US and UK indices on. */
  areFurtherIndicesOn?: boolean;
}

interface Validity<When> {
  validFrom?: When | null;
  validTo?: When | null;
}

const limitsQuerySchema = z.object({ on: z.iso.date().optional() });

/** What the routes say of themselves. */
export const tablesPaths: OpenApiPaths = {
  '/api/v1/limits': {
    get: {
      operationId: 'getLimits',
      summary: 'Limit and guideline values with sources and validity, and whether they are in force on a day',
      tags: ['Tables'],
      parameters: [queryParameter('on', 'Calendar date; today (UTC+1) when absent', limitsQuerySchema.shape.on)],
      responses: { 200: jsonAnswer('Values', limitsSchema), ...problems(400) },
    },
  },
  '/api/v1/indices': {
    get: {
      operationId: 'getIndices',
      summary: 'Air quality indices and the scales maps and charts are coloured by',
      tags: ['Tables'],
      responses: { 200: jsonAnswer('Indices and scales', indicesSchema) },
    },
  },
  '/api/v1/methods': {
    get: {
      operationId: 'getMethods',
      summary: 'Methods in force with their versions, thresholds, corrections, flags and sources',
      tags: ['Tables'],
      responses: { 200: jsonAnswer('Methods', methodsSchema) },
    },
  },
};

/** `GET /limits`, `/indices` and `/methods`: the tables of the domain as they are, each entry with what it rests on. */
export function createTablesRouter(deps: TablesRouterDeps): Router {
  const router = Router();
  const indices = indicesBody(deps.areFurtherIndicesOn === true);
  const methods = methodsBody();
  router.get('/limits', (request, response) => {
    const query = parseInput(limitsQuerySchema, request.query);
    if (isProblem(query)) return sendProblem(response, query);
    return sendTable(request, response, limitsBody(query.on ?? isoDate(deps.clock())));
  });
  router.get('/indices', (request, response) => sendTable(request, response, indices));
  router.get('/methods', (request, response) => sendTable(request, response, methods));
  return router;
}

function sendTable(request: Request, response: Response, table: object): void {
  const body = JSON.stringify(table);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  response.set('Cache-Control', 'public, max-age=3600').set('ETag', etag).type('json');
  if (isUnchanged(request, etag)) response.status(304).end();
  else response.send(body);
}

function limitsBody(on: IsoDate) {
  const inForce = new Set(limitsInForce(on).map(({ id }) => id));
  return {
    on,
    checkedOn: LIMITS_CHECKED_ON,
    nextChange: LAW_STATE.nextChange,
    needsConfirmation: needsConfirmation(on),
    confirmationNote: confirmationNote(on),
    limits: LIMITS.map((limit) => ({
      ...shown(limit),
      ...validity(limit),
      title: limitTitle(limit),
      isInForce: inForce.has(limit.id),
      ...(limit.permittedSource && { permittedSource: shown(limit.permittedSource) }),
      ...(limit.permittedExceedances !== undefined && { decidingRank: decidingRank(limit) }),
    })),
    captureRules: CAPTURE_RULES.map(shown),
    comparingRules: COMPARING_RULES.map(shown),
    exposureReductions: EXPOSURE_REDUCTIONS.map(shown),
    exposureObjectives: EXPOSURE_OBJECTIVES.map(shown),
    sources: SOURCES,
  };
}

function indicesBody(areFurtherOn: boolean) {
  const offered = new Set(offeredIndices(areFurtherOn));
  return {
    checkedOn: INDICES_CHECKED_ON,
    indices: INDICES.map((index) => ({
      ...shown(index),
      ...validity(index),
      colours: shown(index.colours),
      translation: shown(index.translation),
      isOffered: offered.has(index),
    })),
    scales: offeredScales(areFurtherOn).map((scale) => ({ ...scale, titles: titlesOf(scale) })),
    sources: SOURCES,
  };
}

/** Always both ends: a missing one would not tell "open" from "forgotten". */
function validity<When extends string>({ validFrom = null, validTo = null }: Validity<When>) {
  return { validFrom, validTo };
}

function titlesOf(scale: Scale) {
  const judged = QUANTITIES.filter((quantity) => scale.bands[quantity] !== undefined);
  return Object.fromEntries(judged.map((quantity) => [quantity, scaleTitle(scale.id, quantity)]));
}

function methodsBody() {
  return {
    methods: METHODS.map(versioned),
    corrections: CORRECTIONS.map(versioned),
    rawFlags: Object.entries(RAW_FLAGS).map(([flag, rest]) => ({ flag, class: rest.class })),
    derivedFlags: Object.entries(DERIVED_FLAGS).map(([flag, rest]) => ({ flag, ...rest })),
    windowFlags: Object.entries(WINDOW_FLAGS).map(([flag, rest]) => ({ flag, ...rest })),
    thresholds: THRESHOLDS,
    qualityObjectives: QUALITY_OBJECTIVES.map(shown),
    sensorClasses: SENSOR_CLASSES.map(shown),
    standingText: STANDING_TEXT,
    sources: SOURCES,
  };
}

/** A method with its validity and what came before it. */
function versioned<T extends Sourced & Versioned>(method: T) {
  return { ...shown(method), ...validity({ validFrom: method.validFrom }), earlier: method.earlier ?? [] };
}

/** An entry with its founding in words, and the mark when it is unconfirmed. */
function shown<T extends Sourced>(entry: T) {
  const mark = unconfirmedMark(entry);
  return { ...entry, verificationText: verificationText(entry.verification), ...(mark && { mark }) };
}

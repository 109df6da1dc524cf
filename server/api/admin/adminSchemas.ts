import { z } from 'zod';
import { QUEUES } from '../../domain/operator/adminOverview.ts';
import { EXCLUSION_WORDS } from '../../domain/operator/exclusion.ts';
import { REFUSAL_WORDS } from '../../domain/operator/stationRefusal.ts';
import { REJECTION_REASONS } from '../../domain/reading.ts';
import { STORE_KINDS } from '../../domain/storeKind.ts';

/** What the operator's overview looks like, for the description of the API. The type is `AdminOverview`. */

const time = z.iso.datetime();
const rates = { messages: z.number(), readings: z.number(), rejections: z.number() };
const warning = z.looseObject({
  subject: z.enum(['ingest', 'disk', 'backup', 'certificate', 'public-certificate']),
  since: z.number().describe('Epoch ms'),
  facts: z.record(z.string(), z.unknown()).describe('Times in epoch ms, amounts in bytes'),
});
const start = z.object({ at: time, version: z.string(), node: z.string(), stoppedAt: time.optional() });
const refusal = z.object({ reason: z.enum(REFUSAL_WORDS), at: time });

const processSchema = z.object({
  version: z.string(),
  node: z.string(),
  nodeId: z.string(),
  startedAt: time,
  isContainer: z.boolean(),
  problems: z.array(z.string()).describe('Why it cannot do its work now'),
  starts: z.array(start).describe('Newest first; without stoppedAt it runs, or was killed'),
});

const stationsSchema = z.object({
  total: z.int(),
  active: z.int(),
  silent: z.object({
    list: z.array(z.object({ id: z.string(), name: z.string(), lastHeardAt: time, isPublic: z.boolean() })),
    more: z.int(),
  }),
  pending: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      createdAt: time,
      place: z.object({ lat: z.number(), lon: z.number() }),
      area: z.string().nullable().optional(),
      isIndoor: z.boolean(),
      sensorModels: z.array(z.string()),
      lastHeardAt: time.nullable(),
      refusal: refusal.optional(),
    }),
  ),
  excluded: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      reason: z.enum(EXCLUSION_WORDS).nullable(),
      text: z.string(),
      since: time.nullable(),
    }),
  ),
  joined: z.array(
    z.object({ id: z.string(), name: z.string(), joinedId: z.string(), joinedName: z.string(), joinedAt: time }),
  ),
});

/** `GET /admin/overview`. */
export const overviewSchema = z.object({
  at: time,
  process: processSchema,
  warnings: z.array(warning),
  mail: z.boolean().describe('Whether warnings are mailed to somebody'),
  rates: z.object({
    now: z.object(rates).describe('A second, over the last minute'),
    cells: z.array(z.object({ start: time, ...rates })).describe('Sums of five minutes, over the last day'),
  }),
  rejections: z.array(z.object({ reason: z.enum(REJECTION_REASONS), count: z.int() })),
  queues: z.partialRecord(z.enum(QUEUES), z.number()),
  lag: z.object({
    newestReadingSeconds: z.number().nullable(),
    commitMs: z.number().nullable(),
    eventLoopMs: z.number(),
    hoursClosedUntil: time.nullable(),
    stationsToRemake: z.int(),
  }),
  store: z.object({
    kind: z.enum(STORE_KINDS),
    isTaking: z.boolean(),
    readings: z.number().nullable(),
    bytes: z.number().nullable(),
  }),
  disk: z.object({ path: z.string(), totalBytes: z.number(), freeBytes: z.number(), usedShare: z.number() }),
  backup: z.object({
    folder: z.string().optional(),
    isRunning: z.boolean(),
    newest: z.object({ madeAt: time, bytes: z.number(), rows: z.number(), version: z.string() }).optional(),
    kept: z.int(),
    failures: z.int(),
    lastFailure: z.object({ at: time, message: z.string() }).optional(),
  }),
  stations: stationsSchema,
});

import type { RejectionReason } from '../reading.ts';
import type { StoreKind } from '../storeKind.ts';
import type { ExclusionReason } from './exclusion.ts';
import type { Warning } from './operatorWarning.ts';
import type { RefusalReason } from './stationRefusal.ts';

/** Stations the operator's search answers with at most. */
export const MAX_FOUND = 20;

/** What an operator sees at a glance, `GET /api/v1/admin/overview`. Times ISO 8601 UTC, amounts in bytes. */
export interface AdminOverview {
  at: string;
  process: {
    version: string;
    node: string;
    nodeId: string;
    startedAt: string;
    /** True in a container: commands go through it. */
    isContainer: boolean;
    /** Why it cannot do its work now; empty when it can. English. */
    problems: string[];
    /** The newest starts first; without `stoppedAt` it runs, or was killed. */
    starts: { at: string; version: string; node: string; stoppedAt?: string }[];
  };
  /** What the operator is warned of, the longest first. `mail`: whether somebody is mailed. */
  warnings: Warning[];
  mail: boolean;
  rates: {
    /** A second, over the last minute. */
    now: { messages: number; readings: number; rejections: number };
    /** Five minutes each, the last one still filling; times nobody counted are missing. */
    cells: { start: string; messages: number; readings: number; rejections: number }[];
  };
  /** Since the start of the process, the most frequent first. */
  rejections: { reason: RejectionReason; count: number }[];
  /** What waits, by name; those that this process has none of are missing. */
  queues: Partial<Record<QueueName, number>>;
  lag: {
    /** Since the newest reading, seconds; null before the first. */
    newestReadingSeconds: number | null;
    /** Mean duration of a commit since the start, ms; null before the first. */
    commitMs: number | null;
    /** How long the program's own work keeps it from answering, 99th percentile, ms. */
    eventLoopMs: number;
    /** Until when hourly means are made; null before the first closed hour. */
    hoursClosedUntil: string | null;
    /** Stations whose means are to be made anew. */
    stationsToRemake: number;
  };
  store: { kind: StoreKind; isTaking: boolean; readings: number | null; bytes: number | null };
  disk: { path: string; totalBytes: number; freeBytes: number; usedShare: number };
  backup: {
    /** Absent when no folder is set: then none is made by itself. */
    folder?: string;
    isRunning: boolean;
    /** The newest; it was read whole before it bore its name. */
    newest?: { madeAt: string; bytes: number; rows: number; version: string };
    kept: number;
    failures: number;
    lastFailure?: { at: string; message: string };
  };
  stations: {
    total: number;
    active: number;
    /** Heard before, not for an hour; the longest silent last. `more`: how many are not listed. */
    silent: { list: { id: string; name: string; lastHeardAt: string; isPublic: boolean }[]; more: number };
    pending: PendingStation[];
    excluded: { id: string; name: string; reason: ExclusionReason | null; text: string; since: string | null }[];
    /** Stations here that a mirrored or imported one was joined with. */
    joined: { id: string; name: string; joinedId: string; joinedName: string; joinedAt: string }[];
  };
}

/** What waits, and where. */
export const QUEUES = [
  'committer',
  'broker',
  'storeQueue',
  'storeQueueBytes',
  'spoolBytes',
  'messages',
  'browsers',
  'mqttConnections',
] as const;
/** One of `QUEUES`. */
export type QueueName = (typeof QUEUES)[number];

/** A station that waits for the operator, or was refused and can still be let through. */
export interface PendingStation {
  id: string;
  name: string;
  createdAt: string;
  /** Snapped to the grid, as it would be shown. */
  place: { lat: number; lon: number };
  /** Null outside all areas; absent where none are drawn. */
  area?: string | null;
  isIndoor: boolean;
  sensorModels: string[];
  lastHeardAt: string | null;
  refusal?: { reason: RefusalReason; at: string };
}

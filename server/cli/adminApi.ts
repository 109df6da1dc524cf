import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { createApp } from '../api/app.ts';
import { AreaDirectory } from '../areas/areaDirectory.ts';
import { refuseBrokenRestore } from '../backup/brokenRestore.ts';
import { type Config, loadConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { controlSocketPath, startControlSocket } from '../process/controlSocket.ts';
import { lockDataDir, lockHolder } from '../process/dataDirLock.ts';
import { newKey } from '../process/keys.ts';
import { StoreUnavailableError } from '../store/readingStore.ts';
import { REGISTRY_FILE, StationStore } from '../store/registry/stationStore.ts';
import { silentHolder } from './silentHolder.ts';
import { CommandError, type Terminal } from './verb.ts';

/** An answer of the API. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** Sends one request with admin rights. */
export type SendAsAdmin = (method: string, path: string, body?: object) => Promise<ApiAnswer>;

/**
 * Gives `use` the HTTP API with admin rights: the running server's over its control socket, or, when none runs, the same
 * application over the registry opened here, under the data folder's lock.
 */
export async function withAdminApi<Result>(
  terminal: Terminal,
  use: (send: SendAsAdmin, config: Config) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig(terminal.env);
  const send: SendAsAdmin = (method, path, body) => sendTo(controlSocketPath(config.DATA_DIR), { method, path, body });
  if (lockHolder(config.DATA_DIR) !== undefined) return use(send, config);
  const lock = lockDataDir(config.DATA_DIR);
  try {
    return await withOwnRegistry(config, () => use(send, config));
  } finally {
    lock.release();
  }
}

/**
 * As `withAdminApi`, for what only a running server does.
 * @throws CommandError when none runs.
 */
export async function withServerApi<Result>(
  terminal: Terminal,
  use: (send: SendAsAdmin) => Promise<Result>,
): Promise<Result> {
  const { DATA_DIR } = loadConfig(terminal.env);
  if (lockHolder(DATA_DIR) === undefined) {
    throw new CommandError(`Only a running server does this, and none runs on ${resolve(DATA_DIR)}.`);
  }
  return withAdminApi(terminal, use);
}

async function withOwnRegistry<Result>(config: Config, use: () => Promise<Result>): Promise<Result> {
  refuseBrokenRestore(config.DATA_DIR);
  const stationStore = new StationStore({
    path: join(config.DATA_DIR, REGISTRY_FILE),
    clock: Date.now,
    randomBytes,
  });
  await stationStore.open();
  try {
    const socket = await startControlSocket(config.DATA_DIR, offlineApp(config, stationStore), createLog('silent'));
    try {
      return await use();
    } finally {
      await socket.close();
    }
  } finally {
    await stationStore.close();
  }
}

/** The application as far as the registry goes: nothing measures, and readings stay where they are until a server runs. */
function offlineApp(config: Config, stationStore: StationStore) {
  return createApp({
    config,
    log: createLog('silent'),
    clock: Date.now,
    adminToken: newKey(randomBytes),
    stationStore,
    areas: new AreaDirectory([], () => stationStore.stations()),
    stationFacts: () => ({ latest: {}, healthClass: 'unknown', coverage24h: 0 }),
    revisionOf: () => 0,
    erase: () => Promise.reject(new StoreUnavailableError('the server erases the readings when it starts')),
    onApproved: () => undefined,
    onOwnerKeyRotated: () => undefined,
    isJoining: () => false,
    onStationDeleted: () => undefined,
    agreementOf: async () => ({}),
    onAnnotated: async () => undefined,
    // Cited places are looked at when a server starts.
    onStationChanged: async () => undefined,
    randomBytes,
    readiness: () => ['Only the registry is open.'],
    metrics: createMetrics(),
    version: 'cli',
    routers: [],
  });
}

function sendTo(
  socketPath: string,
  { method, path, body }: { method: string; path: string; body: object | undefined },
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const sent = request({ socketPath, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) });
      });
    });
    sent.on('error', (cause) => reject(silentHolder(socketPath, cause)));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Options of the command line by the fields of the API that they fill. */
export type OptionByField = Readonly<Record<string, string>>;

/**
 * The body of an answer, or what its problem says as an error: of fields by the option that was typed. Fields of lists are
 * found by the list's own name.
 */
export function expectSuccess({ status, body }: ApiAnswer, optionByField: OptionByField = {}): unknown {
  if (status < 400) return body;
  const { detail = 'The server refused.', errors = [] } = (body ?? {}) as {
    detail?: string;
    errors?: { field: string; message: string }[];
  };
  const lines = errors.map(({ field, message }) => {
    const name = optionByField[field.replace(/\.\d+$/, '')] ?? field;
    return name === '' ? message : `${name}: ${message}`;
  });
  throw new CommandError(lines.join('\n') || detail);
}

/** The body of an answer about a station. @throws CommandError, in words for whoever typed the id when there is none. */
export function expectStation(answer: ApiAnswer, id: string): unknown {
  if (answer.status !== 404) return expectSuccess(answer);
  throw new CommandError(`There is no station ${id}; \`station list\` shows them.`);
}

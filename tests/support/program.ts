import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { startServer } from '../../server/start/startServer.ts';
import { closeAfterTest } from './closing.ts';
import type { DeviceLogin } from './mqttClients.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** The admin key of every program a test starts. */
export const ADMIN_TOKEN = '0123456789ABCDEFGHJKMNPQRS';

/** A push is answered when it is stored, and not from the spool because the machine has other work, ms. */
const PUSH_PATIENCE_MS = 60_000;
/** An answer waits for its means as long as a busy machine takes to make them, ms. */
const ROW_PATIENCE_MS = 60_000;

/** What a test may choose. */
export interface ProgramOptions {
  /** An earlier program's folder; a fresh one otherwise. */
  dataDir?: string;
  settings?: Record<string, string>;
  /** Epoch ms; the system's clock otherwise. */
  clock?: () => number;
  /** Where webhooks may be; only the public internet otherwise. */
  isAddressAllowed?: (ip: string) => boolean;
}

/** An answer with its body as text. */
export interface ProgramAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** A station with everything its owner got. */
export interface OwnStation extends DeviceLogin {
  id: string;
  ownerKey: string;
}

/** The whole program in this process, as `npm start` puts it together. */
export interface Program {
  url: string;
  mqttPort: number;
  dataDir: string;
  /** Lines it logged. */
  logged: string[];
  close(): Promise<void>;
  /** A request; with `key` in `Authorization`. */
  send(method: string, path: string, options?: { body?: unknown; key?: string }): Promise<ProgramAnswer>;
  get(path: string): Promise<ProgramAnswer>;
  /** Makes an active station with a device, as admin. */
  addStation(deviceId: string, fields?: object): Promise<OwnStation>;
}

/** Starts the program on free ports; closed after the test, its folder gone. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const { dataDir = temporaryFolder(), settings, clock, isAddressAllowed } = options;
  const logged: string[] = [];
  const ports = { HTTP_PORT: '0', MQTT_PORT: '0', HTTP_HOST: '127.0.0.1' };
  const config = loadConfig({ ...ports, DATA_DIR: dataDir, ADMIN_TOKEN, LOG_LEVEL: 'debug', ...settings });
  const log = createLog(config.LOG_LEVEL, { write: (line) => void logged.push(line) });
  const server = await startServer(config, {
    log,
    directMs: PUSH_PATIENCE_MS,
    rowPatienceMs: ROW_PATIENCE_MS,
    ...(clock && { clock }),
    ...(isAddressAllowed && { isAddressAllowed }),
  });
  closeAfterTest(() => server.close());
  const url = `http://127.0.0.1:${server.httpPort}`;
  const send: Program['send'] = (method, path, options) => sendTo(url + path, method, options);
  return {
    url,
    mqttPort: server.mqttPort ?? 0,
    dataDir,
    logged,
    close: () => server.close(),
    send,
    get: (path) => send('GET', path),
    addStation: async (deviceId, fields) => {
      const position = { lat: 51.4563719, lon: 7.0123456 };
      const body = { name: 'Balcony', position, isIndoor: false, deviceId, ...fields };
      const { status, text } = await send('POST', '/api/v1/stations', { body, key: ADMIN_TOKEN });
      if (status !== 201) throw new Error(`no station: ${text}`);
      const { station, ownerKey, device } = JSON.parse(text);
      return { id: station.id, ownerKey, ...device };
    },
  };
}

async function sendTo(
  url: string,
  method: string,
  { body, key }: { body?: unknown; key?: string } = {},
): Promise<ProgramAnswer> {
  const headers = {
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...(key !== undefined && { Authorization: `Bearer ${key}` }),
  };
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { DEVICE_ID, STATION_ID } from '../domain/station.ts';
import { adminTokenPath } from '../process/adminToken.ts';
import type { IssuedDevice } from '../store/registry/stationStore.ts';
import { type Action, runAction } from './action.ts';
import { expectStation, expectSuccess, type SendAsAdmin, withAdminApi } from './adminApi.ts';
import { deviceHolder } from './deviceHolder.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft token rotate <device id | station id> [--json]
npx buergerluft token show-admin-path

rotate           gives a device a new token, or a station a new owner key; the old one ends at once
show-admin-path  prints where the admin key lies`;

const OPTIONS = { json: { type: 'boolean' } } as const;

/** `token rotate|show-admin-path`. */
export const tokenVerb: Verb = {
  summary: 'rotate a device token or an owner key, or show where the admin key lies',
  help: HELP,
  run: async (args, terminal) => {
    await runAction(ACTIONS, parseArgs({ args, options: OPTIONS, allowPositionals: true }), terminal);
    return 0;
  },
};

const ACTIONS: Readonly<Record<string, Action<{ json?: boolean | undefined }>>> = {
  rotate: {
    words: 1,
    ask: 'Give one device id or station id.',
    options: ['json'],
    run: ({ json = false }, [id = ''], terminal) => rotate(id, json, terminal),
  },
  'show-admin-path': { run: async (_values, _words, terminal) => showAdminPath(terminal) },
};

function showAdminPath(terminal: Terminal): void {
  const config = loadConfig(terminal.env);
  if (config.ADMIN_TOKEN !== undefined) throw new CommandError('The admin key is the setting ADMIN_TOKEN, in no file.');
  const path = resolve(adminTokenPath(config.DATA_DIR));
  if (!existsSync(path)) throw new CommandError(`There is none yet: the server makes ${path} when it starts.`);
  terminal.out(`${path}\n`);
}

async function rotate(id: string, isJson: boolean, terminal: Terminal): Promise<void> {
  const isDevice = DEVICE_ID.test(id);
  if (!isDevice && !STATION_ID.test(id)) throw new UsageError(`${id} is neither a device id nor a station id.`);
  const issued = await withAdminApi<IssuedDevice | { ownerKey: string }>(terminal, (send) =>
    isDevice ? rotateDevice(send, id) : rotateOwnerKey(send, id),
  );
  const [name, key] = 'token' in issued ? ['Token', issued.token] : ['Owner key', issued.ownerKey];
  terminal.out(
    isJson ? `${JSON.stringify(issued)}\n` : `${name}  ${key}\nIt is shown this once; the old one has ended.\n`,
  );
}

async function rotateDevice(send: SendAsAdmin, deviceId: string): Promise<IssuedDevice> {
  const holder = await deviceHolder(send, deviceId);
  if (holder === undefined) throw new CommandError(`No station has the device ${deviceId}.`);
  return expectSuccess(await send('POST', `/api/v1/stations/${holder.id}/devices`, { deviceId })) as IssuedDevice;
}

async function rotateOwnerKey(send: SendAsAdmin, stationId: string): Promise<{ ownerKey: string }> {
  const answer = await send('POST', `/api/v1/stations/${stationId}/owner-key`);
  return expectStation(answer, stationId) as { ownerKey: string };
}

import { parseArgs } from 'node:util';
import type { z } from 'zod';
import type { privateDeviceSchema, privateStationSchema } from '../api/stations/stationViews.ts';
import { MINUTE_MS } from '../domain/durations.ts';
import { EXCLUSION_WORDS, exclusionText } from '../domain/operator/exclusion.ts';
import { REFUSAL_WORDS } from '../domain/operator/stationRefusal.ts';
import { type Action, runAction } from './action.ts';
import {
  type ApiAnswer,
  expectStation,
  expectSuccess,
  type SendAsAdmin,
  withAdminApi,
  withServerApi,
} from './adminApi.ts';
import { addStation, newStation } from './stationAdd.ts';
import { CommandError, type Terminal, UsageError, type Verb } from './verb.ts';

type StationView = z.output<typeof privateStationSchema>;
type DeviceView = z.output<typeof privateDeviceSchema>;

const HELP = `npx buergerluft station add --name <text> --lat <degrees> --lon <degrees> [--device <id>] [--sensor <model,...>]
                               [--indoor] [--names <friendly name,...>] [--take-device] [--json]
npx buergerluft station list [--json]
npx buergerluft station show <station id> [--json]
npx buergerluft station approve <station id>
npx buergerluft station refuse <station id> <reason>
npx buergerluft station exclude <station id> <reason>
npx buergerluft station include <station id>
npx buergerluft station owner-key <station id> [--anyway]
npx buergerluft station remove <station id> --yes

add      makes a station and prints its keys, this once, and what to type into the device
         --device  id of the device, e.g. esp8266-15303512 (the chip id stands on the device's own page)
         --sensor  its instruments, e.g. sds011,bme280
         --indoor  the sensor is inside; the station stays private
         --names   for a zigbee-... gateway: the friendly names it speaks for
         --take-device  also when the device belongs to another station: it is taken from there
list     all stations, also pending and hidden ones
show     one station with its exact position and devices
approve  puts a pending station on the map
refuse   tells its owner why it does not come there; it is deleted 30 days later. Reasons:
         ${REFUSAL_WORDS.join(', ')}
exclude  leaves a station out of every figure over several stations, with a public reason (needs the running server):
         ${EXCLUSION_WORDS.join(', ')}
include  lets it count again
owner-key  makes a new owner link for somebody who lost theirs and has no confirmed address; the old one ends. Only when
         the device pushed in the last 15 minutes: have them unplug it for a moment, so that the push shows who stands
         beside it
         --anyway  without such a push
remove   deletes a station with all its readings; its devices are refused from then on

--json prints JSON.`;

const OPTIONS = {
  name: { type: 'string' },
  lat: { type: 'string' },
  lon: { type: 'string' },
  device: { type: 'string' },
  sensor: { type: 'string' },
  names: { type: 'string' },
  indoor: { type: 'boolean' },
  'take-device': { type: 'boolean' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  anyway: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** `station add|list|show|approve|refuse|exclude|include|owner-key|remove`. */
export const stationVerb: Verb = {
  summary: 'add, list, show, approve or remove stations; replace a lost owner link',
  help: HELP,
  run: async (args, terminal) => {
    await runAction(ACTIONS, parseArgs({ args, options: OPTIONS, allowPositionals: true }), terminal);
    return 0;
  },
};

const ONE_ID = { words: 1, ask: 'Give one station id; `station list` shows them.' } as const;

const ACTIONS: Readonly<Record<string, Action<Values>>> = {
  add: {
    ask: 'Only options follow add; a name of several words needs quotes.',
    options: ['name', 'lat', 'lon', 'device', 'sensor', 'names', 'indoor', 'take-device', 'json'],
    run: async (values, _words, terminal) => {
      const body = newStation(values);
      terminal.out(await withAdminApi(terminal, (send, config) => addStation(send, { body, values, config })));
    },
  },
  list: { options: ['json'], run: ({ json }, _words, terminal) => list(terminal, json) },
  show: { ...ONE_ID, options: ['json'], run: ({ json }, [id = ''], terminal) => show(terminal, { id, json }) },
  approve: { ...ONE_ID, run: (_values, [id = ''], terminal) => approve(terminal, id) },
  refuse: decision('refusal', REFUSAL_WORDS),
  exclude: decision('exclusion', EXCLUSION_WORDS),
  include: { ...ONE_ID, run: (_values, [id = ''], terminal) => include(terminal, id) },
  'owner-key': {
    ...ONE_ID,
    options: ['anyway', 'json'],
    run: ({ anyway, json }, [id = ''], terminal) => ownerKey(terminal, { id, anyway, json }),
  },
  remove: { ...ONE_ID, options: ['yes'], run: ({ yes }, [id = ''], terminal) => remove(terminal, { id, yes }) },
};

async function list(terminal: Terminal, json: boolean | undefined): Promise<void> {
  const answer = await withAdminApi(terminal, async (send) =>
    expectSuccess(await send('GET', '/api/v1/registry/stations')),
  );
  const { stations } = answer as { stations: { station: StationView; devices: DeviceView[] }[] };
  const lines = stations.map(({ station, devices }) => listLine(station, devices));
  terminal.out(json ? toJson(stations) : lines.join('') || 'There are no stations yet.\n');
}

/** The station that an action is about, and the options it came with. */
interface AboutStation {
  id: string;
  json?: boolean | undefined;
  anyway?: boolean | undefined;
  yes?: boolean | undefined;
}

async function show(terminal: Terminal, { id, json }: AboutStation): Promise<void> {
  const answer = await withAdminApi(terminal, async (send) =>
    expectStation(await send('GET', `${pathOf(id)}/private`), id),
  );
  const { station, devices } = answer as { station: StationView; devices: DeviceView[] };
  terminal.out(json ? toJson(answer) : describeStation(station, devices));
}

async function approve(terminal: Terminal, id: string): Promise<void> {
  const answer = await withAdminApi(terminal, async (send) =>
    expectStation(await send('POST', `${pathOf(id)}/approve`), id),
  );
  terminal.out(`${(answer as StationView).id} is ${(answer as StationView).status}\n`);
}

async function include(terminal: Terminal, id: string): Promise<void> {
  const path = `/api/v1/admin/stations/${encodeURIComponent(id)}/exclusion`;
  terminal.out(decidedText(await withServerApi(terminal, (send) => send('DELETE', path)), id));
}

async function ownerKey(terminal: Terminal, { id, anyway, json }: AboutStation): Promise<void> {
  const issued = await withAdminApi(terminal, async (send, config) => {
    if (!anyway) await expectFreshPush(send, id);
    const { ownerKey } = expectStation(await send('POST', `${pathOf(id)}/owner-key`), id) as { ownerKey: string };
    const base = config.PUBLIC_URL ?? `http://localhost:${config.HTTP_PORT}`;
    return { ownerKey, ownerLink: `${base}/host#${id}.${ownerKey}` };
  });
  terminal.out(
    json ? toJson(issued) : `Owner link  ${issued.ownerLink}\nIt is shown this once; the old one has ended.\n`,
  );
}

async function remove(terminal: Terminal, { id, yes }: AboutStation): Promise<void> {
  if (!yes) throw new UsageError(`This deletes ${id} and all its readings for good. Add --yes if you mean it.`);
  const answer = await withAdminApi(terminal, (send) => send('DELETE', pathOf(id)));
  expectStation(answer, id);
  const later = answer.status === 202 ? '; its readings are erased when the server starts' : '';
  terminal.out(`${id} is deleted${later}\n`);
}

/** A decision of the operator's with one of the known reasons. */
function decision(part: 'refusal' | 'exclusion', known: readonly string[]): Action<Values> {
  const ask = `Give a station id and a reason: ${known.join(', ')}.`;
  const run = async (_values: Values, [id = '', reason = '']: string[], terminal: Terminal) => {
    if (!known.includes(reason)) throw new UsageError(ask);
    const path = `/api/v1/admin/stations/${encodeURIComponent(id)}/${part}`;
    terminal.out(decidedText(await withServerApi(terminal, (send) => send('PUT', path, { reason })), id));
  };
  return { words: 2, ask, run };
}

function decidedText(answer: ApiAnswer, id: string): string {
  const station = expectStation(answer, id) as StationView;
  return `${station.id} is ${statusLine(station)}\n`;
}

/** How fresh the push must be that shows who stands beside the device, ms. */
const FRESH_MS = 15 * MINUTE_MS;

/** @throws CommandError when no device of the station was heard just now. */
async function expectFreshPush(send: SendAsAdmin, id: string): Promise<void> {
  const { devices } = expectStation(await send('GET', `${pathOf(id)}/private`), id) as {
    devices: DeviceView[];
  };
  const seenAt = Math.max(...devices.map(({ lastSeenAt }) => (lastSeenAt === null ? 0 : Date.parse(lastSeenAt))), 0);
  if (Date.now() - seenAt <= FRESH_MS) return;
  const seen = seenAt === 0 ? 'It was never heard.' : `It was last heard ${new Date(seenAt).toISOString()}.`;
  throw new CommandError(
    `The device has not pushed in the last 15 minutes. ${seen} Have the owner unplug it for a moment and try again, or add --anyway if you know who they are.`,
  );
}

function pathOf(id: string): string {
  return `/api/v1/stations/${encodeURIComponent(id)}`;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** `pending: refused, double`: the status and why it is so, in English as everything here. */
function statusLine(station: StationView): string {
  const { status, refusal } = station;
  const why = exclusionText(station, 'en') ?? (refusal && `refused, ${refusal.reason}`);
  return why === undefined ? status : `${status}: ${why}`;
}

function listLine(station: StationView, devices: DeviceView[]): string {
  const ids = devices.map(({ deviceId }) => deviceId).join(',') || '-';
  const status = station.refusal === undefined ? station.status : 'refused';
  return `${station.id}  ${status.padEnd(8)}  ${ids.padEnd(20)}  ${station.name}\n`;
}

function describeStation(station: StationView, devices: DeviceView[]): string {
  const { lat, lon } = station.position;
  const lines = [
    `${station.name} (${station.id}), ${statusLine(station)}`,
    `  position   ${lat}, ${lon} (public: ${station.publicPosition.lat}, ${station.publicPosition.lon})`,
    `  sensors    ${station.sensorModels.join(', ') || 'not said'}${station.isIndoor ? ', indoor' : ''}`,
    `  since      ${station.createdAt}, ${station.source}, ${station.licence}`,
    ...devices.map(({ deviceId, lastSeenAt }) => `  device     ${deviceId}, last seen ${lastSeenAt ?? 'never'}`),
  ];
  return `${lines.join('\n')}\n`;
}

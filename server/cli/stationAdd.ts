import type { z } from 'zod';
import { deviceRequestSchema } from '../api/stations/stationRequests.ts';
import type { privateStationSchema } from '../api/stations/stationViews.ts';
import type { Config } from '../config.ts';
import type { IssuedDevice } from '../store/registry/stationStore.ts';
import { expectSuccess, type OptionByField, type SendAsAdmin } from './adminApi.ts';
import { deviceHolder } from './deviceHolder.ts';
import { deviceInstructions } from './deviceInstructions.ts';
import { CommandError, UsageError } from './verb.ts';

type StationView = z.output<typeof privateStationSchema>;

/** What `station add` is told. */
export interface AddValues {
  name?: string | undefined;
  lat?: string | undefined;
  lon?: string | undefined;
  device?: string | undefined;
  sensor?: string | undefined;
  names?: string | undefined;
  indoor?: boolean | undefined;
  json?: boolean | undefined;
  'take-device'?: boolean | undefined;
}

const OPTION_BY_FIELD: OptionByField = {
  name: '--name',
  'position.lat': '--lat',
  'position.lon': '--lon',
  sensorModels: '--sensor',
  deviceId: '--device',
};

/**
 * Makes the station that `newStation` asks for; resolves to what is printed of it.
 * @throws CommandError when its device stands at another station and is not taken from there on purpose: the API lets an admin
 * take any device, and whoever typed a wrong id would silence somebody's sensor.
 */
export async function addStation(
  send: SendAsAdmin,
  { body, values, config }: { body: object; values: AddValues; config: Config },
): Promise<string> {
  if (values.device !== undefined && !values['take-device']) await expectFreeDevice(send, values.device);
  const made = expectSuccess(await send('POST', '/api/v1/stations', body), OPTION_BY_FIELD) as {
    station: StationView;
    ownerKey: string;
    device?: IssuedDevice;
  };
  const device = made.device && (await bindNames(send, made.station.id, made.device, values.names));
  const instructions = device && deviceInstructions(device, config);
  const told = { ...made, ...(device && { device, instructions }) };
  return values.json ? `${JSON.stringify(told, undefined, 2)}\n` : describeMade(told);
}

async function expectFreeDevice(send: SendAsAdmin, deviceId: string): Promise<void> {
  const holder = await deviceHolder(send, deviceId);
  if (holder === undefined) return;
  throw new CommandError(
    `${deviceId} belongs to station ${holder.id} (${holder.name}). To take it from there, add --take-device.`,
  );
}

/** Friendly names are not part of the registration; a second binding of the same device takes them and renews the token. */
async function bindNames(send: SendAsAdmin, stationId: string, device: IssuedDevice, names: string | undefined) {
  if (names === undefined) return device;
  const body = { deviceId: device.deviceId, names: listOf(names) };
  return expectSuccess(await send('POST', `/api/v1/stations/${stationId}/devices`, body)) as IssuedDevice;
}

/** What the API is asked for. @throws UsageError for what is missing or no number. */
export function newStation({ name, lat, lon, device, sensor, names, indoor, ...values }: AddValues): object {
  if (name === undefined || lat === undefined || lon === undefined) {
    throw new UsageError('A station needs --name, --lat and --lon.');
  }
  if (names !== undefined && device === undefined) throw new UsageError('--names needs --device zigbee-...');
  // Bound in a second step: what that would refuse would leave a station whose keys nobody has seen.
  if (names !== undefined && !deviceRequestSchema.shape.names.safeParse(listOf(names)).success) {
    throw new UsageError('--names takes friendly names without / + #, with a comma between two, e.g. "Balkon,Hof".');
  }
  if (values['take-device'] && device === undefined) throw new UsageError('--take-device needs --device.');
  return {
    name,
    position: { lat: degrees('--lat', lat), lon: degrees('--lon', lon) },
    isIndoor: indoor ?? false,
    ...(sensor !== undefined && { sensorModels: listOf(sensor.toLowerCase()) }),
    ...(device !== undefined && { deviceId: device }),
  };
}

function degrees(option: string, text: string): number {
  // A German decimal comma is what people have on the clipboard.
  const number = Number(text.replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`${option} must be a number such as 51.4556.`);
  return number;
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function describeMade({
  station,
  ownerKey,
  device,
  instructions,
}: {
  station: StationView;
  ownerKey: string;
  device?: IssuedDevice;
  instructions?: ReturnType<typeof deviceInstructions>;
}): string {
  const lines = [
    `Station     ${station.id}  ${station.name}`,
    `Owner key   ${ownerKey}`,
    ...(device ? [`Device      ${device.deviceId}`, `Token       ${device.token}`] : []),
    'Keys are shown this once: write them down.',
    ...(instructions ? ['', ...describeInstructions(instructions)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function describeInstructions({ heading, settings, note }: ReturnType<typeof deviceInstructions>): string[] {
  const width = Math.max(...settings.map(([name]) => name.length));
  // Text to paste stands as it is: YAML would take an indented first line for another level.
  const lines = settings.map(([name, value]) => (name === '' ? value : `  ${name.padEnd(width)}  ${value}`));
  return [heading, ...lines, ...(note === undefined ? [] : [note])];
}

import type { Config } from '../config.ts';
import {
  type BothLanguages,
  type DeviceSetting,
  deviceInstructions as instructionsFor,
  waysOf,
} from '../domain/device/deviceInstructions.ts';
import { reachFor } from '../start/deviceReach.ts';
import type { IssuedDevice } from '../store/registry/stationStore.ts';

/** What to type into a device, as the command line prints it: a heading, then name and value of each field. */
export interface PrintedInstructions {
  heading: string;
  settings: readonly (readonly [name: string, value: string])[];
  note?: string;
}

/** The exact settings for a device by the kind its id begins with, with the firmware's words in both languages. */
export function deviceInstructions(device: IssuedDevice, config: Config): PrintedInstructions {
  const { where, settings, notes } = instructionsFor(waysOf(device.deviceId)[0], device, reachFor(config));
  return {
    heading: both(where),
    settings: settings.map((setting) => [both(setting.name), printed(setting)]),
    ...(notes.length > 0 && { note: notes.map(({ en }) => en).join(' ') }),
  };
}

function both({ de, en }: BothLanguages): string {
  return de === en ? de : `${de} / ${en}`;
}

function printed({ kind, value }: DeviceSetting): string {
  if (kind === 'tick') return 'ticked';
  return kind === 'untick' ? 'not ticked' : value;
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomNumbers } from '../../tests/support/randomNumbers.ts';
import { DeviceCrowd, firmwareOf, type SimulatedAccount } from './deviceCrowd.ts';
import type { SimulatorArguments } from './main.ts';
import { numberOf, runFor } from './runFor.ts';
import type { Tally } from './simulatedDevice.ts';
import { type AdminAccess, addSimulatedStations, removeSimulatedStations } from './simulatedStations.ts';

/** `devices` and `remove`. */
export async function runDevices(args: SimulatorArguments, { isRemoving }: { isRemoving: boolean }): Promise<void> {
  if (args.accounts === undefined) throw new Error('--accounts names the file of the simulated stations');
  if (isRemoving) return remove(args, args.accounts);
  const random = randomNumbers(numberOf('seed', args.seed));
  const accounts = existsSync(args.accounts) ? readAccounts(args.accounts) : await makeAccounts(args, args.accounts);
  const crowd = new DeviceCrowd({
    ...{ accounts, url: args.url, mqttUrl: args.mqtt, random },
    cadenceMs: numberOf('cadence', args.cadence) * 1000,
    trouble: numberOf('trouble', args.trouble),
  });
  console.log(`${accounts.length} devices, one message of each in ${args.cadence} s`);
  crowd.start();
  await runFor(numberOf('minutes', args.minutes), () => console.log(lineOf(crowd.tally)));
  await crowd.stop();
  console.table(tallyTable(crowd.tally));
}

/** The figures of a crowd, for a table or JSON. */
export function tallyTable({ delays, refused, ...counts }: Tally): Record<string, number> {
  const refusals = Object.entries(refused).map(([why, count]) => [`refused ${why}`, count] as const);
  return { ...counts, ...Object.fromEntries(refusals), ...delays.figures };
}

function lineOf(tally: Tally): string {
  const { messages, taken, sentAgain, lost, delays } = tally;
  const refused = Object.values(tally.refused).reduce((sum, count) => sum + count, 0);
  const p99 = delays.count === 0 ? '-' : `${Math.round(delays.quantile(0.99))} ms`;
  return `${messages} messages, ${taken} acknowledged (p99 ${p99}), ${sentAgain} sent again, ${refused} refused, ${lost} without an answer`;
}

function readAccounts(file: string): SimulatedAccount[] {
  return JSON.parse(readFileSync(file, 'utf8')) as SimulatedAccount[];
}

async function makeAccounts(args: SimulatorArguments, file: string): Promise<SimulatedAccount[]> {
  const [lat = Number.NaN, lon = Number.NaN] = args.center.split(',').map(Number);
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) throw new Error('--center must look like 51.45,7.01');
  const count = numberOf('count', args.count);
  const firmwares = Array.from({ length: count }, (_, index) =>
    firmwareOf(index, { url: args.url, mqttUrl: args.mqtt }),
  );
  const accounts = await addSimulatedStations(adminAccess(args), firmwares, {
    around: { lat, lon, km: numberOf('km', args.km) },
    // Not of the seed: a second run beside the first needs names of its own.
    random: Math.random,
  });
  writeFileSync(file, `${JSON.stringify(accounts, null, 1)}\n`, { mode: 0o600 });
  return accounts;
}

async function remove(args: SimulatorArguments, file: string): Promise<void> {
  const stationIds = readAccounts(file).map(({ stationId }) => stationId);
  await removeSimulatedStations(adminAccess(args), stationIds);
  console.log(`${stationIds.length} stations removed; ${file} is of no more use`);
}

function adminAccess(args: SimulatorArguments): AdminAccess {
  const file = args['admin-token-file'];
  if (args.url === undefined || file === undefined) {
    throw new Error('--url and --admin-token-file are needed to make or remove stations');
  }
  return { url: args.url, adminToken: readFileSync(file, 'utf8').trim() };
}

import type { StationCollection } from '../../server/domain/contract.ts';
import { randomNumbers } from '../../tests/support/randomNumbers.ts';
import type { SimulatorArguments } from './main.ts';
import { numberOf, runFor } from './runFor.ts';
import { ViewerCrowd, type ViewerTally } from './viewerCrowd.ts';

/** `viewers`: of every public station of the installation. */
export async function runViewers(args: SimulatorArguments): Promise<void> {
  if (args.url === undefined) throw new Error('--url names the installation');
  const url = args.url.replace(/\/+$/, '');
  const answer = await fetch(`${url}/api/v1/stations`);
  if (!answer.ok) throw new Error(`${url}/api/v1/stations answered ${answer.status}`);
  const { features } = (await answer.json()) as StationCollection;
  const crowd = new ViewerCrowd({
    url,
    count: numberOf('count', args.count),
    stationIds: features.map(({ id }) => id),
    moveEveryMs: numberOf('move', args.move) * 1000,
    reconnectEveryMs: numberOf('reconnect', args.reconnect) * 1000,
    random: randomNumbers(numberOf('seed', args.seed)),
  });
  await crowd.open();
  await runFor(numberOf('minutes', args.minutes), () => console.log(lineOf(crowd.tally)));
  console.table(viewerTable(crowd.tally));
  crowd.close();
}

/** The figures of a crowd, for a table or JSON. */
export function viewerTable({ delays, ...counts }: ViewerTally): Record<string, number> {
  return { ...counts, ...delays.figures };
}

function lineOf({ connected, failed, droppedByServer, readings, changes, gaps, delays }: ViewerTally): string {
  const p99 = delays.count === 0 ? '-' : `${Math.round(delays.quantile(0.99))} ms`;
  return `${connected} connected, ${failed} failures, ${droppedByServer} dropped, ${readings} readings (p99 ${p99}), ${changes} changes, ${gaps} gaps`;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR_MS } from '../../server/domain/durations.ts';
import { runCliProcess } from './cliProcess.ts';
import { startServerProcess } from './serverProcess.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const CADENCE = 150_000;
const HEAD = 'sensor_id;sensor_type;location;lat;lon;timestamp;P1;durP1;ratioP1;P2;durP2;ratioP2';

/** Files of four like sensors beside each other and of an official station that measures half of what they do. */
function writeNetwork(folder: string, { now, hours }: { now: number; hours: number }): string[] {
  mkdirSync(folder, { recursive: true });
  const end = Math.floor(now / HOUR_MS) * HOUR_MS;
  const start = end - hours * HOUR_MS;
  const level = (at: number) => 16 + 8 * Math.sin(((at / HOUR_MS) % 24) / 4);
  const sensors = [1, 2, 3, 4].map((sensor) => {
    const lines = Array.from({ length: Math.floor((now - start) / CADENCE) }, (_, index) => {
      const at = start + index * CADENCE;
      const pm25 = level(Math.floor(at / HOUR_MS) * HOUR_MS) + (index % 2 ? 0.5 : -0.5);
      const time = new Date(at).toISOString().slice(0, 19);
      return `${sensor};SDS011;${sensor};51.05;7.0${sensor};${time};${(2 * pm25).toFixed(2)};;;${pm25.toFixed(2)};;`;
    });
    const file = join(folder, `sensor${sensor}.csv`);
    writeFileSync(file, [HEAD, ...lines, ''].join('\n'));
    return file;
  });
  const means = Array.from({ length: hours }, (_, hour) => start + hour * HOUR_MS).map(
    (at) => `${new Date(at).toISOString()},${level(at) / 2},${level(at)}`,
  );
  const official = join(folder, 'official.csv');
  writeFileSync(official, ['start,pm25,pm10', ...means, ''].join('\n'));
  return [...sensors, official];
}

/** A server with these files imported, with or without the official station. */
export async function startWithReference({
  now,
  hours,
  hasReference,
}: {
  now: number;
  hours: number;
  hasReference: boolean;
}) {
  const dataDir = temporaryFolder();
  const files = writeNetwork(join(temporaryFolder(), 'files'), { now, hours });
  const official = files.pop()!;
  const settings = { DATA_DIR: dataDir };
  const imports = [['import', ...files]];
  const network = ['--network', 'LANUV', '--licence', 'dl-de/by-2-0', '--position', '51.05,7.02', '--code', 'DENW053'];
  if (hasReference) imports.push(['import', '--reference', ...network, '--name', 'Chorweiler', official]);
  for (const args of imports) {
    const { code, err, out } = await runCliProcess(args, settings);
    if (code !== 0) throw new Error(out + err);
  }
  return startServerProcess({ settings });
}

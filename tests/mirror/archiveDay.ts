import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import { runCli } from '../../server/cli/runCli.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';
import type { Program } from '../support/program.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const ARCHIVE = join(packageRoot(), 'tests/fixtures/archive/files/2022-02-09_sds011_sensor_3659.csv.gz');

/** A day of the archive, as if it were of sensor 39300 in Dresden; the id of its station. */
export async function importDay(program: Program): Promise<string> {
  const folder = temporaryFolder();
  const [header = '', ...rows] = gunzipSync(readFileSync(ARCHIVE)).toString().trim().split(/\r?\n/);
  const other = rows.map((row) =>
    ['39300', 'SDS011', '25019', '51.044', '13.746', ...row.split(';').slice(5)].join(';'),
  );
  const path = join(folder, '2022-02-09_sds011_sensor_39300.csv');
  writeFileSync(path, `${[header, ...other].join('\n')}\n`);
  const quiet = () => undefined;
  expect(await runCli(['import', path], { env: { DATA_DIR: program.dataDir }, out: quiet, err: quiet })).toBe(0);
  const { features } = JSON.parse((await program.get('/api/v1/stations')).text) as {
    features: { id: string; properties: { source: string } }[];
  };
  return features.find(({ properties }) => properties.source === 'import')!.id;
}

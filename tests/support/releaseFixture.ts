import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const RELEASES = fileURLToPath(new URL('../fixtures/releases', import.meta.url));

/** What a release's fixture holds, by name. */
export interface ReleaseFacts {
  station: { id: string; name: string };
  ownerKey: string;
  device: { deviceId: string; token: string };
  imported: string;
  erased: string;
  citation: string;
}

/** Versions with a fixture. */
export const releases = readdirSync(RELEASES).filter((name) => /^\d/.test(name));

/** A text file of a release. */
export function releaseFile(version: string, name: string): string {
  return readFileSync(join(RELEASES, version, name), 'utf8');
}

/** What the fixture of a release says of itself. */
export function releaseFacts(version: string): ReleaseFacts {
  return JSON.parse(releaseFile(version, 'facts.json')) as ReleaseFacts;
}

/** Makes the data folder as that release left it. */
export async function makeReleaseFolder(version: string, dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(join(RELEASES, version))) {
    const folder = join(RELEASES, version, name);
    if (!existsSync(join(folder, 'schema.sql'))) continue;
    const load = readFileSync(join(folder, 'load.sql'), 'utf8').replaceAll('{folder}', folder);
    await runSql(join(dataDir, `${name}.duckdb`), [readFileSync(join(folder, 'schema.sql'), 'utf8'), load]);
  }
  const isOurs = (path: string) => !path.endsWith('manifest.json');
  cpSync(join(RELEASES, version, 'files'), dataDir, { recursive: true, filter: isOurs });
}

/** Runs statements on a DuckDB file nobody has open. */
export async function runSql(path: string, scripts: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const script of scripts) await connection.run(script);
  connection.closeSync();
  instance.closeSync();
}

import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addStationOver, startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Paths below the folder that others than the owner may read, write or enter. */
function openToOthers(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true }) as string[];
  return paths.filter((path) => (statSync(join(folder, path)).mode & 0o077) !== 0);
}

describe('the data folder', () => {
  it('holds nothing that others on the machine can read, also in a folder that is open to them', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const server = await startServerProcess({ settings: { DATA_DIR: folder } });
    await addStationOver(server, 'esp8266-4711');
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['admin-token', 'control.sock', 'registry.duckdb']));
    expect(openToOthers(folder)).toEqual([]);
  });
});

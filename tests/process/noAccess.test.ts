import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { builtProgram } from '../support/builtProgram.ts';
import { closeAfterTest } from '../support/closing.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const PROGRAMS = {
  server: builtProgram('server/main'),
  bridge: builtProgram('firmware-bridge/main'),
  doctor: [...builtProgram('server/cli'), 'doctor'],
  'station list': [...builtProgram('server/cli'), 'station', 'list'],
};
/** Without these two rights root is like any user to files that are not for it. */
const AS_ANY_USER = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

/** Runs a program as a user without special rights in `cwd`. */
function run(program: readonly string[], cwd: string, DATA_DIR: string) {
  const [command = '', ...words] = [...AS_ANY_USER, ...program];
  const env = { PATH: process.env.PATH, DATA_DIR, MQTT_URL: 'mqtt://127.0.0.1:1' };
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(command, words, { cwd, env }, (error, out, err) => resolve({ code: error?.code, out, err }));
  });
}

describe.each(Object.entries(PROGRAMS))('%s, run by another user than the one it belongs to', (_name, program) => {
  it('says in one line whose user to take', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.env'), '');
    chmodSync(join(folder, '.env'), 0o000);
    const { code, out, err } = await run(program, folder, join(folder, 'data'));
    const line = 'This user may not use .env (EACCES). Run it as the user of the server: sudo -u <user> ...\n';
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: line });
  });

  it('says of a data folder that it may not be used', async () => {
    const folder = temporaryFolder();
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o000);
    closeAfterTest(() => chmodSync(dataDir, 0o700));
    const { code, out, err } = await run(program, folder, dataDir);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^.*EACCES.*\n$/);
    expect(err).toContain(dataDir);
  });
});

import { join } from 'node:path';
import { packageRoot } from '../../server/process/packageRoot.ts';

/**
 * The command that runs one of our programs as users run it: what is built. Jest's global setup has built it from the
 * sources as they were when the tests began.
 */
export function builtProgram(program: 'server/main' | 'server/cli' | 'firmware-bridge/main'): [string, ...string[]] {
  return [process.execPath, '--enable-source-maps', join(packageRoot(), 'dist', `${program}.js`)];
}

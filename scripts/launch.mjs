import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { root } from './run.mjs';
import { setUp } from './setUp.mjs';

/**
 * Sets up, builds and then becomes the built program: it runs in this process, as if Node had been started with it, so
 * signals, exit code and arguments need no passing on and no second process stays behind.
 */
export async function launch(program) {
  await setUp();
  await build();
  process.setSourceMapsEnabled(true);
  process.argv[1] = join(root, 'dist', program);
  await import(pathToFileURL(process.argv[1]).href);
}

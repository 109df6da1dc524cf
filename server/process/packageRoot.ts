import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder with our package.json. The compiled files lie one folder deeper than the sources, so what the package
 * brings along (pages, demo recording) is found from here, never from the working directory.
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('No package.json above this program');
    folder = parent;
  }
  return folder;
}

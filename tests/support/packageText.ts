import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../server/process/packageRoot.ts';

/** Text of a file of the repository; `name` is its path from the root. */
export const packageText = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');

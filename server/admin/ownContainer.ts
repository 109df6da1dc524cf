import { existsSync } from 'node:fs';
import { packageRoot } from '../process/packageRoot.ts';

/** `WORKDIR` of the Dockerfile. */
const IMAGE_FOLDER = '/app';

/** True in the container of docker-compose.yml: commands of ours then go through it. */
export function isOwnContainer(): boolean {
  return packageRoot() === IMAGE_FOLDER && existsSync('/.dockerenv');
}

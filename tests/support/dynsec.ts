import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = '/usr/lib';

/** Debian's dynamic security plugin, in the folder of this machine's architecture. */
export function dynsecPlugin(): string {
  const found = readdirSync(LIBRARIES).map((name) => join(LIBRARIES, name, 'mosquitto_dynamic_security.so'));
  const [path] = found.filter((one) => existsSync(one));
  if (path === undefined) throw new Error('the dynamic security plugin comes with apt-get install mosquitto');
  return path;
}

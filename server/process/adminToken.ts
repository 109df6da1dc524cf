import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { DataDirError } from './dataDirLock.ts';
import { newKey, normaliseKey, type RandomBytes } from './keys.ts';

/** Where the admin key lies when the operator set none. */
export function adminTokenPath(dataDir: string): string {
  return join(dataDir, 'admin-token');
}

/**
 * The admin key: `ADMIN_TOKEN`, else the one in `DATA_DIR/admin-token`, which is made (mode 0600) when it is missing.
 * Print the path, never the key.
 */
export function loadAdminToken(
  config: Pick<Config, 'ADMIN_TOKEN' | 'DATA_DIR'>,
  randomBytes: RandomBytes,
): { token: string; path: string | undefined } {
  if (config.ADMIN_TOKEN !== undefined) return { token: config.ADMIN_TOKEN, path: undefined };
  const path = adminTokenPath(config.DATA_DIR);
  if (!existsSync(path)) writeFileSync(path, `${newKey(randomBytes)}\n`, { mode: 0o600, flag: 'wx' });
  const token = normaliseKey(readFileSync(path, 'utf8').trim());
  if (token === undefined) throw new DataDirError(`${path} holds no key: delete it and a new one is made.`);
  return { token, path };
}

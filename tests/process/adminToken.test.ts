import { randomBytes } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadAdminToken } from '../../server/process/adminToken.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('the admin key', () => {
  it('is made once, with mode 0600, and found again', () => {
    const config = { ADMIN_TOKEN: undefined, DATA_DIR: temporaryFolder() };
    const first = loadAdminToken(config, randomBytes);
    expect(first.token).toMatch(/^[0-9A-Z]{26}$/);
    expect(statSync(first.path ?? '').mode & 0o777).toBe(0o600);
    expect(loadAdminToken(config, randomBytes)).toEqual(first);
  });

  it('is the setting where there is one, and never a broken file', () => {
    const dataDir = temporaryFolder();
    const key = '0'.repeat(26);
    expect(loadAdminToken({ ADMIN_TOKEN: key, DATA_DIR: dataDir }, randomBytes)).toEqual({
      token: key,
      path: undefined,
    });
    expect(existsSync(join(dataDir, 'admin-token'))).toBe(false);
    writeFileSync(join(dataDir, 'admin-token'), 'guess me\n');
    expect(() => loadAdminToken({ ADMIN_TOKEN: undefined, DATA_DIR: dataDir }, randomBytes)).toThrow('holds no key');
  });
});

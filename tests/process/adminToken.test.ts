import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadAdminToken } from '../../server/process/adminToken.ts';
import { closeAfterTest } from '../support/closing.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'admin-token-'));
  closeAfterTest(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe('the admin key', () => {
  it('is made once, with mode 0600, and found again', () => {
    const config = { ADMIN_TOKEN: undefined, DATA_DIR: folder() };
    const first = loadAdminToken(config, randomBytes);
    expect(first.token).toMatch(/^[0-9A-Z]{26}$/);
    expect(statSync(first.path ?? '').mode & 0o777).toBe(0o600);
    expect(loadAdminToken(config, randomBytes)).toEqual(first);
  });

  it('is the setting where there is one, and never a broken file', () => {
    const dataDir = folder();
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

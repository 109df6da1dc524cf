import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { projectRoot, write } from './package.ts';

const { missingPackages, installLine } = (await import(
  pathToFileURL(join(projectRoot, 'scripts/debianPackages.mjs')).href
)) as { missingPackages(path: string): string[]; installLine(packages: string[]): string };

const folder = mkdtempSync(join(tmpdir(), 'buergerluft-path-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('programs the tests need', () => {
  it('are all missing on an empty path, and one line installs them', () => {
    expect(missingPackages('')).toEqual([
      ...['mosquitto', 'influxdb', 'chromium', 'caddy', 'prometheus', 'faketime', 'curl', 'jq', 'python3'],
    ]);
    expect(installLine(['mosquitto', 'influxdb'])).toBe(
      'apt-get install -y --no-install-recommends mosquitto influxdb',
    );
  });

  it('are there when an executable of that name is in one of the folders', () => {
    write(join(folder, 'influxd'), '');
    write(join(folder, 'mosquitto'), '');
    chmodSync(join(folder, 'influxd'), 0o755);
    expect(missingPackages(`/nonexistent:${folder}`)).toEqual([
      'mosquitto',
      'chromium',
      'caddy',
      'prometheus',
      'faketime',
      ...['curl', 'jq', 'python3'],
    ]);
  });
});

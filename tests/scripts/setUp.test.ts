import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from './package.ts';

interface Lock {
  packages: Record<string, { version?: string; optional?: boolean }>;
}
const { isInstalled, nodeTooOld } = (await import(pathToFileURL(join(projectRoot, 'scripts/setUp.mjs')).href)) as {
  isInstalled(wanted: Lock, installed: Lock): boolean;
  nodeTooOld(version: string): string | undefined;
};

describe('the Node version', () => {
  it.each(['20.19.0', '20.20.1', '22.0.0', '24.3.0'])('%s will do', (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });

  it.each(['18.20.8', '20.18.9', '6.0.0'])('%s is too old, and the message names both versions', (version) => {
    expect(nodeTooOld(version)).toBe(
      `Bürgerluft needs Node 20.19 or newer; this is Node ${version}. See https://nodejs.org/.`,
    );
  });
});

describe('installed packages', () => {
  const wanted: Lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/other-platform': { version: '2.0.0', optional: true },
    },
  };

  it('are complete without the optional ones of other platforms', () => {
    expect(isInstalled(wanted, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
  });

  it('are incomplete when one is missing or has another version', () => {
    expect(isInstalled(wanted, { packages: {} })).toBe(false);
    expect(isInstalled(wanted, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
  });
});

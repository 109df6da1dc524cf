import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { BRIDGE_SETTINGS_DOC } from '../../firmware-bridge/config.ts';
import { packageRoot } from '../../server/process/packageRoot.ts';

it('the page about the bridge lists every setting of it, with its meaning', () => {
  const page = readFileSync(join(packageRoot(), 'docs/firmware-bridge.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \|[^|]*\| (.*) \|$/gm)];
  expect(rows.map(([, name, doc]) => ({ name, doc }))).toEqual(BRIDGE_SETTINGS_DOC);
});
